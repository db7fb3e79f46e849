import type { Column, TableFacts } from "./facts";

/** How a table of the backup and the live one fit together; all SQL about the two is made of this. */
export interface Shape {
  /** `holdfast_restore_r7.staged_1`: the rows of the backup. */
  staged: string;
  live: TableFacts | null;
  /** Every column of the backup; what was generated there is here as a plain value. */
  stagedColumns: readonly Column[];
  /** Columns that both have and that can be written. */
  common: readonly Column[];
  /** Columns that only live has and that can be written. */
  liveOnly: readonly Column[];
  /** The primary key of the live table, where every column of it is in the backup and can be written; empty otherwise. */
  key: TableFacts["key"];
}

/** `live` is null when the table is not there, or is no ordinary table any more. */
export function shapeOf(staged: string, stagedColumns: readonly Column[], live: TableFacts | null): Shape {
  const inBackup = new Set(stagedColumns.map((column) => column.name));
  const writable = (live?.columns ?? []).filter((column) => !column.isGenerated);
  const keyed = live !== null && live.key.length > 0 && live.key.every((column) => inBackup.has(column.name) && writable.some((one) => one.name === column.name));
  return {
    staged,
    live,
    stagedColumns,
    common: writable.filter((column) => inBackup.has(column.name)),
    liveOnly: writable.filter((column) => !inBackup.has(column.name)),
    key: keyed ? live.key : [],
  };
}

/** "s.id, s.name" */
export function list(columns: readonly { quoted: string }[], alias: string): string {
  return columns.map((column) => `${alias}.${column.quoted}`).join(", ");
}

/** "s.id = l.id AND …", with the operators of the key's own index: a type's `=` may lie outside the search path. */
export function sameKey(key: TableFacts["key"], a: string, b: string): string {
  return key.map((column) => `${a}.${column.quoted} ${column.equals} ${b}.${column.quoted}`).join(" AND ");
}

/** A row as PostgreSQL writes it: works for types that know no equality, and tells 1.0 from 1.00. */
export function rowText(columns: readonly { quoted: string }[], alias: string): string {
  return `ROW(${list(columns, alias)})::pg_catalog.text COLLATE pg_catalog."C"`;
}

/** Whether two rows differ. Their bytes first, which is fast and never misses; then their text, because equal values may have other bytes. */
export function differs(columns: readonly { quoted: string }[], a: string, b: string): string {
  const record = (alias: string) => `ROW(${list(columns, alias)})::pg_catalog.record`;
  return `((${record(a)}) OPERATOR(pg_catalog.*<>) (${record(b)}) AND ${rowText(columns, a)} <> ${rowText(columns, b)})`;
}

/** Rows numbered among their equals, so that each of several identical ones is matched once. `extra` comes along. */
export function numbered(columns: readonly { quoted: string }[], from: string, extra: string): string {
  return `SELECT ${extra}, ${rowText(columns, "x")} AS holdfast_row, pg_catalog.row_number() OVER (PARTITION BY ${rowText(columns, "x")}) AS holdfast_number FROM ${from} x`;
}
