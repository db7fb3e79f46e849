import type { StripDay } from "@/components/charts/strip";
import { isAhead } from "@/lib/clock";
import { plural } from "@/lib/format/counts";

export interface DayFacts {
  /** Deleted backups included: the day was what it was. Those of one day that are alike stand as one, with the time of the last. `isPartial`: not as its database is backed up otherwise, so it makes up for nothing. */
  backups: readonly { takenAt: Date; rung: number; hasProblem: boolean; many?: number; isPartial?: boolean }[];
  /** When backup runs failed or were lost. */
  failures: readonly Date[];
  /** Times at which a schedule wanted a backup and nobody was there. */
  missed?: readonly Date[];
}

export const stripDays = 30;
const dayMs = 86_400_000;

/** The first instant of the strip's first day. */
export function stripStart(now: Date): Date {
  return new Date(startOfDay(now) - (stripDays - 1) * dayMs);
}

/**
 * What each of the last 30 days in UTC was. A problem stays red until a later backup was readable; a day is only *missed*
 * where a schedule expected something, so never without one.
 */
export function assessDays({ backups, failures, missed = [] }: DayFacts, now: Date): StripDay[] {
  const lastGood = Math.max(0, ...backups.filter((one) => isGood(one) && !isAhead(one.takenAt, now)).map(({ takenAt }) => takenAt.getTime()));
  const first = stripStart(now).getTime();
  return Array.from({ length: stripDays }, (_, index) => {
    const from = first + index * dayMs;
    const within = (at: Date) => at.getTime() >= from && at.getTime() < from + dayMs;
    const taken = backups.filter(({ takenAt }) => within(takenAt));
    const failed = failures.filter(within);
    const problems = [...failed, ...taken.filter(({ hasProblem }) => hasProblem).map(({ takenAt }) => takenAt)];
    const isOpen = problems.some((at) => at.getTime() >= lastGood);
    const many = taken.reduce((sum, one) => sum + (one.many ?? 1), 0);
    const state = isOpen ? "problem" : problems.length > 0 ? "resolved" : taken.some(({ rung }) => rung >= 4) ? "proven" : taken.length > 0 ? "backed_up" : missed.some(within) ? "missed" : "nothing";
    const missing = missed.filter(within).length;
    const note = [many > 0 ? plural(many, "backup") : null, failed.length > 0 ? `${failed.length} failed` : null, missing > 0 ? `${missing} missed` : null].filter(Boolean).join(", ");
    return { at: new Date(from).toISOString(), state, ...(note ? { note } : {}) };
  });
}

function isGood({ rung, hasProblem, isPartial }: DayFacts["backups"][number]): boolean {
  return rung >= 3 && !hasProblem && !isPartial;
}

function startOfDay(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
}
