import "server-only";
import { z } from "zod";
import { execText } from "@/lib/docker/exec";
import { postgresErrors } from "./errors";
import { pinned, psqlWith, queryJson, run, withDatabase, type Server } from "./server";

/**
 * The same server through a database that is none of `except`: what renames, creates and drops databases may not be connected to
 * them. Throws `postgres.no_maintenance`.
 */
export async function maintenance(server: Server, except: readonly string[], signal?: AbortSignal): Promise<Server> {
  for (const name of ["postgres", "template1"]) {
    if (except.includes(name)) continue;
    const other = withDatabase(server, name);
    const { exitCode } = await run(other, psqlWith({}), { stdin: "SELECT 1;" }, signal);
    if (exitCode === 0) return other;
  }
  throw postgresErrors.no_maintenance({ container: server.container.name });
}

/** What a role, a database or the server sets for its users is not meant for maintenance: it would end an ANALYZE, or refuse every change. */
const settings = { statement_timeout: "0", idle_in_transaction_session_timeout: "0", default_transaction_read_only: "off" } as const;

/** Runs statements one by one, stopping at the first that fails. psql quotes the variables: `:"name"`, `:'text'`. */
export async function execute(server: Server, what: string, sql: string, variables: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<string> {
  const { exitCode, stdout, stderr } = await execText(server.engine, { ...pinned(server, psqlWith(variables), "psql", settings), stdin: sql }, signal);
  if (exitCode !== 0) throw postgresErrors.query_failed({ what, container: server.container.name, stderr });
  return stdout;
}

/** Names of databases by their OIDs; one that is not there is missing from the map. */
export async function namesByOid(server: Server, oids: readonly string[], signal?: AbortSignal): Promise<Map<string, string>> {
  const rows = await queryJson(
    server,
    {
      what: "the databases were looked up",
      sql: `SELECT coalesce(json_object_agg(oid::text, datname), '{}') FROM pg_catalog.pg_database WHERE oid::text = ANY (pg_catalog.string_to_array(:'oids', ','));`,
      schema: z.record(z.string(), z.string()),
      variables: { oids: oids.join(",") },
    },
    signal,
  );
  return new Map(Object.entries(rows));
}

/** The OID of a database, or null when there is none of that name. */
export async function oidOf(server: Server, name: string, signal?: AbortSignal): Promise<string | null> {
  return queryJson(
    server,
    { what: "a database was looked up", sql: `SELECT coalesce((SELECT to_json(oid::text) FROM pg_catalog.pg_database WHERE datname = :'name'), 'null');`, schema: z.string().nullable(), variables: { name } },
    signal,
  );
}

/**
 * Drops a database if it still has the OID it was made with, and ends its sessions. Returns whether it is gone. One in which a
 * replication slot lives is left: dropping it would need the slot to go first. So is
 * one that has another name by now. Subscriptions in it go with it; the slot each had on its other server stays there.
 */
export async function dropDatabase(server: Server, database: { name: string; oid: string | null }, signal?: AbortSignal): Promise<boolean> {
  const elsewhere = await maintenance(server, [database.name], signal);
  await dropSubscriptions(elsewhere, database, signal);
  await execute(
    elsewhere,
    "a database was dropped",
    `SELECT NOT EXISTS (SELECT 1 FROM pg_catalog.pg_replication_slots WHERE database = :'name') AS is_free \\gset
\\if :is_free
SELECT pg_catalog.format('ALTER DATABASE %I IS_TEMPLATE false', datname) FROM pg_catalog.pg_database WHERE datname = :'name' AND datistemplate AND (:'oid' = '' OR oid::text = :'oid') \\gexec
SELECT pg_catalog.format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_catalog.pg_database
WHERE datname = :'name' AND (:'oid' = '' OR oid::text = :'oid') \\gexec
\\endif`,
    { name: database.name, oid: database.oid ?? "" },
    signal,
  );
  // One that got another name meanwhile is still there, and may be the live one.
  if (database.oid !== null) return !(await namesByOid(elsewhere, [database.oid], signal)).has(database.oid);
  return (await oidOf(elsewhere, database.name, signal)) === null;
}

/**
 * A database with a subscription cannot be dropped. Its subscriptions go first, without a word to the other server: the slot there may serve
 * the database that is live now.
 */
async function dropSubscriptions(elsewhere: Server, { name, oid }: { name: string; oid: string | null }, signal?: AbortSignal): Promise<void> {
  const counted = await execute(
    elsewhere,
    "subscriptions were looked up",
    `SELECT pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'SELECT') AS may_look \\gset
\\if :may_look
SELECT count(*) FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = :'name' AND (:'oid' = '' OR d.oid::text = :'oid');
\\endif`,
    { name, oid: oid ?? "" },
    signal,
  );
  if (Number(counted) === 0) return;
  // One that is kept takes no connections.
  await execute(elsewhere, "a database was opened", `ALTER DATABASE :"name" ALLOW_CONNECTIONS true;`, { name }, signal);
  await execute(
    withDatabase(elsewhere, name),
    "subscriptions were dropped",
    `SELECT pg_catalog.format(change, s.subname) FROM pg_catalog.pg_subscription s, (VALUES (1, 'ALTER SUBSCRIPTION %I DISABLE'), (2, 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)'), (3, 'DROP SUBSCRIPTION %I')) c(place, change)
WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) ORDER BY s.subname, c.place \\gexec`,
    {},
    signal,
  );
}

/** Bytes of a database; null when it is not there. */
export async function databaseBytes(server: Server, name: string, signal?: AbortSignal): Promise<number | null> {
  return queryJson(
    server,
    { what: "a database was measured", sql: `SELECT coalesce((SELECT to_json(pg_catalog.pg_database_size(oid)) FROM pg_catalog.pg_database WHERE datname = :'name'), 'null');`, schema: z.number().nullable(), variables: { name } },
    signal,
  );
}
