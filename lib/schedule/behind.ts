/** A clock that is behind for no longer was about to be set right: nothing is taken back for it. Shorter than what counts as late. */
const patienceMs = 3 * 60_000;

/** What this process has seen of the records of schedules that are ahead of the clock: since when, and the last look. */
const seen = new Map<string, { since: Date; last: Date }>();

/**
 * Since when the record of a schedule has been ahead of the clock, once that has held for a while; null before that, and when it is not. A
 * machine whose clock is behind until it asked for the time must not take back what it wrote by the right one: it would miss, and make up
 * for, the same times twice.
 */
export function recordAheadSince(scheduleId: string, isAhead: boolean, now: Date): Date | null {
  if (!isAhead) {
    seen.delete(scheduleId);
    return null;
  }
  const before = seen.get(scheduleId);
  // Set once more meanwhile, or long not looked at: it counts from here.
  const isSame = before && before.last <= now && now.getTime() - before.last.getTime() <= patienceMs;
  const since = isSame ? before.since : now;
  seen.set(scheduleId, { since, last: now });
  return now.getTime() - since.getTime() >= patienceMs ? since : null;
}
