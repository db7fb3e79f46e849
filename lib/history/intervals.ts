/** A stretch of time in milliseconds since 1970; `to` is not part of it. */
export interface Interval {
  from: number;
  to: number;
}

/** Intervals in order, with those that touch, or lie at most `tolerance` apart, made one. */
export function mergeIntervals<I extends Interval>(all: readonly I[], tolerance = 0): Interval[] {
  const merged: Interval[] = [];
  for (const { from, to } of [...all].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + tolerance) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** What of `whole` no interval covers. */
export function uncovered(whole: Interval, covering: readonly Interval[]): Interval[] {
  const gaps: Interval[] = [];
  let at = whole.from;
  for (const { from, to } of mergeIntervals(covering)) {
    if (from > at) gaps.push({ from: at, to: Math.min(from, whole.to) });
    at = Math.max(at, to);
    if (at >= whole.to) return gaps;
  }
  gaps.push({ from: at, to: whole.to });
  return gaps;
}

/** The part of an interval inside another; null when they share nothing. */
export function overlap(a: Interval, b: Interval): Interval | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
}

/** The first instant of the day in UTC. */
export function startOfDay(at: number): number {
  return at - (((at % dayMs) + dayMs) % dayMs);
}
export const dayMs = 86_400_000;
