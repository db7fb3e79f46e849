import { isAhead } from "@/lib/clock";
import { span } from "@/lib/format/durations";
import { lateAfterMs } from "./due";

/** A run of an occurrence, as far as the next move depends on it. */
export interface AttemptFacts {
  runId: number;
  status: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Who asked it to end; null when nobody did. */
  cancelledBy: string | null;
  /** What its error says. */
  message: string | null;
  /** What it was to make is there and was read to its end: a backup that was complete when its worker died. */
  hasBackup: boolean;
}

export interface AttemptRules {
  retries: number;
  retryDelaySeconds: number;
  timeoutSeconds: number | null;
  /** Why nothing is started any more: it was paused or removed. */
  stopped: string | null;
}

export type AttemptDecision =
  | { do: "nothing" }
  | { do: "stop_run"; runId: number; by: string }
  | { do: "wait"; until: Date; why: string }
  | { do: "retry"; why: string }
  | { do: "settle"; state: "done" | "late" | "skipped" | "failed"; why: string | null };

/** A lost run's backup may be complete: the sweep that finds it has this long. */
const adoptionMs = 60_000;
/** A run that takes its worker down each time must not do so for ever. */
const mostInterruptions = 3;

/** What a person reads as whoever ended a run that took too long; also how it is known again. */
export function timeLimitName(timeoutSeconds: number): string {
  return `${timeLimit} of ${span(timeoutSeconds)}`;
}
/** What such a name begins with. */
export const timeLimit = "its schedule's time limit";

/** What becomes of an occurrence whose runs these are, oldest first. */
export function nextMove(rules: AttemptRules, occurrence: { startAt: Date; why: string | null }, attempts: readonly AttemptFacts[], now: Date): AttemptDecision {
  const last = attempts.at(-1);
  if (!last || last.status === "queued") return { do: "nothing" };
  if (last.status === "running") return mustEnd(rules, last, now) ? { do: "stop_run", runId: last.runId, by: timeLimitName(rules.timeoutSeconds ?? 0) } : { do: "nothing" };
  if (last.status === "succeeded" || (last.status === "lost" && last.hasBackup)) return succeeded(occurrence, attempts, last);
  const finishedAt = endOf(last, now);
  if (last.status === "lost" && now.getTime() - finishedAt.getTime() < adoptionMs) return { do: "nothing" };
  if (isEndedByPerson(last)) return { do: "settle", state: "skipped", why: `${last.cancelledBy} cancelled run ${last.runId}.` };
  const why = whyFailed(last);
  if (rules.stopped !== null) return { do: "settle", state: "failed", why: `${why} ${rules.stopped}` };
  const isInterruption = isInterrupted(last);
  const before = attempts.filter((one) => isInterrupted(one) === isInterruption).length;
  if (before > (isInterruption ? mostInterruptions : rules.retries)) return { do: "settle", state: "failed", why: attempts.length > 1 ? `${why} It was tried ${attempts.length} times.` : why };
  const until = new Date(finishedAt.getTime() + (isInterruption ? 0 : rules.retryDelaySeconds * 1_000));
  return until > now ? { do: "wait", until, why } : { do: "retry", why };
}

/** By a clock that was ahead when it ended it is over for good: nothing waits until that time comes. */
function endOf({ finishedAt }: AttemptFacts, now: Date): Date {
  if (!finishedAt) return now;
  return isAhead(finishedAt, now) ? new Date(0) : finishedAt;
}

function mustEnd({ timeoutSeconds }: AttemptRules, { startedAt, cancelledBy }: AttemptFacts, now: Date): boolean {
  return timeoutSeconds !== null && startedAt !== null && cancelledBy === null && now.getTime() - startedAt.getTime() >= timeoutSeconds * 1_000;
}

function succeeded({ startAt, why }: { startAt: Date; why: string | null }, attempts: readonly AttemptFacts[], last: AttemptFacts): AttemptDecision {
  const after = (last.startedAt ?? startAt).getTime() - startAt.getTime();
  const isLate = after > lateAfterMs;
  const words = [
    attempts.length > 1 ? `Attempt ${attempts.length}.` : null,
    last.status === "lost" ? "Its worker died, but the backup was complete." : null,
    // Why it was late is on record, or its start says it.
    isLate ? (attempts.length > 1 ? null : (why ?? `Started ${span(Math.round(after / 1_000))} after its time.`)) : why,
  ].filter((word) => word !== null);
  return { do: "settle", state: isLate ? "late" : "done", why: words.join(" ") || null };
}

/** Its worker died or was stopped: says nothing about the database. */
export function isInterrupted({ status, cancelledBy }: Pick<AttemptFacts, "status" | "cancelledBy">): boolean {
  return status === "lost" || (status === "cancelled" && cancelledBy === null);
}

/** A run that its schedule ended, or a worker that stopped, was nobody's wish. */
export function isEndedByPerson({ status, cancelledBy }: Pick<AttemptFacts, "status" | "cancelledBy">): boolean {
  return status === "cancelled" && cancelledBy !== null && !cancelledBy.startsWith(timeLimit);
}

function whyFailed({ runId, status, message }: AttemptFacts): string {
  const sentence = message ?? (status === "lost" ? "The worker stopped reporting." : "No reason is on record.");
  return `Run ${runId}: ${/[.!?]$/.test(sentence) ? sentence : `${sentence}.`}`;
}
