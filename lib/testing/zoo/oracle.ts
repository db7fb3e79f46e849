import type { PostgresContainer } from "../containers";
import { databaseQueries, factQueries } from "./oracle-facts";
import { connectionTo } from "./make";

/**
 * What a database is, as lines that can be compared: facts of the catalogues, sequences' values, and a checksum of every table's
 * rows whatever their order. It asks in its own way and shares no code with the product, so that a fault there cannot hide itself.
 */
export interface Oracle {
  /** What the contents are. A dump must carry all of it. */
  contents: string[];
  /** What the database itself has: owner, grants, settings, limits. */
  database: string[];
}

/** Nothing of the database's or the role's own settings may change how a value is written. */
const session = `
SET search_path = ''; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET row_security = off; SET quote_all_identifiers = off;
SET statement_timeout = 0; SET default_transaction_isolation = 'read committed'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET lc_monetary = 'C'; SET xmloption = 'content';
`;

/** Every line is one JSON array, so that no name or text can break out of it. */
const asLines = (queries: Record<string, string>) =>
  Object.entries(queries).map(([kind, sql]) => `SELECT pg_catalog.jsonb_build_array('${kind}') || (SELECT pg_catalog.jsonb_agg(v.value ORDER BY v.place) FROM pg_catalog.json_each(pg_catalog.row_to_json(f)) WITH ORDINALITY v (name, value, place)) FROM (${sql}) f;`).join("\n");

/** The server writes the statement for each table itself: a row's text in order of the columns' names, hashed, the hashes sorted and hashed again. */
const rowChecksums = `
SELECT pg_catalog.format('SELECT pg_catalog.json_build_array(%L, %L, pg_catalog.count(*), pg_catalog.md5(pg_catalog.string_agg(h, '''' ORDER BY h COLLATE pg_catalog."C"))) FROM (SELECT pg_catalog.md5(CAST(ROW(%s) AS text)) FROM ONLY %s) r (h)', 'rows', c.oid::regclass, columns, c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) x (columns)
WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
ORDER BY 1 \\gexec
SELECT pg_catalog.format('SELECT pg_catalog.json_build_array(%L, %L, last_value, is_called) FROM %s', 'value of', c.oid::regclass, c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 \\gexec
`;

/** Reads all of it through psql as the server's superuser. */
export async function readOracle(server: PostgresContainer, database: string): Promise<Oracle> {
  const ask = async (sql: string) => (await server.psql(session + sql, { database: connectionTo(database) })).split("\n").filter((line) => line !== "").map(settled).sort();
  return { contents: [...(await ask(asLines(factQueries))), ...(await ask(rowChecksums))], database: await ask(asLines(databaseQueries)) };
}

/** Definitions are written out from trees, and reading such text back gives other brackets and casts. What they say is what remains without. */
function settled(line: string): string {
  const [kind, ...facts] = JSON.parse(line) as [string, ...unknown[]];
  const treeKinds = new Set(["column", "constraint", "index", "view", "rule", "trigger", "policy", "publication", "statistics", "partition key", "relation", "function"]);
  if (!treeKinds.has(kind)) return JSON.stringify([kind, ...facts]);
  return JSON.stringify([kind, ...facts.map((fact, place) => (typeof fact === "string" && place > 0 ? withoutCasts(fact) : fact))]);
}

const castName = /::(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))?(?: varying| precision| (?:with|without) time zone)?(?:\(\d+(?:,\d+)?\))?(?: (?:with|without) time zone)?(?:\[\])*/g;

function withoutCasts(definition: string): string {
  return definition.replace(castName, "").replace(/[()]/g, "").replace(/\s+/g, " ");
}

/** What differs, as lines for people: `-` is only in the first, `+` only in the second. Empty: equal. */
export function differences(before: Oracle, after: Oracle): string[] {
  return [...difference(before.contents, after.contents), ...difference(before.database, after.database)];
}

export function difference(before: readonly string[], after: readonly string[]): string[] {
  const left = counted(before);
  const right = counted(after);
  const lines = new Set([...left.keys(), ...right.keys()]);
  return [...lines].sort().flatMap((line) => {
    const net = (left.get(line) ?? 0) - (right.get(line) ?? 0);
    return net === 0 ? [] : [`${net > 0 ? "-" : "+"} ${line}`];
  });
}

function counted(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
