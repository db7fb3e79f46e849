import { isOlder } from "@/lib/clock";
import { ageSpan } from "@/lib/format/ages";
import { count, plural } from "@/lib/format/counts";
import { span } from "@/lib/format/durations";
import { nbsp } from "@/lib/format/symbols";
import { fullTime, minuteTime } from "@/lib/format/times";
import { silentAfterMs, storeUnseenAfterMs, type State } from "./schemas";
import { isPaused } from "@/lib/schedule/expansion";
import type { BackupFact, DatabaseFacts } from "./facts";

export type ReasonCode =
  | "worker_silent" | "store_unreadable" | "never_backed_up"
  | "objective_broken" | "none_restorable" | "proof_failed" | "drill_failed"
  | "objective_near" | "unproven" | "last_run_failed" | "partial" | "schedule_missed" | "dated_ahead"
  | "schedule_paused";

export interface Reason {
  code: ReasonCode;
  /** The state this alone would make. */
  state: "exposed" | "unknown" | "at_risk" | "paused";
  /** A whole sentence. */
  text: string;
}

export interface Assessment {
  state: State;
  /** Those of the state itself first. */
  reasons: Reason[];
  /** What would be lost now; null where there is no evidence for a figure. */
  couldLoseMs: number | null;
  /** Since when there is no evidence; null while there is some, or when there never was any. */
  unknownSince: Date | null;
  newestReadable: BackupFact | null;
  newestProven: BackupFact | null;
  /**
   * What it would be restored from, so what every figure counts from: while it is protected the newest proven, even where a younger one is
   * readable, else the newest readable.
   */
  countsOn: BackupFact | null;
}

const nearShare = 0.8;

/**
 * Decides the state of a database, with reasons. Nothing is green, and no figure stands, from absence of evidence: a silent
 * worker, or a store that cannot be read or was not looked at lately, hides everything else.
 */
export function assessDatabase(facts: DatabaseFacts, now: Date): Assessment {
  const { newestReadable, newestProven } = facts;
  const blind = withoutEvidence(facts, now);
  if (blind) return { state: "unknown", reasons: [blind.reason], couldLoseMs: null, unknownSince: blind.since, newestReadable, newestProven, countsOn: newestReadable };
  if (!facts.newest) {
    const first: Reason = facts.ahead ? { code: "dated_ahead", state: "unknown", text: datedAhead(facts.ahead) } : neverBackedUp();
    const reasons = [first, ...lastRun(facts)];
    return { state: facts.activeRunId ? "running" : "unknown", reasons, couldLoseMs: null, unknownSince: facts.registeredAt, newestReadable, newestProven, countsOn: newestReadable };
  }
  const exposed = whyExposed(facts, now);
  const risks = whyAtRisk(facts, now);
  const paused = whyPaused(facts, now);
  const state = exposed.length > 0 ? "exposed" : risks.length > 0 ? "at_risk" : paused.length > 0 ? "paused" : "protected";
  const countsOn = state === "protected" ? newestProven : newestReadable;
  return { state, reasons: [...exposed, ...risks, ...paused], couldLoseMs: countsOn && ageOf(countsOn, now), unknownSince: null, newestReadable, newestProven, countsOn };
}

function withoutEvidence(facts: DatabaseFacts, now: Date): { reason: Reason; since: Date | null } | null {
  const { workerHeardAt, store } = facts;
  if (!workerHeardAt) return { reason: { code: "worker_silent", state: "unknown", text: "No worker was ever heard, so nothing is known." }, since: null };
  if (isOlder(workerHeardAt, silentAfterMs, now)) {
    return { reason: { code: "worker_silent", state: "unknown", text: `No word from the worker for ${ageSpan(workerHeardAt, now)}, so what was known may be out of date.` }, since: workerHeardAt };
  }
  if (store.problem) return { reason: { code: "store_unreadable", state: "unknown", text: `${store.name} failed its last test: ${asSentence(store.problem)}` }, since: store.checkedAt };
  if (store.checkedAt && isOlder(store.checkedAt, storeUnseenAfterMs, now)) {
    return { reason: { code: "store_unreadable", state: "unknown", text: `Nobody has looked into ${store.name} for ${ageSpan(store.checkedAt, now)}; it may not answer.` }, since: store.checkedAt };
  }
  return null;
}

function neverBackedUp(): Reason {
  return { code: "never_backed_up", state: "unknown", text: "It has never been backed up." };
}

/** What is wrong where nothing can be restored: of partial backups by hand it is not said that they cannot be. */
export function noneRestorable(newest: DatabaseFacts["newest"]): string {
  return newest?.isPartial && !newest.problem ? "None of its backups that are whole is known to be restorable." : "None of its backups is known to be restorable.";
}

function whyExposed({ newest, newestReadable, objectiveRpoSeconds, lastDrill }: DatabaseFacts, now: Date): Reason[] {
  const reasons: Reason[] = [];
  if (!newestReadable) {
    reasons.push({ code: "none_restorable", state: "exposed", text: noneRestorable(newest) });
  } else if (ageOf(newestReadable, now) > objectiveRpoSeconds * 1_000) {
    reasons.push({ code: "objective_broken", state: "exposed", text: `The newest backup that can be restored is from ${minuteTime(newestReadable.takenAt)}${nbsp}UTC; the target is ${span(objectiveRpoSeconds)}.` });
  }
  if (newest?.problem) {
    reasons.push({ code: "proof_failed", state: "exposed", text: `The newest backup, from ${minuteTime(newest.takenAt)}${nbsp}UTC, failed its proof: ${asSentence(newest.problem)}` });
  } else if (lastDrill?.failed) {
    // Of whichever backup: what one drill shows of the way backups are taken, only another one can refute.
    const why = lastDrill.message ? `: ${asClause(lastDrill.message)}` : ".";
    reasons.push({ code: "drill_failed", state: "exposed", text: `The last drill, at ${minuteTime(lastDrill.at)}${nbsp}UTC, failed${why}` });
  }
  return reasons;
}

function whyAtRisk(facts: DatabaseFacts, now: Date): Reason[] {
  const { ahead, newestReadable, newestProven, objectiveRpoSeconds } = facts;
  const reasons: Reason[] = [...lastRun(facts), ...missed(facts)];
  if (ahead) reasons.push({ code: "dated_ahead", state: "at_risk", text: datedAhead(ahead) });
  if (!newestReadable) return reasons;
  const share = ageOf(newestReadable, now) / (objectiveRpoSeconds * 1_000);
  if (share > nearShare && share <= 1) {
    reasons.push({ code: "objective_near", state: "at_risk", text: `${Math.floor(share * 100)}${nbsp}% of its target of ${span(objectiveRpoSeconds)} is spent.` });
  }
  if (!newestProven) {
    reasons.push({ code: "unproven", state: "at_risk", text: "Its newest backup is readable; no drill has restored it yet." });
  } else if (ageOf(newestProven, now) > objectiveRpoSeconds * 1_000) {
    reasons.push({ code: "unproven", state: "at_risk", text: `Its newest backup is readable; the newest one that a drill restored is from ${minuteTime(newestProven.takenAt)}${nbsp}UTC.` });
  }
  if (newestReadable.isPartial) reasons.push({ code: "partial", state: "at_risk", text: "Its newest backup leaves out tables, as its options say." });
  return reasons;
}

/** Until a later backup can be restored: then what was missed is made up for. */
function missed({ schedule, newestReadable }: DatabaseFacts): Reason[] {
  const at = schedule?.missedAt;
  if (!at || (newestReadable && newestReadable.takenAt > at)) return [];
  return [{ code: "schedule_missed", state: "at_risk", text: `Its backup of ${minuteTime(at)}${nbsp}UTC was missed, because Holdfast was not running.` }];
}

function whyPaused({ schedule }: DatabaseFacts, now: Date): Reason[] {
  if (!schedule || !isPaused(schedule, now)) return [];
  const why = schedule.pauseReason ? `: ${asSentence(schedule.pauseReason)}` : ".";
  return [{ code: "schedule_paused", state: "paused", text: `Its schedule was paused by ${schedule.pausedBy ?? "somebody"}${why}` }];
}

function lastRun({ lastRun: run, failuresInARow }: DatabaseFacts): Reason[] {
  if (!run?.failed) return [];
  const which = failuresInARow > 1 ? `The last ${numberWord(failuresInARow)} backups failed` : "The last backup failed";
  return [{ code: "last_run_failed", state: "at_risk", text: run.message ? `${which}: ${asClause(run.message)}` : `${which}.` }];
}

/** A whole sentence about a backup whose date lies ahead of the clock. */
export function datedAhead({ takenAt }: Pick<BackupFact, "takenAt">): string {
  return `A backup is dated ${fullTime(takenAt)}, ahead of this machine's clock, so how old it is is not known and it counts for nothing.`;
}

function ageOf(backup: BackupFact, now: Date): number {
  return Math.max(0, now.getTime() - backup.takenAt.getTime());
}

/** With a full stop, whoever wrote it. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The first sentence of an error: what happened. The rest is said on the run's page. */
export function firstSentence(text: string): string {
  return asSentence(/^.+?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text);
}

/** As the end of a sentence, behind a colon; names at its start keep their capitals. */
function asClause(text: string): string {
  return firstSentence(text).replace(/^(The|A|An|No|Another|This|Its) /, (word) => word.toLowerCase());
}

const words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"] as const;

/** Small numbers as words, as sentences want them: `five backups`. */
export function numberWord(value: number): string {
  return words[value] ?? count(value);
}

/**
 * `31 hours`, `3 days and 1 hour`, `under a minute`: a loss as a headline says it. Rounded up, so that it is never said to be less than it
 * is, and with a second unit where that would say much more.
 */
export function lossWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (ms < 60_000) return "under a minute";
  if (minutes < 90) return plural(minutes, "minute");
  if (minutes < 10 * 60) return both(Math.floor(minutes / 60), "hour", minutes % 60, "minute");
  const hours = Math.ceil(minutes / 60);
  if (hours < 72) return plural(hours, "hour");
  return hours < 10 * 24 ? both(Math.floor(hours / 24), "day", hours % 24, "hour") : plural(Math.ceil(hours / 24), "day");
}

function both(large: number, unit: string, small: number, smaller: string): string {
  return `${plural(large, unit)}${small > 0 ? ` and ${plural(small, smaller)}` : ""}`;
}
