import { day, shortDay } from "@/lib/format/times";
import type { Interval } from "./intervals";
import type { HistoryRange } from "./search-params";

export const rangeWords = { "7d": "7 days", "30d": "30 days", "90d": "90 days", "365d": "a year" } as const satisfies Record<HistoryRange, string>;

/** `24 Aug to 22 Sep 2026`; both years where they differ. */
export function daysBetween({ from, to }: Interval): string {
  const isSameYear = new Date(from).getUTCFullYear() === new Date(to).getUTCFullYear();
  return `${isSameYear ? shortDay(from) : day(from)} to ${day(to)}`;
}

/** Why there is no time of getting back: nothing was ever measured, or only with smaller backups, which say nothing of this one. */
export const neverMeasured = "no drill yet of a backup this size";
