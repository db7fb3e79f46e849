import { plural } from "@/lib/format/counts";
import { duration, span } from "@/lib/format/durations";
import { nbsp } from "@/lib/format/symbols";
import { minuteTime } from "@/lib/format/times";
import { firstSentence } from "@/lib/monitoring/assess-database";
import type { Gap } from "./evidence";
import { overlap, type Interval } from "./intervals";
import { middle, type Measured } from "./recovery-time";
import { phases, phaseWords, type Phase } from "./schemas";

/** A backup run that left nothing to restore. */
export interface FailedRun {
  id: number;
  at: number;
  status: "failed" | "lost" | "cancelled";
  message: string | null;
}

export interface PointBreachFacts {
  /** From the newest backup there was, to the end of the breach. */
  during: Interval;
  gaps: readonly Gap[];
  failed: readonly FailedRun[];
  /** The newest backup went away, and an older one had to do. */
  lostNewest: boolean;
  /** The target was made stricter at this moment. */
  loweredTo: number | null;
}

/** Why too much could have been lost, as far as the record says: what failed, who was not there, what was not started. */
export function pointCause({ during, gaps, failed, lostNewest, loweredTo }: PointBreachFacts): string {
  const within = failed.filter(({ at }) => at >= during.from && at <= during.to);
  const sentences = [
    loweredTo === null ? null : `The target was lowered to ${span(loweredTo)}.`,
    lostNewest ? "The newest backup was deleted, went missing or failed its proof." : null,
    ...gaps.flatMap((gap) => (gap.why === "unregistered" ? [] : (overlap(gap, during) ?? []))).map(({ from, to }) => `No worker was heard from ${minuteTime(from)} to ${minuteTime(to)}.`),
    failedSentence(within),
  ].filter((sentence) => sentence !== null);
  return sentences.length > 0 ? sentences.join(" ") : "No backup became readable in time, and none failed: none was started early enough.";
}

function failedSentence(runs: readonly FailedRun[]): string | null {
  const last = runs.at(-1);
  if (!last) return null;
  const cancelled = runs.filter(({ status }) => status === "cancelled").length;
  const which = [runs.length > cancelled ? `${plural(runs.length - cancelled, "backup")} failed` : null, cancelled > 0 ? `${plural(cancelled, "backup")} ${cancelled === 1 ? "was" : "were"} cancelled` : null].filter((part) => part !== null).join(", ");
  const why = runs.findLast(({ message }) => message !== null)?.message;
  return why ? `${which}: ${firstSentence(why)}` : `${which}.`;
}

/** Which part made it slow, beside what that part usually takes. */
export function timeCause(slow: Measured, others: readonly Measured[]): string {
  const usual = (phase: Phase) => middle(others.map((one) => one.phases[phase])) ?? 0;
  const parts = phases.map((phase) => ({ phase, ms: slow.phases[phase], usually: others.length >= 3 ? usual(phase) : null }));
  const most = parts.reduce((one, other) => (other.ms - (other.usually ?? 0) > one.ms - (one.usually ?? 0) ? other : one));
  if (most.ms === 0) return "It was not timed by phase.";
  const name = `${phaseWords[most.phase].charAt(0).toUpperCase()}${phaseWords[most.phase].slice(1)}`;
  return most.usually === null ? `${name} took ${duration(most.ms)} of it.` : `${name} took ${duration(most.ms)}; half the time it is under${nbsp}${duration(most.usually)}.`;
}
