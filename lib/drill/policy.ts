import { readJson } from "@/lib/db/codecs";
import { partsOfCron } from "@/lib/schedule/parts";
import type { Times } from "@/lib/schedule/occurrences";
import { StoredDrillPolicy, type DrillPolicy, type DrillWhen } from "./schemas";

/** A database as far as its policy is on record: the column, and its drill schedule where it has one. */
export interface WithDrillPolicy {
  drillPolicy: string | null;
  schedules: readonly (Times & { kind: string; removedAt: Date | null })[];
}

/**
 * When a database is drilled by itself. A schedule takes the place of "after every backup". Null for a database that was registered
 * before there were drills and has neither, so nothing happens by itself.
 */
export function drillPolicyOf({ drillPolicy, schedules }: WithDrillPolicy): (DrillPolicy & { since: Date }) | null {
  const stored = readJson(StoredDrillPolicy, drillPolicy);
  const schedule = schedules.find(({ kind, removedAt }) => kind === "drill" && removedAt === null);
  if (!stored && !schedule) return null;
  const usual = { which: stored?.which ?? "newest", since: new Date(stored?.since ?? 0), hour: 3 } as const;
  if (!schedule) return { ...usual, when: stored?.when ?? "never" };
  return { ...usual, ...timesOf(schedule) };
}

/** The choice of the policy's card that a schedule is; `scheduled` for one that only the schedule's own page can say. */
function timesOf({ cron, timeZone }: Times): { when: DrillWhen; hour: number } {
  const { every, minute, hour, weekday, day, month } = partsOfCron(cron);
  if (timeZone !== "UTC" || minute !== 0) return { when: "scheduled", hour };
  if (every === "day") return { when: "daily", hour };
  if (every === "week" && weekday === 1) return { when: "weekly", hour };
  if (every === "quarter" && day === 1) return { when: "quarterly", hour };
  if (every === "year" && day === 1 && month === 1) return { when: "yearly", hour };
  return { when: "scheduled", hour };
}

/** The expression of a choice that goes by time; null for one that does not. */
export function cronOf(when: DrillWhen, hour: number): string | null {
  const crons: Partial<Record<DrillWhen, string>> = { daily: `0 ${hour} * * *`, weekly: `0 ${hour} * * 1`, quarterly: `0 ${hour} 1 1,4,7,10 *`, yearly: `0 ${hour} 1 1 *` };
  return crons[when] ?? null;
}
