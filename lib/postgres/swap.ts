import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { postgresErrors } from "./errors";
import { namesByOid } from "./maintenance";
import type { Server } from "./server";
import { openSession } from "./session";

export interface Swap {
  /** The database whose name is taken over; null when there is none of that name. */
  live: { oid: string } | null;
  /** The name that is taken over. */
  name: string;
  /** The database that gets it, and what it is called now. */
  incoming: { oid: string; name: string };
  /** What the live one is called afterwards. */
  keptName: string;
}

export interface Swapped {
  /** Sessions that were ended. */
  closed: number;
  ms: number;
}

const endEveryMs = 40;

/**
 * Gives one database the name of another, in one transaction. The rename comes first: its lock makes every login wait, and a second
 * session ends those that are there, so none can slip in between, and a crash at any moment leaves either both names or neither
 * changed. The kept database takes no connections from the same transaction on. `server` is connected to neither of the two.
 * Throws `postgres.swap_refused` with the server's words; nothing was renamed then.
 */
export async function swapDatabases(server: Server, swap: Swap, signal: AbortSignal): Promise<Swapped> {
  const started = Date.now();
  const variables = { live_oid: swap.live?.oid ?? "", name: swap.name, incoming_oid: swap.incoming.oid, incoming: swap.incoming.name, kept: swap.keptName };
  const renaming = await openSession(server, "the databases were renamed", signal, variables);
  try {
    const ending = swap.live ? await openSession(server, "sessions were ended", signal, variables) : null;
    try {
      let done = false;
      const renamed = renaming.lines(swapSql).finally(() => (done = true));
      // Heard here as well, so that a failure while sessions are being ended is not one that nobody awaits.
      renamed.catch(() => undefined);
      let closed = 0;
      while (ending && !done) {
        const [ended = "0"] = await ending.lines(endSql);
        closed += Number(ended);
        await Promise.race([sleep(endEveryMs), renamed.catch(() => undefined)]);
      }
      const [answer] = await renamed;
      if (answer !== "swapped") throw postgresErrors.swap_changed({ container: server.container.name, name: swap.name });
      return { closed, ms: Date.now() - started };
    } finally {
      await ending?.close();
    }
  } catch (error) {
    // A connection that broke at the commit leaves the question open; the databases themselves answer it.
    if (await isSwapped(server, swap).catch(() => false)) return { closed: 0, ms: Date.now() - started };
    throw error;
  } finally {
    await renaming.close();
  }
}

/** Whether the incoming database has the name. */
export async function isSwapped(server: Server, swap: Pick<Swap, "incoming" | "name">): Promise<boolean> {
  return (await namesByOid(server, [swap.incoming.oid])).get(swap.incoming.oid) === swap.name;
}

const swapSql = `
SELECT coalesce((SELECT oid::text FROM pg_catalog.pg_database WHERE datname = :'name'), '') = :'live_oid'
  AND EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = :'incoming' AND oid::text = :'incoming_oid') AS is_same, :'live_oid' <> '' AS replaces \\gset
\\if :is_same
BEGIN;
\\if :replaces
ALTER DATABASE :"name" RENAME TO :"kept";
ALTER DATABASE :"kept" ALLOW_CONNECTIONS false;
\\endif
ALTER DATABASE :"incoming" RENAME TO :"name";
ALTER DATABASE :"name" ALLOW_CONNECTIONS true;
COMMIT;
SELECT 'swapped';
\\else
SELECT 'changed';
\\endif`;

const endSql = `SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity
WHERE datid::text IN (:'live_oid', :'incoming_oid') AND pid <> pg_catalog.pg_backend_pid();`;
