import type { Interval } from "./intervals";

/** What a target was, from an instant until the next one of the list, which is in order. */
export interface Target {
  from: number;
  seconds: number;
}

/** The target that held at an instant; before the first one was set, the first. Null where none ever was. */
export function targetAt(targets: readonly Target[], at: number): number | null {
  return (targets.findLast(({ from }) => from <= at) ?? targets[0])?.seconds ?? null;
}

/** The targets of a stretch of time, each with the part of it that it held for. */
export function targetsWithin(targets: readonly Target[], { from, to }: Interval): (Interval & { seconds: number })[] {
  return targets.flatMap((target, index) => {
    const start = index === 0 ? from : Math.max(from, target.from);
    const end = Math.min(to, targets[index + 1]?.from ?? to);
    return start < end ? [{ from: start, to: end, seconds: target.seconds }] : [];
  });
}
