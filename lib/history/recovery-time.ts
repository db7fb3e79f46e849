import type { Phase } from "./schemas";
import { targetAt, type Target } from "./targets";

/** A drill or a restore that came to its end, and how long it took. */
export interface Measurement {
  kind: "drill" | "disaster" | "restore";
  id: string;
  runId: number;
  backupId: string;
  from: number;
  to: number;
  totalMs: number;
  /** What is not in a phase, such as waiting for its turn, is in none. */
  phases: Record<Phase, number>;
}

/** A measurement beside the target of its time. */
export interface Measured extends Measurement {
  targetSeconds: number | null;
  met: boolean | null;
}

/** Sets every measurement beside the target that held when it ended. */
export function measure(all: readonly Measurement[], targets: readonly Target[]): Measured[] {
  return all.map((one) => {
    const targetSeconds = targetAt(targets, one.to);
    return { ...one, targetSeconds, met: targetSeconds === null ? null : one.totalMs <= targetSeconds * 1_000 };
  });
}

/** The middle of some figures; null of none. */
export function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(half)] ?? null) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** The one that took longest; of equals the newest. */
export function slowest<M extends { totalMs: number }>(all: readonly M[]): M | null {
  return all.reduce<M | null>((most, one) => (most && most.totalMs > one.totalMs ? most : one), null);
}
