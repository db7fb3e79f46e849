import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Store } from "@/lib/db/generated/client";
import { env } from "@/lib/env";
import { whyOf } from "@/lib/stores/errors";
import { addStore } from "@/lib/stores/manage";
import { AddStoreInput } from "@/lib/stores/schemas";
import { cliErrors } from "./errors";
import { real } from "./find";
import { given } from "./given";
import type { Session } from "./session";

/** The store that is this directory; made, with the directory, where there is none yet. `isNew` says which. */
export async function storeAt({ ctx, home }: Pick<Session, "ctx" | "home">, directory: string): Promise<{ store: Store; isNew: boolean }> {
  const wanted = path.resolve(home.startedIn, directory);
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw cliErrors.not_written({ path: wanted, why: whyOf(error) }, { cause: error });
  }
  const all = await ctx.db.store.findMany({ where: { removedAt: null } });
  const known = all.find((store) => real(store.path) === real(wanted));
  if (known) return { store: known, isNew: false };
  const names = new Set(all.map(({ name }) => name));
  const { storeId } = await addStore(ctx, given(AddStoreInput, { name: freeName(path.basename(wanted) || "root", names), path: wanted }));
  return { store: await ctx.db.store.findUniqueOrThrow({ where: { id: storeId } }), isNew: true };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, 50);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The store that new databases get: the first there is, else the directory that is offered for backups. */
export async function usualStore(session: Pick<Session, "ctx" | "home">): Promise<Store> {
  const first = await session.ctx.db.store.findFirst({ where: { removedAt: null }, orderBy: { createdAt: "asc" } });
  return first ?? (await storeAt(session, path.resolve(env.backupDirectory))).store;
}
