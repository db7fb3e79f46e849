import path from "node:path";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { openDatabase } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { env } from "@/lib/env";
import { cliErrors } from "./errors";
import type { Home } from "./home";
import type { Screen } from "./screen";

/** What a command works with. */
export interface Session {
  ctx: Context;
  home: Home;
  screen: Screen;
}

/** Opens the record, brought up to date under the lock that `npm start` takes too. `close` when done. */
export async function openSession(home: Home, screen: Screen): Promise<Session & { close(): Promise<void> }> {
  try {
    const applied = await migrate(env.databaseUrl, path.join(home.root, "prisma/migrations"));
    if (applied.length > 0) screen.note(`The record was brought up to date: ${applied.join(", ")}`);
  } catch (error) {
    throw cliErrors.no_record({ address: env.databaseUrl, why: whyNot(error) }, { cause: error });
  }
  const db = openDatabase(env.databaseUrl);
  return { ctx: contextOf(home, db), home, screen, close: () => db.$disconnect() };
}

/** Everything that is done from here is on record under the person's name on this machine. */
export function contextOf(home: Pick<Home, "user" | "host">, db: Context["db"]): Context {
  return { actor: { kind: "cli", id: null, name: home.user, origin: home.host }, clock: systemClock, db };
}

/** Without a full stop at its end. */
export function whyNot(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
