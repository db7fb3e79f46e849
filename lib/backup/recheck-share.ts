import { isAhead } from "@/lib/clock";
import { occurrencesBetween, type Times } from "@/lib/schedule/occurrences";

/** Every file is read to its last byte at least this often (a month). */
export const recheckEveryDays = 30;

const everyMs = recheckEveryDays * 86_400_000;
/** More times than that in a month leave at most one file for each of them. */
const mostTimes = 5_000;

/**
 * Which files to read at this time of a schedule: those that have to be read before its next time to be read within the month, and of
 * many whose month ends together a share, so that they are spread over the times that are left. Oldest first. One that was read at a time
 * ahead of the clock has its turn at once: nobody knows when that was.
 */
export function recheckShare<C extends { lastReadAt: Date }>(copies: readonly C[], times: Times, now: Date): C[] {
  const readAt = ({ lastReadAt }: C) => (isAhead(lastReadAt, now) ? 0 : lastReadAt.getTime());
  const oldestFirst = copies.toSorted((a, b) => readAt(a) - readAt(b));
  const later = occurrencesBetween(times, now, new Date(now.getTime() + everyMs), mostTimes).map((at) => at.getTime());
  let many = 0;
  let left = 0;
  for (const [index, copy] of oldestFirst.entries()) {
    const deadline = readAt(copy) + everyMs;
    while (left < later.length && (later[left] ?? Infinity) <= deadline) left += 1;
    // This time and those that are left: each takes its part of all files up to this one.
    many = Math.max(many, Math.floor((index + 1) / (left + 1)));
  }
  return oldestFirst.slice(0, many);
}
