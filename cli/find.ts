import { realpathSync } from "node:fs";
import path from "node:path";
import { newestReadable } from "@/lib/backup/newest-readable";
import type { Backup, Database, Store } from "@/lib/db/generated/client";
import { cliErrors } from "./errors";
import type { Session } from "./session";

type FoundDatabase = Database & { store: Store };

/**
 * The database that a person names as Holdfast calls it, as the server does, or by its id. Without a name the only one there is.
 * Throws `cli.no_database`, and `cli.which_database` where several would fit.
 */
export async function findDatabase({ ctx }: Pick<Session, "ctx">, name: string | undefined): Promise<FoundDatabase> {
  const all = await ctx.db.database.findMany({ where: { removedAt: null }, include: { store: true }, orderBy: { name: "asc" } });
  const exact = all.find((one) => one.name === name || one.id === name);
  if (exact) return exact;
  const fitting = name === undefined ? all : all.filter((one) => one.databaseName === name);
  const [only] = fitting;
  if (!only) throw cliErrors.no_database({ name: name ?? null });
  if (fitting.length > 1) throw cliErrors.which_database({ names: fitting.map((one) => one.name) });
  return only;
}

/** The databases that are named; with `all` every one there is. */
export async function findDatabases(session: Pick<Session, "ctx">, names: readonly string[], all: boolean): Promise<FoundDatabase[]> {
  if (!all) return Promise.all((names.length > 0 ? names : [undefined]).map((name) => findDatabase(session, name)));
  const found = await session.ctx.db.database.findMany({ where: { removedAt: null }, include: { store: true }, orderBy: { name: "asc" } });
  if (found.length === 0) throw cliErrors.no_database({ name: null });
  return found;
}

/** A store by its name, its id or its directory; without one the only one there is. Throws `cli.no_store`. */
export async function findStore({ ctx, home }: Pick<Session, "ctx" | "home">, name: string | undefined): Promise<Store> {
  const all = await ctx.db.store.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" } });
  const directory = name === undefined ? null : real(path.resolve(home.startedIn, name));
  const found = name === undefined ? all[0] : all.find((store) => store.name === name || store.id === name || real(store.path) === directory);
  if (!found) throw cliErrors.no_store({ name: name ?? null });
  return found;
}

const shortestId = 4;
/** As lists show ids; enough to be told apart, and short enough to be typed. */
export const shownId = (id: string) => id.slice(0, 8);

/**
 * A backup by `latest` (the newest that can be restored, and that stands for the whole database where it is backed up whole), by its id or the start of it, by its file's name, or by the path of its file.
 * `of` is the database it must be of, where a person named one. Throws `cli.no_backup`, `cli.which_backup` where several would fit, and
 * `cli.which_database` for the latest of nobody knows which.
 */
export async function findBackup({ ctx, home }: Pick<Session, "ctx" | "home">, wanted: string, of: string | undefined): Promise<Backup> {
  const database = of === undefined ? (wanted === "latest" ? await onlyDatabase(ctx) : null) : await findDatabase({ ctx }, of);
  const missing = () => cliErrors.no_backup({ wanted, database: database?.name ?? null });
  if (wanted === "latest") {
    const [newest] = database ? await newestReadable(ctx, database.id) : [];
    if (!newest) throw missing();
    return ctx.db.backup.findUniqueOrThrow({ where: { id: newest.id } });
  }
  const scope = { deletedAt: null, ...(database ? { databaseId: database.id } : {}) };
  const byFile = await backupOfFile({ ctx, home }, wanted);
  if (byFile) return byFile;
  const found = wanted.length < shortestId ? [] : await ctx.db.backup.findMany({ where: { ...scope, id: { startsWith: wanted } }, take: 2 });
  const [only] = found;
  if (!only) throw missing();
  if (found.length > 1) throw cliErrors.which_backup({ wanted, many: found.length });
  return only;
}

/** Null where none is registered: then there are only files that belong to none. */
async function onlyDatabase(ctx: Session["ctx"]): Promise<FoundDatabase | null> {
  const isAny = await ctx.db.database.findFirst({ where: { removedAt: null }, select: { id: true } });
  return isAny && findDatabase({ ctx }, undefined);
}

/** The listed backup whose file this is: its path, or only its name. Null when it is no file that Holdfast knows. */
export async function backupOfFile({ ctx, home }: Pick<Session, "ctx" | "home">, file: string): Promise<Backup | null> {
  const target = real(path.resolve(home.startedIn, file));
  const copies = await ctx.db.copy.findMany({ where: { backup: { deletedAt: null }, OR: [{ key: path.basename(file) }, { key: { endsWith: `/${path.basename(file)}` } }] }, include: { backup: true, store: true } });
  const [found] = copies.filter(({ key, store }) => key === file || real(path.join(store.path, key)) === target);
  return found?.backup ?? null;
}

/** The same file or directory under its one true path; one that is not there keeps what was written. */
export function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
