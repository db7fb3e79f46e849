import { nextMove, type AttemptDecision, type AttemptFacts } from "./attempts";
import { dueOccurrences, type DueDecision, type DueOccurrence } from "./due";
import { isPaused, newOccurrences, type ExpansionFacts, type NewOccurrence } from "./expansion";
import type { MissedPolicy, OverlapPolicy } from "./schemas";

/** All that the next moves of a schedule depend on. */
export interface ScheduleFacts extends ExpansionFacts {
  retries: number;
  retryDelaySeconds: number;
  timeoutSeconds: number | null;
  missed: MissedPolicy;
  overlap: OverlapPolicy;
  isRemoved: boolean;
  /** Since when its record is ahead of the clock, once that has held for a while; null: it is not. */
  aheadSince: Date | null;
  /** A backup of its database that is queued or running, whoever started it. */
  activeRunId: number | null;
  /** Occurrences that are `expected`, oldest first. */
  expected: readonly DueOccurrence[];
  /** Occurrences that are `claimed`, oldest first, with their runs. */
  claimed: readonly { id: number; startAt: Date; why: string | null; retryAt: Date | null; attempts: readonly AttemptFacts[] }[];
}

export interface Moves {
  /** What was written down for times after this one is taken back; null: nothing is. */
  rewindsTo: Date | null;
  found: NewOccurrence[];
  due: (DueDecision & { dueAt: Date; startAt: Date })[];
  attempts: { occurrenceId: number; decision: AttemptDecision; number: number }[];
  isPauseOver: boolean;
}

/**
 * What is to be done for a schedule at this moment; null when nothing is. One kind of move at a time: what is under way goes first, then
 * all that was due is written down, and only then is it decided what of it starts.
 */
export function decideMoves(facts: ScheduleFacts, now: Date): Moves | null {
  const nothing: Moves = { rewindsTo: null, found: [], due: [], attempts: [], isPauseOver: false };
  const attempts = moveAttempts(facts, now);
  if (attempts.length > 0) return { ...nothing, attempts };
  if (facts.isRemoved) return null;
  if (facts.aheadSince) return { ...nothing, rewindsTo: facts.aheadSince };
  const found = newOccurrences(facts, now);
  if (found.length > 0) return { ...nothing, found };
  const waiting = facts.expected.filter(({ startAt }) => startAt <= now);
  const due = dueOccurrences(facts, waiting, facts.activeRunId, now);
  const at = new Map(waiting.map(({ id, dueAt, startAt }) => [id, { dueAt, startAt }]));
  if (due.length > 0) return { ...nothing, due: due.map((decision) => ({ ...decision, ...(at.get(decision.id) ?? { dueAt: now, startAt: now }) })) };
  return facts.pausedUntil && facts.pausedUntil <= now ? { ...nothing, isPauseOver: true } : null;
}

function moveAttempts(facts: ScheduleFacts, now: Date): Moves["attempts"] {
  const stopped = facts.isRemoved ? "The schedule was removed, so it is not tried again." : isPaused(facts, now) ? "The schedule was paused, so it is not tried again." : null;
  let isFree = facts.activeRunId === null;
  return facts.claimed.flatMap(({ id, retryAt, attempts, ...occurrence }) => {
    const decision = nextMove({ ...facts, stopped }, occurrence, attempts, now);
    if (decision.do === "nothing" || (decision.do === "wait" && retryAt?.getTime() === decision.until.getTime())) return [];
    if (decision.do === "retry") {
      // Another backup of the database goes first, and of several that want to try again one.
      if (!isFree) return [];
      isFree = false;
    }
    return [{ occurrenceId: id, decision, number: attempts.length }];
  });
}
