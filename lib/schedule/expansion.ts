import { nextOccurrence, occurrencesBetween, type Times } from "./occurrences";

export interface PauseFacts {
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pausedUntil: Date | null;
}

export interface ExpansionFacts extends Times, PauseFacts {
  /** Every occurrence up to here has its record. */
  recordedUntil: Date;
}

export interface NewOccurrence {
  dueAt: Date;
  state: "expected" | "skipped" | "missed";
  why: string | null;
}

/** At once; after a year without Holdfast there may be many more, which follow at the next look. */
const mostAtOnce = 500;

/** The occurrences to be recorded now: all that were due since the last look, and the next one ahead. Empty when all are. */
export function newOccurrences(schedule: ExpansionFacts, now: Date): NewOccurrence[] {
  if (schedule.recordedUntil > now) return [];
  const due = occurrencesBetween(schedule, schedule.recordedUntil, now, mostAtOnce);
  const isFull = due.length === mostAtOnce;
  const next = isFull || isPaused(schedule, now) ? null : nextOccurrence(schedule, now);
  return [...due, ...(next ? [next] : [])].map((dueAt, index): NewOccurrence => {
    if (dueAt <= now && isPaused(schedule, dueAt)) return { dueAt, state: "skipped", why: pauseWords(schedule) };
    // Of so many only the last can still be made up for.
    if (isFull && index < mostAtOnce - 1) return { dueAt, state: "missed", why: "Holdfast was not running." };
    return { dueAt, state: "expected", why: null };
  });
}

/**
 * Whether the record goes on from a time that is still to come: the clock was ahead when it was written, and what is due before then has
 * nothing that waits for it.
 */
export function isRecordAhead(schedule: ExpansionFacts, now: Date): boolean {
  if (schedule.recordedUntil <= now) return false;
  const next = nextOccurrence(schedule, now);
  return next !== null && next < schedule.recordedUntil;
}

/** Whether a person had turned it off at that instant. */
export function isPaused({ pausedAt, pausedUntil }: Pick<PauseFacts, "pausedAt" | "pausedUntil">, at: Date): boolean {
  return pausedAt !== null && pausedAt <= at && (pausedUntil === null || at < pausedUntil);
}

/** "Paused by Maeve Byrne: moving to the new host." */
export function pauseWords({ pausedBy, pauseReason }: Pick<PauseFacts, "pausedBy" | "pauseReason">): string {
  const why = (pauseReason ?? "no reason is on record").replace(/[.!?]$/, "");
  return `Paused by ${pausedBy ?? "somebody"}: ${why}.`;
}

/** When it runs next: what is paused goes on at its end. Null while nobody knows. */
export function nextRun(schedule: Times & Pick<PauseFacts, "pausedAt" | "pausedUntil">, now: Date): Date | null {
  if (!isPaused(schedule, now)) return nextOccurrence(schedule, now);
  // An occurrence at the very end of the pause happens.
  return schedule.pausedUntil ? nextOccurrence(schedule, new Date(schedule.pausedUntil.getTime() - 1)) : null;
}
