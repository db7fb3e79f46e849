import "server-only";
import { count } from "@/lib/format/counts";
import { tableErrors } from "./errors";
import type { KeyFacts, TableFacts } from "./facts";
import { tableName } from "./schemas";
import type { LiveTransaction } from "./transaction";

/** Rows that were put into a table, and rows that were taken out of it or changed, each as tables of whole rows. */
export interface Touched {
  table: TableFacts;
  /** Columns that `added` and `removed` have. */
  columns: ReadonlySet<string>;
  added: readonly string[];
  removed: readonly string[];
}

/** Foreign keys from or to these tables that the server would enforce. */
export function keysOf(keys: readonly KeyFacts[], tables: readonly TableFacts[]): KeyFacts[] {
  return keys.filter((key) => key.isEnforced && tables.some((table) => key.fromOids.includes(table.oid) || key.toOids.includes(table.oid)));
}

/**
 * Looks for rows without the row they refer to, after rows were moved while foreign keys slept: of what was added, and of whatever
 * refers to what was removed. Throws `tables.foreign_keys`, which names each key and how many rows it would break.
 */
export async function checkForeignKeys(live: LiveTransaction, keys: readonly KeyFacts[], touched: readonly Touched[]): Promise<void> {
  const violations: string[] = [];
  for (const key of keys) {
    const orphans = await countOrphans(live, key, touched);
    if (orphans > 0) violations.push(`${key.name}: ${count(orphans)} rows of ${tableName(key.from)} would refer to rows that are not in ${tableName(key.to)}`);
  }
  if (violations.length > 0) throw tableErrors.foreign_keys({ violations });
}

async function countOrphans(live: LiveTransaction, key: KeyFacts, touched: readonly Touched[]): Promise<number> {
  const from = touched.filter(({ table }) => key.fromOids.includes(table.oid));
  const to = touched.filter(({ table }) => key.toOids.includes(table.oid));
  const known = (sides: readonly Touched[], names: readonly string[]) => sides.every(({ columns }) => names.every((name) => columns.has(name)));
  // A key over a column that is not kept (a generated one) is checked over the whole table.
  if (!known(from, key.from.columns) || !known(to, key.to.columns)) return countIn(live, key, key.from.quoted, "");
  let orphans = 0;
  for (const { added } of from) for (const source of added) orphans += await countIn(live, key, source, "");
  for (const { removed } of to) {
    for (const source of removed) orphans += await countIn(live, key, key.from.quoted, `AND EXISTS (SELECT FROM ${source} r WHERE ${pairs(key, "r", "c")})`);
  }
  return orphans;
}

/** Rows of `source` whose referenced row is missing; where any column is null nothing is referred to. */
async function countIn(live: LiveTransaction, key: KeyFacts, source: string, also: string): Promise<number> {
  const set = key.from.columns.map((column) => `c.${column} IS NOT NULL`).join(" AND ");
  const [line = "0"] = await live.run(`SELECT count(*) FROM ${source} c WHERE ${set} AND NOT EXISTS (SELECT FROM ${key.to.quoted} p WHERE ${pairs(key, "p", "c")}) ${also};`);
  return Number(line);
}

/** Rows that refer to what is about to go, for a role whose foreign keys stay awake: a cascade must find nothing. */
export async function checkNothingRefers(live: LiveTransaction, keys: readonly KeyFacts[], table: TableFacts, going: string, staying: readonly string[]): Promise<void> {
  const violations: string[] = [];
  for (const key of keys.filter((one) => one.toOids.includes(table.oid))) {
    const stays = staying.map((source) => `AND NOT EXISTS (SELECT FROM ${source} k WHERE ${pairs(key, "k", "c")})`).join(" ");
    const [line = "0"] = await live.run(`SELECT count(*) FROM ${key.from.quoted} c WHERE EXISTS (SELECT FROM ${going} r WHERE ${pairs(key, "r", "c")}) ${stays};`);
    if (Number(line) > 0) violations.push(`${key.name}: ${count(Number(line))} rows of ${tableName(key.from)} refer to rows that would go`);
  }
  if (violations.length > 0) throw tableErrors.foreign_keys({ violations });
}

function pairs(key: KeyFacts, to: string, from: string): string {
  return key.to.columns.map((column, index) => `${to}.${column} ${key.equals[index] ?? "="} ${from}.${key.from.columns[index] ?? ""}`).join(" AND ");
}
