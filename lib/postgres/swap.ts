import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { postgresErrors } from "./errors";
import { namesByOid } from "./maintenance";
import { queryJson, type Server } from "./server";
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
  /** Whether the incoming one goes on taking connections or not as it does now; else it takes them. */
  isOnlyRenamed?: boolean;
}

export interface Swapped {
  /** Sessions that were ended. */
  closed: number;
  ms: number;
}

const endEveryMs = 40;
/** The server itself waits 5 s for sessions to go before it refuses a rename, and logins wait with it. */
const mostTries = 2;

/**
 * Gives one database the name of another, in one transaction. The rename comes first: its lock makes every login wait, and a second
 * session ends those that are there, so none can slip in between, and a crash at any moment leaves either both names or neither
 * changed. The kept database takes no connections from the same transaction on. `server` is connected to neither of the two.
 * Sessions that the role may not end are waited for. Throws `postgres.swap_held` with who holds a database, `postgres.swap_changed`,
 * or what the server said; nothing was renamed then.
 */
export async function swapDatabases(server: Server, swap: Swap, signal: AbortSignal): Promise<Swapped> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await swapOnce(server, swap, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError) || error.code !== "postgres.query_failed") throw error;
      if (tries < mostTries) continue;
      const holders = await readHolders(server, swap, signal).catch(() => []);
      throw holders.length > 0 ? postgresErrors.swap_held({ container: server.container.name, name: swap.name, role: server.role, holders }, { cause: error }) : error;
    }
  }
}

/**
 * Gives a database that is not live a name that nothing has, and ends its sessions; it takes connections afterwards if it did before. Throws
 * like `swapDatabases`: `postgres.swap_changed` when it is not called `name` any more.
 */
export async function renameDatabase(server: Server, { oid, name }: { oid: string; name: string }, newName: string, signal: AbortSignal): Promise<void> {
  await swapDatabases(server, { live: null, name: newName, incoming: { oid, name }, keptName: "", isOnlyRenamed: true }, signal);
}

async function swapOnce(server: Server, swap: Swap, signal: AbortSignal): Promise<Swapped> {
  const started = Date.now();
  const variables = variablesOf(swap);
  const renaming = await openSession(server, "the databases were renamed", signal, variables);
  try {
    const ending = await openSession(server, "sessions were ended", signal, variables);
    try {
      let done = false;
      const renamed = renaming.lines(swapSql).finally(() => (done = true));
      // Heard here as well, so that a failure while sessions are being ended is not one that nobody awaits.
      renamed.catch(() => undefined);
      let closed = 0;
      while (!done) {
        const [ended = "0"] = await ending.lines(endSql);
        closed += Number(ended);
        await Promise.race([sleep(endEveryMs), renamed.catch(() => undefined)]);
      }
      const [answer] = await renamed;
      if (answer !== "swapped") throw postgresErrors.swap_changed({ container: server.container.name, name: swap.name });
      return { closed, ms: Date.now() - started };
    } finally {
      await ending.close();
    }
  } catch (error) {
    // A connection that broke at the commit leaves the question open; the databases themselves answer it.
    if (await isSwapped(server, swap).catch(() => false)) return { closed: 0, ms: Date.now() - started };
    throw error;
  } finally {
    await renaming.close();
  }
}

function variablesOf({ live, name, incoming, keptName, isOnlyRenamed }: Swap): Record<string, string> {
  return { live_oid: live?.oid ?? "", name, incoming_oid: incoming.oid, incoming: incoming.name, kept: keptName, only_renamed: String(isOnlyRenamed ?? false) };
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
\\if :only_renamed
\\else
ALTER DATABASE :"name" ALLOW_CONNECTIONS true;
\\endif
COMMIT;
SELECT 'swapped';
\\else
SELECT 'changed';
\\endif`;

/** Of either database, and none of our own two: those are connected to neither. */
const theirs = `datid::text IN (:'live_oid', :'incoming_oid')`;

/**
 * Whose session the role may end (manual, "Server Signaling Functions"): one that it may not would be an error, and end the swap. Workers of the
 * server itself have no role; a rename ends autovacuum by itself.
 */
const mayEnd = `(pg_catalog.current_setting('is_superuser') = 'on' OR EXISTS (SELECT 1 FROM pg_catalog.pg_roles r WHERE r.oid = a.usesysid AND NOT r.rolsuper
  AND (pg_catalog.pg_has_role(r.oid, 'USAGE') OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'))))`;

const endSql = `SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity a WHERE ${theirs} AND ${mayEnd};`;

/** Who holds either database: sessions that the role may not end, and prepared transactions, which nobody can end but whoever made them. */
async function readHolders(server: Server, swap: Swap, signal: AbortSignal): Promise<string[]> {
  const sql = `SELECT coalesce(json_agg(holder ORDER BY holder), '[]') FROM (
  SELECT pg_catalog.format('session %s of %s', pid, usename) AS holder FROM pg_catalog.pg_stat_activity a WHERE ${theirs} AND usesysid IS NOT NULL AND NOT ${mayEnd}
  UNION ALL SELECT pg_catalog.format('prepared transaction %s', gid) FROM pg_catalog.pg_prepared_xacts x JOIN pg_catalog.pg_database d ON d.datname = x.database WHERE d.oid::text IN (:'live_oid', :'incoming_oid')) h;`;
  return queryJson(server, { what: "who holds the database was looked up", sql, schema: z.array(z.string()), variables: variablesOf(swap) }, signal);
}
