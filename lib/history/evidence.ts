import { mergeIntervals, overlap, uncovered, type Interval } from "./intervals";

/** A worker process as the record has it. */
export interface WorkerLife {
  startedAt: number;
  /** When it was last heard. */
  heartbeatAt: number;
  /** When it stopped in order; null when it did not say so, or still lives. */
  stoppedAt: number | null;
}

/** A stretch of which nothing is known, and why. */
export interface Gap extends Interval {
  why: "unregistered" | "stopped" | "silent";
}

/** A worker speaks every 10 s; this long after its last word it still counts as heard. */
const spokeMs = 30_000;
/** Stopped and started again within this long, it was restarted, and nothing was missed. */
const restartMs = 120_000;

/**
 * Where nothing vouches for what a database was like: before it was registered, and while no worker was heard. What a worker that
 * was suspended inside its life did not see is not recorded, so it is not found.
 */
export function findGaps(range: Interval, workers: readonly WorkerLife[], registeredAt: number): Gap[] {
  const lives = workers.map(({ startedAt, heartbeatAt, stoppedAt }) => ({ from: startedAt, to: stoppedAt ?? heartbeatAt + spokeMs, stoppedAt }));
  const silences = uncovered(range, mergeIntervals(lives, restartMs)).flatMap((gap) => {
    const known = overlap(gap, { from: registeredAt, to: Infinity });
    if (!known) return [];
    const last = lives.findLast(({ to }) => to === known.from);
    return [{ ...known, why: last?.stoppedAt ? ("stopped" as const) : ("silent" as const) }];
  });
  const before = overlap(range, { from: -Infinity, to: registeredAt });
  return before ? [{ ...before, why: "unregistered" }, ...silences] : silences;
}

export const gapWords = {
  unregistered: "not registered yet",
  stopped: "worker stopped, no evidence",
  silent: "no worker heard, no evidence",
} as const satisfies Record<Gap["why"], string>;
