import type { RetainedBackup } from "./schemas";

const dayMs = 86_400_000;

/** How far back one can go without a gap: to the oldest day, or week, from which on each has a backup that can be read. */
export interface Coverage {
  everyDaySince: Date | null;
  everyWeekSince: Date | null;
  oldest: Date | null;
}

/** The recovery range of a set of backups, of whole ones where there are any, for the sentence before and after. Days and weeks are UTC; weeks begin on Monday. */
export function coverageOf(backups: readonly RetainedBackup[]): Coverage {
  const sound = backups.filter((backup) => backup.rung >= 3 && !backup.hasProblem);
  const whole = sound.filter(({ isLesser }) => !isLesser);
  const readable = (whole.length > 0 ? whole : sound).map((backup) => backup.takenAt.getTime());
  return { everyDaySince: gaplessSince(readable, dayMs, 0), everyWeekSince: gaplessSince(readable, 7 * dayMs, 4 * dayMs), oldest: readable.length > 0 ? new Date(Math.min(...readable)) : null };
}

/** 1 January 1970 was a Thursday: `offset` moves the beginning of a week to Monday. */
function gaplessSince(times: readonly number[], span: number, offset: number): Date | null {
  if (times.length === 0) return null;
  const periods = new Map<number, number>();
  for (const at of times) {
    const period = Math.floor((at - offset) / span);
    periods.set(period, Math.min(at, periods.get(period) ?? Infinity));
  }
  let period = Math.max(...periods.keys());
  while (periods.has(period - 1)) period -= 1;
  return new Date(periods.get(period) ?? 0);
}
