import { pagesOf } from "@/lib/url/query";
import type { Manifest } from "./schemas";

export const tablesPerPage = 100;

export interface TablesPage {
  rows: Manifest["tables"];
  page: number;
  pages: number;
  /** Tables in the backup, and how many of them the search found. */
  total: number;
  matching: number;
}

/** The tables whose rows are in the dump. */
export function dumpedTables(manifest: Manifest): Manifest["tables"] {
  return manifest.tables.filter((table) => table.kind === "table" && table.excluded === "no");
}

const holdsRows = (table: Manifest["tables"][number]) => table.kind === "table" || table.kind === "foreign";

/** One page of the tables, largest first; those not counted and those left out come last. */
export function tablesPage(manifest: Manifest, { q, page }: { q: string | null; page: number }): TablesPage {
  const all = manifest.tables.filter(holdsRows);
  const wanted = q?.toLowerCase();
  const found = (wanted ? all.filter((table) => `${table.schema}.${table.name}`.toLowerCase().includes(wanted)) : all).toSorted(byRows);
  const pages = pagesOf(found.length, tablesPerPage);
  const at = Math.min(page, pages);
  return { rows: found.slice((at - 1) * tablesPerPage, at * tablesPerPage), page: at, pages, total: all.length, matching: found.length };
}

function byRows(a: Manifest["tables"][number], b: Manifest["tables"][number]): number {
  return Number(b.excluded === "no") - Number(a.excluded === "no") || (b.rows ?? -1) - (a.rows ?? -1) || (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0) || a.name.localeCompare(b.name);
}

/** What the foot of the table says: only what is in the dump counts. */
export function tableTotals(manifest: Manifest): { tables: number; rows: number | null; sizeBytes: number | null } {
  const dumped = dumpedTables(manifest);
  const sum = (values: (number | null)[]) => values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
  return { tables: dumped.length, rows: sum(dumped.map((table) => table.rows)), sizeBytes: sum(dumped.map((table) => table.sizeBytes)) };
}

/** Relations without rows of their own, by what PostgreSQL calls them. */
export function otherRelations(manifest: Manifest): { kind: string; names: string[] }[] {
  const words = { view: "Views", materialized_view: "Materialized views, refreshed by a restore", partitioned: "Partitioned tables, their rows are in the partitions" } as const;
  return (["view", "materialized_view", "partitioned"] as const)
    .map((kind) => ({ kind: words[kind], names: manifest.tables.filter((table) => table.kind === kind && table.excluded !== "absent").map((table) => `${table.schema}.${table.name}`) }))
    .filter(({ names }) => names.length > 0);
}
