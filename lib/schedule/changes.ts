import { createHash } from "node:crypto";
import { lateAfterMs } from "./due";
import type { NewOccurrence } from "./expansion";
import type { Moves } from "./moves";
import type { OccurrenceState } from "./schemas";

/** The columns of an occurrence that moves write. */
export interface OccurrenceFields {
  state: OccurrenceState;
  why: string | null;
  waitsFor: number | null;
  retryAt: Date | null;
  settledAt: Date | null;
}

/** What a move changes of occurrences. */
export interface Change {
  ids: number[];
  /** Only those that are still so: another worker may have been first. */
  from: "expected" | "claimed";
  set: Partial<OccurrenceFields>;
  /** The number of the attempt to be started once it was written; null: none. */
  starts: number | null;
  /** How many attempts were made where it is over and nothing came of it; null: otherwise. */
  failedAfter: number | null;
}

/** The rows of occurrences that were found. */
export function newRows(schedule: { id: string; jitterSeconds: number }, found: readonly NewOccurrence[], now: Date) {
  return found.map(({ dueAt, state, why }) => ({ dueAt, startAt: startOf(schedule, dueAt), state, why, settledAt: state === "expected" ? null : now }));
}

/** What moves write, in the order in which it is written. */
export function changesOf({ attempts, due }: Pick<Moves, "attempts" | "due">, now: Date): Change[] {
  return [...attempts.flatMap((one) => changeOfAttempt(one, now)), ...changesOfOver(due, now), ...due.flatMap(changeOfDue)];
}

function changeOfAttempt({ occurrenceId, decision, number }: Moves["attempts"][number], now: Date): Change[] {
  const claimed: Omit<Change, "set"> = { ids: [occurrenceId], from: "claimed", starts: null, failedAfter: null };
  switch (decision.do) {
    case "wait":
      return [{ ...claimed, set: { retryAt: decision.until } }];
    case "settle":
      return [{ ...claimed, set: { state: decision.state, why: decision.why, retryAt: null, settledAt: now }, failedAfter: decision.state === "failed" || isGivenUp(decision.state, number) ? number : null }];
    case "retry":
      return [{ ...claimed, set: { retryAt: null }, starts: number + 1 }];
    case "nothing":
    case "stop_run":
      return [];
  }
}

/** A person who cancels the second attempt leaves the first as it ended: failed, and told to nobody so far. */
function isGivenUp(state: OccurrenceState, attempts: number): boolean {
  return state === "skipped" && attempts > 1;
}

/** After a long downtime there are hundreds that end alike: one change for all of them. */
function changesOfOver(due: Moves["due"], now: Date): Change[] {
  return (["missed", "skipped"] as const).flatMap((to) => {
    const over = due.filter((one) => one.to === to);
    return [...new Set(over.map(({ why }) => why))].map((why): Change => ({ ids: over.filter((one) => one.why === why).map(({ id }) => id), from: "expected", set: { state: to, why, settledAt: now }, starts: null, failedAfter: null }));
  });
}

function changeOfDue(decision: Moves["due"][number]): Change[] {
  const expected: Omit<Change, "set"> = { ids: [decision.id], from: "expected", starts: null, failedAfter: null };
  if (decision.to === "expected") return [{ ...expected, set: { why: decision.why, waitsFor: decision.waitsFor } }];
  if (decision.to === "claimed") return [{ ...expected, set: { state: "claimed", why: decision.why }, starts: 1 }];
  return [];
}

/** Where there was nothing to start the time is over at once. */
export function settledWithoutRun(started: { state: "done" | "skipped"; why: string }, { startAt, why }: { startAt: Date; why: string | null }, now: Date): Partial<OccurrenceFields> {
  const isLate = started.state === "done" && now.getTime() - startAt.getTime() > lateAfterMs;
  return { state: isLate ? "late" : started.state, why: [why, started.why].filter(Boolean).join(" "), retryAt: null, settledAt: now };
}

/** The time of an occurrence and its share of the jitter: always the same one, however often it is asked. */
function startOf({ id, jitterSeconds }: { id: string; jitterSeconds: number }, dueAt: Date): Date {
  const share = createHash("sha256").update(`${id} ${dueAt.toISOString()}`).digest().readUInt32BE(0) / 2 ** 32;
  return new Date(dueAt.getTime() + Math.floor(share * jitterSeconds * 1_000));
}
