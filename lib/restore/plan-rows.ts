import { count, plural } from "@/lib/format/counts";
import { minuteTime } from "@/lib/format/times";
import { pagesOf } from "@/lib/url/query";
import type { PlanRow, RestorePlan } from "./schemas";

export const planRowsPerPage = 25;

export interface PlanRowsPage {
  rows: PlanRow[];
  /** How many match the filter. */
  total: number;
  page: number;
  pages: number;
}

/** One page of a plan's tables, in the plan's own order: those that differ most first. `q` looks at the qualified name. */
export function planRowsPage(rows: readonly PlanRow[], { q, page: wanted }: { q: string | null; page: number }): PlanRowsPage {
  const found = q === null ? rows : rows.filter((row) => tableName(row).toLowerCase().includes(q.toLowerCase()));
  const pages = pagesOf(found.length, planRowsPerPage);
  const page = Math.min(wanted, pages);
  return { rows: found.slice((page - 1) * planRowsPerPage, page * planRowsPerPage), total: found.length, page, pages };
}

export const tableName = ({ schema, name }: Pick<PlanRow, "schema" | "name">) => `${schema}.${name}`;

/** The sum of each column over all tables; null where one of its counts is not known. */
export function planTotals(rows: readonly PlanRow[]): { now: number | null; after: number | null; difference: number | null } {
  const sum = (of: (row: PlanRow) => number | null) => rows.reduce<number | null>((total, row) => (total === null || of(row) === null ? null : total + (of(row) ?? 0)), 0);
  return { now: sum((row) => row.now), after: sum((row) => row.after), difference: sum((row) => row.difference) };
}

/** What the counts come to: what is lost first, then what comes back. `lead` is the part that weighs. */
export interface RowsSentence {
  lead: string;
  rest: string;
}

/**
 * What replacing costs and brings, in one sentence that counts. Net per table: rows that were changed do not show. `since` is when
 * the backup was taken; null where it is of another database, whose rows were not written since then.
 */
export function rowsSentence({ rows, rowsTakenOut, rowsBack, tablesTakenFrom }: Pick<RestorePlan, "rows" | "rowsTakenOut" | "rowsBack" | "tablesTakenFrom">, since: string | null): RowsSentence {
  if (rows === null || rowsTakenOut === null || rowsBack === null) return { lead: "", rest: "How many rows are taken out is not known." };
  const uncounted = rows.filter((row) => row.difference === null).length;
  const unknown = uncounted > 0 ? ` ${plural(uncounted, "table")} could not be counted.` : "";
  const from = rows.filter((row) => (row.difference ?? 0) > 0);
  const [only] = from;
  const back = rowsBack === 0 ? "" : `${plural(rowsBack, "row")} missing from ${from.length === 1 && only ? only.name : `${count(from.length)} tables`} ${rowsBack === 1 ? "comes" : "come"} back.`;
  if (rowsTakenOut === 0) {
    const same = rowsBack === 0 ? "Every table that was counted has as many rows now as afterwards." : back;
    return { lead: "", rest: `${same}${since === null ? "" : ` Rows that were changed since ${minuteTime(since)} become what they were.`}${unknown}` };
  }
  const tables = tablesTakenFrom.length;
  return { lead: `${plural(rowsTakenOut, "row")}${since === null ? "" : ` written since ${minuteTime(since)}`} ${rowsTakenOut === 1 ? "is" : "are"} taken out`, rest: ` of ${plural(tables, "table")}.${back ? ` ${back}` : ""}${unknown}` };
}

/** "match_results, item_mappings and projects", at most `most` of them by name. */
export function namesOf(tables: readonly string[], most = 4): string {
  const short = tables.map((table) => table.replace(/^public\./, ""));
  const named = short.slice(0, short.length > most ? most - 1 : most);
  const rest = short.length - named.length;
  const parts = rest > 0 ? [...named, `${count(rest)} more`] : named;
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
