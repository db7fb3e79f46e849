/** A clock that is behind for no longer was about to be set right: nothing is taken back for it. Shorter than what counts as late. */
const patienceMs = 3 * 60_000;

/** Since when this process sees the clock behind the record of a schedule. */
const seen = new Map<string, Date>();

/**
 * Since when the record of a schedule has been ahead of the clock, once that has held for a while; null before that, and when it is not. A
 * machine whose clock is behind until it asked for the time must not take back what it wrote by the right one: it would miss, and make up
 * for, the same times twice.
 */
export function recordAheadSince(scheduleId: string, isAhead: boolean, now: Date): Date | null {
  const before = seen.get(scheduleId);
  if (!isAhead) {
    seen.delete(scheduleId);
    return null;
  }
  // Set back once more, or by days meanwhile: it counts from here.
  const since = before && before <= now ? before : now;
  seen.set(scheduleId, since);
  return now.getTime() - since.getTime() >= patienceMs ? since : null;
}
