import "server-only";
import { z } from "zod";
import { postgresErrors } from "./errors";
import { psqlWith, queryJson, run, withDatabase, type Server } from "./server";

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

/** Runs statements one by one, stopping at the first that fails. psql quotes the variables: `:"name"`, `:'text'`. */
export async function execute(server: Server, what: string, sql: string, variables: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<string> {
  const { exitCode, stdout, stderr } = await run(server, psqlWith(variables), { stdin: sql }, signal);
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
 * replication slot lives is left: dropping it would need the slot to go first.
 */
export async function dropDatabase(server: Server, database: { name: string; oid: string | null }, signal?: AbortSignal): Promise<boolean> {
  const elsewhere = await maintenance(server, [database.name], signal);
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
  const now = await oidOf(elsewhere, database.name, signal);
  return now === null || (database.oid !== null && now !== database.oid);
}

/** Bytes of a database; null when it is not there. */
export async function databaseBytes(server: Server, name: string, signal?: AbortSignal): Promise<number | null> {
  return queryJson(
    server,
    { what: "a database was measured", sql: `SELECT coalesce((SELECT to_json(pg_catalog.pg_database_size(oid)) FROM pg_catalog.pg_database WHERE datname = :'name'), 'null');`, schema: z.number().nullable(), variables: { name } },
    signal,
  );
}
