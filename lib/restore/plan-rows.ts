import { count, plural } from "@/lib/format/counts";
import { minuteTime } from "@/lib/format/times";
import { pagesOf } from "@/lib/url/query";
import type { OnlyIn, PlanRow, RestorePlan } from "./schemas";

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

/** How many rows more there are afterwards, net. A table that is not there counts as nothing; one that was not counted leaves it unknown. */
export function differenceOf({ now, after, only }: Pick<PlanRow, "now" | "after" | "only">): number | null {
  const [from, to] = [only === "backup" ? 0 : now, only === "live" ? 0 : after];
  return from === null || to === null ? null : to - from;
}

/** Those that differ most first; of the others those that only one of the two has, then the largest. */
export function byDifference(a: PlanRow, b: PlanRow): number {
  return Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0) || Number(b.only !== null) - Number(a.only !== null) || (b.after ?? 0) - (a.after ?? 0);
}

/** What stands in the place of a count: a table that is not there has not 0 rows. */
export const notThere = "not there";

/** Whether a table is there at one of the two times: the restore drops what only live has, and brings what only the backup has. */
export function isThere({ only }: Pick<PlanRow, "only">, when: "now" | "after"): boolean {
  return only !== (when === "now" ? "backup" : "live");
}

/** The sum of each column over the tables that are there at that time; null where one of its counts is not known. */
export function planTotals(rows: readonly PlanRow[]): { now: number | null; after: number | null; difference: number | null } {
  const sum = (counts: readonly (number | null)[]) => counts.reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
  const column = (when: "now" | "after") => sum(rows.filter((row) => isThere(row, when)).map((row) => row[when]));
  return { now: column("now"), after: column("after"), difference: sum(rows.map((row) => row.difference)) };
}

/** "12 tables", and how many of them are there at each time where that is not all. */
export function tablesWords(rows: readonly PlanRow[]): string {
  const [now, after] = (["now", "after"] as const).map((when) => rows.filter((row) => isThere(row, when)).length);
  return now === rows.length && after === rows.length ? plural(rows.length, "table") : `${plural(rows.length, "table")}, ${count(now)} before and ${count(after)} after`;
}

/** What the counts come to: what is lost first, then what comes back. `lead` is the part that weighs. */
export interface RowsSentence {
  lead: string;
  /** Ends with what becomes of tables that only one of the two has. */
  rest: string;
  /** Tables that are there now and will not be, as a sentence; empty where there are none. */
  dropped: string;
}

/**
 * What replacing costs and brings, in one sentence that counts. Net per table: rows that were changed do not show. `since` is when
 * the backup was taken; null where it is of another database, whose rows were not written since then.
 */
export function rowsSentence({ rows, rowsTakenOut, rowsBack, tablesTakenFrom }: Pick<RestorePlan, "rows" | "rowsTakenOut" | "rowsBack" | "tablesTakenFrom">, since: string | null): RowsSentence {
  if (rows === null || rowsTakenOut === null || rowsBack === null) return { lead: "", rest: "How many rows are taken out is not known.", dropped: "" };
  const uncounted = rows.filter((row) => row.difference === null).length;
  const unknown = uncounted > 0 ? ` ${plural(uncounted, "table")} could not be counted.` : "";
  const only = (side: OnlyIn) => rows.filter((row) => row.only === side).map(tableName);
  const [gone, come] = [only("live"), only("backup")];
  const dropped = gone.length === 0 ? "" : `${namesOf(gone)} ${gone.length === 1 ? "is" : "are"} not in the backup and gone afterwards.`;
  const brought = come.length === 0 ? "" : `${namesOf(come)} ${come.length === 1 ? "is" : "are"} not there now and ${come.length === 1 ? "comes" : "come"} back.`;
  const tables = [dropped, brought].filter(Boolean).map((one) => ` ${one}`).join("");
  const from = rows.filter((row) => (row.difference ?? 0) > 0);
  const [first] = from;
  const back = rowsBack === 0 ? "" : `${plural(rowsBack, "row")} missing from ${from.length === 1 && first ? first.name : `${count(from.length)} tables`} ${rowsBack === 1 ? "comes" : "come"} back.`;
  if (rowsTakenOut === 0) {
    const same = rowsBack === 0 ? "Every table that was counted has as many rows now as afterwards." : back;
    return { lead: "", rest: `${same}${since === null ? "" : ` Rows that were changed since ${minuteTime(since)} become what they were.`}${unknown}${tables}`, dropped };
  }
  return {
    lead: `${plural(rowsTakenOut, "row")}${since === null ? "" : ` written since ${minuteTime(since)}`} ${rowsTakenOut === 1 ? "is" : "are"} taken out`,
    rest: ` of ${plural(tablesTakenFrom.length, "table")}.${back ? ` ${back}` : ""}${unknown}${tables}`,
    dropped,
  };
}

/** "match_results, item_mappings and projects", at most `most` of them by name. */
export function namesOf(tables: readonly string[], most = 4): string {
  const short = tables.map((table) => table.replace(/^public\./, ""));
  const named = short.slice(0, short.length > most ? most - 1 : most);
  const rest = short.length - named.length;
  const parts = rest > 0 ? [...named, `${count(rest)} more`] : named;
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
