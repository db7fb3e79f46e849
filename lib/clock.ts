/** The time, injectable so that tests can hold it still. */
export interface Clock {
  now(): Date;
}

/** Clocks of two machines, and one that is set right all the time, differ by no more than this. */
export const aheadMs = 5 * 60_000;

/** Whether a time on record lies ahead of the clock: the clock was wrong when it was written, or is wrong now. It says nothing of an age. */
export function isAhead(at: Date, now: Date): boolean {
  return at.getTime() > latestBy(now).getTime();
}

/** The latest time that does not lie ahead. */
export function latestBy(now: Date): Date {
  return new Date(now.getTime() + aheadMs);
}

/** Whether `at` is longer ago than `ms`. One that lies ahead is: nothing is young by a wrong clock. */
export function isOlder(at: Date, ms: number, now: Date): boolean {
  return now.getTime() - at.getTime() > ms || isAhead(at, now);
}

/** A clock that shows less is behind for certain: a machine without a battery starts in 1970, until it has asked for the time. */
export const earliest = new Date("2025-01-01T00:00:00Z");

export const systemClock: Clock = { now: () => new Date() };
