import "server-only";
import { readServerSettings } from "@/lib/postgres/settings";
import { psqlWith, run, withDatabase, type Server } from "@/lib/postgres/server";
import { tableErrors } from "./errors";

/** Where databases are created and dropped from. */
async function outside(server: Server): Promise<Server> {
  for (const database of ["postgres", "template1"]) {
    const other = withDatabase(server, database);
    if (database !== server.database && (await run(other, psqlWith({}), { stdin: "SELECT 1;" })).exitCode === 0) return other;
  }
  return server;
}

/** The words of CREATE DATABASE for each provider (manual, "CREATE DATABASE"); PostgreSQL 13 and 14 know only the first. */
const providers = {
  c: "",
  i: ` LOCALE_PROVIDER icu ICU_LOCALE :'locale'`,
  b: ` LOCALE_PROVIDER builtin BUILTIN_LOCALE :'locale'`,
} as const;

/**
 * Creates an empty database like the live one and marks it as this run's. Nobody else is let in. Throws `tables.name_taken`,
 * `tables.load_failed`.
 */
export async function createStaging(server: Server, staging: { name: string; mark: string }, signal: AbortSignal): Promise<Server> {
  const like = await readServerSettings(server, signal);
  const place = await outside(server);
  const variables = { name: staging.name, mark: staging.mark, encoding: like.encoding, collation: like.collation, ctype: like.characterType, locale: like.locale ?? "", rules: like.icuRules ?? "" };
  const there = await run(place, psqlWith(variables), { stdin: "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = :'name';" }, signal);
  if (there.stdout.trim() !== "0") throw tableErrors.name_taken({ name: staging.name });
  const sql = `
CREATE DATABASE :"name" TEMPLATE template0 ENCODING :'encoding' LC_COLLATE :'collation' LC_CTYPE :'ctype'${providers[like.provider]}${like.icuRules ? ` ICU_RULES :'rules'` : ""};
COMMENT ON DATABASE :"name" IS :'mark';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;`;
  const made = await run(place, psqlWith(variables), { stdin: sql }, signal);
  if (made.exitCode !== 0) throw tableErrors.load_failed({ stderr: made.stderr });
  return withDatabase(server, staging.name);
}

/**
 * Drops a staging database and ends whoever is in it. One of the same name that does not carry the mark is left alone, and one that is
 * gone already is a success. Throws `tables.not_dropped`.
 */
export async function dropStaging(server: Server, staging: { name: string; mark: string }): Promise<void> {
  const place = await outside(server);
  const sql = `
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = :'name' AND pg_catalog.shobj_description(oid, 'pg_database') IS NOT DISTINCT FROM :'mark') AS ours \\gset
\\if :ours
  SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity WHERE datname = :'name' AND pid <> pg_catalog.pg_backend_pid();
  DROP DATABASE :"name";
\\endif`;
  for (let attempt = 0; ; attempt += 1) {
    const dropped = await run(place, psqlWith(staging), { stdin: sql });
    if (dropped.exitCode === 0) return;
    // A session that was just ended may need a moment to leave.
    if (attempt === 20) throw tableErrors.not_dropped({ name: staging.name, container: server.container.name, stderr: dropped.stderr });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
