import { pointCause, timeCause, type FailedRun } from "./causes";
import type { Gap } from "./evidence";
import type { PointBreach, PointSpan } from "./recovery-point";
import type { Measured } from "./recovery-time";
import { beginningAt, countBefore } from "./search";
import type { Target } from "./targets";

/** A row of the breach table. */
export interface Breach {
  objective: "point" | "time";
  from: number;
  /** Null: it is not over, or nobody knows whether it is. */
  to: number | null;
  targetSeconds: number;
  /** Null: nothing at all could be restored. */
  worstMs: number | null;
  cause: string;
  runId: number | null;
}

export interface PointEvidence {
  spans: readonly PointSpan[];
  gaps: readonly Gap[];
  failed: readonly FailedRun[];
  targets: readonly Target[];
  /** The runs that made backups, by backup. */
  runOf: ReadonlyMap<string, number>;
}

/** The stretch that explains a breach: from the newest backup there was when it began. */
export function explains(breach: PointBreach, spans: readonly PointSpan[]): { from: number; to: number } {
  const before = spans[countBefore(spans, ({ from }) => from > breach.from) - 1];
  const at = before && breach.from < before.to ? before : undefined;
  return { from: Math.min(breach.from, at?.takenAt ?? breach.from), to: breach.to };
}

/** Breaches of the recovery point with their causes. */
export function describePointBreaches(breaches: readonly PointBreach[], { spans, gaps, failed, targets, runOf }: PointEvidence): Breach[] {
  return breaches.map((breach) => {
    const during = explains(breach, spans);
    const first = countBefore(spans, ({ from }) => from >= during.from);
    const last = countBefore(spans, ({ from }) => from >= during.to);
    const lostNewest = spans.slice(first, last).some((span, index) => {
      const before = spans[first + index - 1];
      return before && (span.takenAt ?? -Infinity) < (before.takenAt ?? -Infinity);
    });
    const change = targets.findIndex(({ from }, index) => index > 0 && from === breach.from);
    const lowered = targets[change];
    const wasLowered = lowered && lowered.seconds < (targets[change - 1]?.seconds ?? 0);
    const within = failed.filter(({ at }) => at >= during.from && at <= during.to);
    const ender = beginningAt(spans, breach.to)?.backupId ?? null;
    return {
      objective: "point",
      from: breach.from,
      to: breach.open ? null : breach.to,
      targetSeconds: breach.targetSeconds,
      worstMs: breach.worstMs,
      cause: pointCause({ during, gaps, failed: within, lostNewest, loweredTo: wasLowered ? lowered.seconds : null }),
      runId: within.at(-1)?.id ?? runOf.get(ender ?? "") ?? null,
    };
  });
}

/** Drills and restores that took longer than was promised, with what made them slow. */
export function describeTimeBreaches(measured: readonly Measured[]): Breach[] {
  return measured.flatMap((one) => {
    if (one.met !== false || one.targetSeconds === null) return [];
    const others = measured.filter((other) => other !== one && other.met === true);
    return [{ objective: "time", from: one.from, to: one.to, targetSeconds: one.targetSeconds, worstMs: one.totalMs, cause: timeCause(one, others), runId: one.runId }];
  });
}
