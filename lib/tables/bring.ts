import "server-only";
import { z } from "zod";
import { connectionString } from "@/lib/postgres/dump";
import { execText } from "@/lib/docker/exec";
import { pinned, psqlWith, queryJson, run, type Server } from "@/lib/postgres/server";
import { tableErrors } from "./errors";
import type { TableFacts } from "./facts";
import { tableName } from "./schemas";
import { bringRows } from "./scripts";

/** Both sessions write and read values alike, whatever the databases' own settings say. */
const alike = `SET search_path = ''; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET xmloption = 'content'; SET lc_monetary = 'C'; SET extra_float_digits = 3;
SET row_security = off; SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = off; SET default_transaction_read_only = off`;

/** Makes the schema that holds this run's rows inside the live database. Throws `tables.name_taken`. */
export async function createKeptSchema(live: Server, schema: string, mark: string, signal: AbortSignal): Promise<void> {
  const sql = `BEGIN;\nCREATE SCHEMA ${schema};\nCOMMENT ON SCHEMA ${schema} IS :'mark';\nCREATE TABLE ${schema}.outcome (what text PRIMARY KEY, at timestamptz NOT NULL DEFAULT pg_catalog.now(), details text NOT NULL);\nCOMMIT;`;
  const { exitCode } = await run(live, psqlWith({ mark }), { stdin: sql }, signal);
  if (exitCode !== 0) throw tableErrors.name_taken({ name: `schema ${schema}` });
}

/**
 * Copies the rows of a table from staging into `target` in the live database. Its columns have the types that the live table has now,
 * so what does not fit shows here, before anything is decided. Unlogged: it can be made again from the backup.
 */
export async function bringTable(places: { staging: Server; live: Server }, table: { staged: TableFacts; live: TableFacts | null; target: string }, signal: AbortSignal): Promise<void> {
  const { staged, live, target } = table;
  const own = new Map((live?.columns ?? []).map((column) => [column.name, column]));
  const types = await knownTypes(places.live, staged.columns.filter((column) => !own.has(column.name)).map((column) => column.type), signal);
  const columns = staged.columns.map((column) => (own.has(column.name) ? `l.${column.quoted}` : `NULL::${types.get(column.type) ?? "pg_catalog.text"} AS ${column.quoted}`));
  const source = live ? ` FROM ONLY ${live.quoted} l` : "";
  const names = staged.columns.map((column) => column.quoted).join(", ");
  const request = pinned(places.live, ["sh", "-c", bringRows, "holdfast-tables", connectionString(places.staging.database), connectionString(places.live.database)], "psql");
  const env = {
    ...request.env,
    // Both databases have one encoding: bytes go through as they are.
    PGCLIENTENCODING: "",
    HOLDFAST_SET: alike,
    HOLDFAST_MAKE: `CREATE UNLOGGED TABLE ${target} AS SELECT ${columns.join(", ")}${source} WITH NO DATA`,
    HOLDFAST_FROM: `COPY (SELECT ${names} FROM ONLY ${staged.quoted}) TO STDOUT`,
    HOLDFAST_TO: `COPY ${target} (${names}) FROM STDIN`,
    HOLDFAST_AFTER: `ANALYZE ${target}`,
  };
  const copied = await execText(places.live.engine, { ...request, env }, signal);
  if (copied.exitCode !== 0) throw tableErrors.bring_failed({ table: tableName(staged), stderr: copied.stderr });
}

/** Which types of the backup the live database has, by the words that name them. */
async function knownTypes(live: Server, types: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
  if (types.length === 0) return new Map();
  const sql = `SET search_path = '';\nSELECT coalesce(json_agg(t), '[]') FROM json_array_elements_text(:'types'::json) t WHERE pg_catalog.to_regtype(t) IS NOT NULL;`;
  const known = await queryJson(live, { what: "the types were read", sql, schema: z.array(z.string()), variables: { types: JSON.stringify(types) } }, signal);
  return new Map(known.map((type) => [type, type]));
}
