import type { Comparison } from "@/lib/backup/compare";
import type { Manifest } from "@/lib/backup/schemas";
import { dumpedTables } from "@/lib/backup/tables";
import type { DrillTables } from "./schemas";

type TableName = Pick<Manifest["tables"][number], "schema" | "name">;

/** What a comparison without a difference found of each table, to be kept with the drill. */
export function tablesFound(manifest: Manifest, { tables }: Pick<Comparison, "tables">): DrillTables {
  const found = new Map(tables.map((table) => [keyOf(table), table.rows]));
  const dumped = dumpedTables(manifest);
  const counted = dumped.flatMap((table): DrillTables["counted"] => {
    const rows = found.get(keyOf(table)) ?? null;
    return rows === table.rows ? [] : [[table.schema, table.name, rows]];
  });
  return { equal: dumped.length, counted };
}

/** The tables that a drill found equal, each with its rows in the copy. */
export interface EqualTables {
  /** Rows of one of them; null: not counted. Undefined: nothing of it is in the dump, so nothing was compared. */
  rowsOf(table: TableName): number | null | undefined;
  /** Of all of them; null where one was not counted. */
  rows: number | null;
}

/** The tables of a backup as its drill found them; null where the record is about other tables than this manifest's. */
export function equalTables(manifest: Manifest, { equal, counted }: DrillTables): EqualTables | null {
  const dumped = dumpedTables(manifest);
  if (equal !== dumped.length) return null;
  const rows = new Map(dumped.map((table) => [keyOf(table), table.rows]));
  for (const [schema, name, found] of counted) rows.set(keyOf({ schema, name }), found);
  return { rowsOf: (table) => rows.get(keyOf(table)), rows: [...rows.values()].reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0) };
}

function keyOf({ schema, name }: TableName): string {
  return JSON.stringify([schema, name]);
}
