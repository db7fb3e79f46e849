import { z } from "zod";
import { choice, href, text } from "@/lib/url/query";
import { dayMs, startOfDay, type Interval } from "./intervals";

export const historyRanges = ["7d", "30d", "90d", "365d"] as const;
export type HistoryRange = (typeof historyRanges)[number];

const rangeDays = { "7d": 7, "30d": 30, "90d": 90, "365d": 365 } as const satisfies Record<HistoryRange, number>;
export const defaultRange: HistoryRange = "30d";

/** The charts whose rows can be shown as a table. */
export const historyTables = ["point", "time", "size", "duration"] as const;
export type HistoryTable = (typeof historyTables)[number];

const filters = { database: text(100), range: choice(historyRanges).transform((range) => range ?? defaultRange) };

/** The address of the history: which database, how far back, and which chart is shown as a table too. */
export const HistoryParams = z.object({ ...filters, table: choice(historyTables) });
export type HistoryParams = z.output<typeof HistoryParams>;

/** The address of the export and of the report: the same database and range. */
export const HistoryExportParams = z.object(filters);
export type HistoryExportParams = z.output<typeof HistoryExportParams>;

/** The page with some of its address changed. */
export function historyHref(params: HistoryParams, change: Partial<HistoryParams>): string {
  return href("/history", { ...params, ...change }, { range: defaultRange });
}

/** The same database and range as a file, or as a report to print. */
export function historyExportHref({ database, range }: HistoryExportParams): string {
  return href("/api/history/export", { database, range }, { range: defaultRange });
}
export function historyReportHref({ database, range }: HistoryExportParams): string {
  return href("/history/report", { database, range }, { range: defaultRange });
}

/** Whole days in UTC, today included; what has not happened yet is not part of it. */
export function rangeOf(range: HistoryRange, now: Date): Interval {
  const to = now.getTime();
  return { from: startOfDay(to) - (rangeDays[range] - 1) * dayMs, to };
}
