import "server-only";
import { tableErrors } from "./errors";
import { type AppliedTable, tableName } from "./schemas";
import { differs, list, numbered, rowText, sameKey, type Shape } from "./shape";
import type { LiveTransaction } from "./transaction";
import type { TableFacts } from "./facts";

/** Where the rows of one table's restore are kept: those that were only live, those that were changed, those that were written. */
export interface KeptRows {
  gone: string;
  old: string;
  written: string;
}

export function keptRows(schema: string, index: number): KeptRows {
  return { gone: `${schema}.gone_${index + 1}`, old: `${schema}.old_${index + 1}`, written: `${schema}.written_${index + 1}` };
}

type Counts = Pick<AppliedTable, "before" | "after" | "deleted" | "changed" | "inserted">;

/**
 * Puts the backup's rows into a live table that is locked and silenced. Only rows that differ are touched: those that are only live
 * are deleted (`replace`), changed ones deleted and inserted as the backup has them, missing ones inserted. What columns that are newer than
 * the backup hold of a changed row stays. The rows from before are kept. Throws `tables.counts_differ`.
 */
export async function rewriteTable(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows, how: "replace" | "insert"): Promise<Counts> {
  const before = await countOf(live, `ONLY ${shape.live.quoted}`);
  const missing = `${kept.written}_missing`;
  await findDifferences(live, shape, kept, missing, how);
  const [deleted, changed, inserted] = [await countOf(live, kept.gone), await countOf(live, kept.old), await countOf(live, missing)];
  if (deleted + changed > 0) await takeOut(live, shape, kept);
  const { quoted } = shape.live;
  const common = shape.common.map((column) => column.quoted).join(", ");
  const writable = [...shape.common, ...shape.liveOnly].map((column) => column.quoted).join(", ");
  const record = (insert: string) => `WITH w AS (${insert} RETURNING ${writable}) INSERT INTO ${kept.written} SELECT * FROM w;`;
  if (changed > 0) {
    const carried = [list(shape.common, "s"), list(shape.liveOnly, "o")].filter(Boolean).join(", ");
    await live.run(record(`INSERT INTO ${quoted} (${writable}) OVERRIDING SYSTEM VALUE SELECT ${carried} FROM ${shape.staged} s JOIN ${kept.old} o ON ${sameKey(shape.key, "s", "o")}`));
  }
  if (inserted > 0) await live.run(record(`INSERT INTO ${quoted} (${common}) OVERRIDING SYSTEM VALUE SELECT ${list(shape.common, "m")} FROM ${missing} m`));
  await live.run(`DROP TABLE ${missing};\nANALYZE ${kept.written};`);
  const after = await countOf(live, `ONLY ${quoted}`);
  const expected = how === "replace" ? await countOf(live, shape.staged) : before + inserted;
  const written = await countOf(live, kept.written);
  if (after !== expected || written !== changed + inserted) throw tableErrors.counts_differ({ table: tableName(shape.live), expected, found: after });
  return { before, after, deleted, changed, inserted };
}

/** Fills the kept tables and `missing`, with nothing written to the live table yet. */
async function findDifferences(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows, missing: string, how: "replace" | "insert"): Promise<void> {
  const { staged, key, common, liveOnly, stagedColumns } = shape;
  const table = `ONLY ${shape.live.quoted}`;
  const rows = list([...common, ...liveOnly], "l");
  const empty = (name: string) => `CREATE TABLE ${name} AS SELECT ${rows} FROM ${table} l WITH NO DATA;`;
  const on = sameKey(key, "s", "l");
  const isKeyed = key.length > 0;
  const inLive = isKeyed
    ? `SELECT s.* FROM ${staged} s WHERE NOT EXISTS (SELECT FROM ${table} l WHERE ${on})`
    : `SELECT ${list(stagedColumns, "a")} FROM (${numbered(common, staged, "x.*")}) a WHERE NOT EXISTS (SELECT FROM (${numbered(common, table, "1 AS one")}) b WHERE ${sameRow("a", "b")})`;
  await live.run(`CREATE TABLE ${missing} AS ${inLive};\n${empty(kept.written)}`);
  if (how === "insert") return void (await live.run(`${empty(kept.gone)}\n${empty(kept.old)}`));
  if (isKeyed) {
    await live.run(`CREATE TABLE ${kept.gone} AS SELECT ${rows} FROM ${table} l WHERE NOT EXISTS (SELECT FROM ${staged} s WHERE ${on});`);
    await live.run(`CREATE TABLE ${kept.old} AS SELECT ${rows} FROM ${table} l JOIN ${staged} s ON ${on} WHERE ${differs(common, "s", "l")};`);
  } else {
    const surplus = `SELECT a.holdfast_at FROM (${numbered(common, table, "x.ctid AS holdfast_at")}) a WHERE NOT EXISTS (SELECT FROM (${numbered(common, staged, "1 AS one")}) b WHERE ${sameRow("a", "b")})`;
    await live.run(`CREATE TABLE ${kept.gone}_at AS ${surplus};\nCREATE TABLE ${kept.gone} AS SELECT ${rows} FROM ${table} l JOIN ${kept.gone}_at g ON l.ctid = g.holdfast_at;\n${empty(kept.old)}`);
  }
  await live.run(`ANALYZE ${kept.gone};\nANALYZE ${kept.old};`);
}

async function takeOut(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows): Promise<void> {
  const from = `DELETE FROM ONLY ${shape.live.quoted} l USING`;
  if (shape.key.length === 0) {
    await live.run(`${from} ${kept.gone}_at g WHERE l.ctid = g.holdfast_at;`);
    return;
  }
  await live.run(`${from} ${kept.gone} g WHERE ${sameKey(shape.key, "l", "g")};\n${from} ${kept.old} o WHERE ${sameKey(shape.key, "l", "o")};`);
}

/** Tables that only the rewriting itself needs. */
export async function dropScratch(live: LiveTransaction, kept: KeptRows): Promise<void> {
  await live.run(`SET LOCAL client_min_messages = warning;\nDROP TABLE IF EXISTS ${kept.gone}_at;`);
}

function sameRow(a: string, b: string): string {
  return `${a}.holdfast_row = ${b}.holdfast_row AND ${a}.holdfast_number = ${b}.holdfast_number`;
}

export async function countOf(live: LiveTransaction, from: string): Promise<number> {
  const [line = "0"] = await live.run(`SELECT count(*) FROM ${from};`);
  return Number(line);
}

/** Rows that the restore touched and others touched since: changed, removed, or put where a removed one was. */
export async function countConflicts(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows): Promise<number> {
  const table = `ONLY ${shape.live.quoted}`;
  const writable = [...shape.common, ...shape.liveOnly];
  if (shape.key.length === 0) {
    return countOf(live, `(${numbered(writable, kept.written, "1 AS one")}) a WHERE NOT EXISTS (SELECT FROM (${numbered(writable, table, "1 AS one")}) b WHERE ${sameRow("a", "b")})`);
  }
  const { changed, filled } = conflicting(shape, kept);
  return (await countOf(live, changed)) + (await countOf(live, filled));
}

const mostKeys = 8;
const plainTypes: ReadonlySet<string> = new Set(["smallint", "integer", "bigint", "uuid"]);

/**
 * The column whose values may be named in an error, which stays on record: a key that is an integer or a UUID by its type. Others, such as
 * addresses or telephone numbers of people, go when the kept rows go. Null where whole rows are matched, or where the key has several columns.
 */
export function plainKey({ key, live }: { key: Shape["key"]; live: Pick<TableFacts, "columns"> }): Shape["key"][number] | null {
  const [first, ...more] = key;
  const type = live.columns.find((column) => column.name === first?.name)?.type;
  return first && more.length === 0 && type !== undefined && plainTypes.has(type) ? first : null;
}

/** The keys of some of them, as text; none where they may not be named. */
export async function conflictKeys(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows): Promise<string[]> {
  const key = plainKey(shape);
  if (!key) return [];
  const { changed, filled } = conflicting(shape, kept);
  return live.run(`(SELECT n.${key.quoted}::pg_catalog.text FROM ${changed} LIMIT ${mostKeys}) UNION ALL (SELECT g.${key.quoted}::pg_catalog.text FROM ${filled} LIMIT ${mostKeys}) LIMIT ${mostKeys};`);
}

/** What stands behind FROM: written rows `n` that are not there any more as written, and removed ones `g` whose place was taken. */
function conflicting(shape: Shape & { live: TableFacts }, kept: KeptRows): { changed: string; filled: string } {
  const table = `ONLY ${shape.live.quoted}`;
  return {
    changed: `${kept.written} n WHERE NOT EXISTS (SELECT FROM ${table} l WHERE ${sameKey(shape.key, "l", "n")} AND NOT ${differs([...shape.common, ...shape.liveOnly], "l", "n")})`,
    filled: `${kept.gone} g WHERE EXISTS (SELECT FROM ${table} l WHERE ${sameKey(shape.key, "l", "g")})`,
  };
}

/** Puts the kept rows back: what was written goes, what was there before comes. Rows that others added stay. */
export async function unwriteTable(live: LiveTransaction, shape: Shape & { live: TableFacts }, kept: KeptRows): Promise<void> {
  const { quoted } = shape.live;
  const writable = [...shape.common, ...shape.liveOnly];
  const names = writable.map((column) => column.quoted).join(", ");
  const from = `DELETE FROM ONLY ${quoted} l USING`;
  if (shape.key.length === 0) {
    const written = `SELECT b.holdfast_at FROM (${numbered(writable, `ONLY ${quoted}`, "x.ctid AS holdfast_at")}) b JOIN (${numbered(writable, kept.written, "1 AS one")}) a ON ${sameRow("a", "b")}`;
    await live.run(`${from} (${written}) w WHERE l.ctid = w.holdfast_at;`);
  } else {
    for (const rows of [kept.written, kept.old, kept.gone]) await live.run(`${from} ${rows} r WHERE ${sameKey(shape.key, "l", "r")};`);
  }
  for (const rows of [kept.gone, kept.old]) await live.run(`INSERT INTO ${quoted} (${names}) OVERRIDING SYSTEM VALUE SELECT ${list(writable, "r")} FROM ${rows} r;`);
}

/** Whether two tables hold the same rows, however often each. */
export async function sameRows(live: LiveTransaction, a: string, b: string, columns: readonly { quoted: string }[]): Promise<boolean> {
  const grouped = (from: string) => `SELECT ${rowText(columns, "x")} AS holdfast_row, count(*) AS holdfast_count FROM ${from} x GROUP BY 1`;
  return (await countOf(live, `(${grouped(a)}) a FULL JOIN (${grouped(b)}) b ON a.holdfast_row = b.holdfast_row WHERE a.holdfast_count IS DISTINCT FROM b.holdfast_count`)) === 0;
}
