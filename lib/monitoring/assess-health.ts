import { isOlder } from "@/lib/clock";
import { ageSpan } from "@/lib/format/ages";
import { span } from "@/lib/format/durations";
import { nbsp } from "@/lib/format/symbols";
import { minuteTime } from "@/lib/format/times";
import { asSentence, assessDatabase, datedAhead, noneRestorable } from "./assess-database";
import type { DatabaseFacts } from "./facts";
import { silentAfterMs, storeUnseenAfterMs, type State } from "./schemas";

export const healthCodes = ["worker_silent", "store_unreadable", "never_backed_up", "none_restorable", "objective_broken", "dated_ahead"] as const;
export type HealthCode = (typeof healthCodes)[number];

export interface HealthReason {
  code: HealthCode;
  /** A whole sentence. */
  text: string;
}

/** Whether a database is within its recovery point objective, as far as anybody can tell. */
export interface DatabaseHealth {
  id: string;
  name: string;
  /** True only where a good backup young enough is on record and what says so was looked at just now. */
  healthy: boolean;
  /** Empty where it is healthy; the worst first. */
  reasons: HealthReason[];
  /** What the overview says of it: a healthy one can still be at risk, or exposed by a failed drill. */
  state: State;
  /** When the newest backup was taken that can be restored, as far as is known; null when there is none. */
  newestAt: Date | null;
  ageSeconds: number | null;
  objectiveSeconds: number;
  /** The age past which it is not healthy: `alarmAfter(objectiveSeconds)`. */
  alarmAfterSeconds: number;
}

/** What is known beside the database's own facts. */
export interface Watchers {
  /** The worker said that it was going away: nobody need wait until it is silent. */
  workerStopped: boolean;
}

/**
 * The age of the newest good backup at which a database is past its objective: the objective and a twenty-fourth of it, in which the
 * next backup is made. A day thus becomes the 25 hours of the procedures' health check (Backup Procedures, 8, "Backup Health Check");
 * without that hour a daily backup would be late every night, for as long as it takes.
 */
export function alarmAfter(objectiveSeconds: number): number {
  return objectiveSeconds + Math.round(objectiveSeconds / 24);
}

/** Decides whether a database is past its objective, with reasons. Whatever is not known makes it so: no evidence is never healthy. */
export function assessHealth({ id, facts }: { id: string; facts: DatabaseFacts }, watchers: Watchers, now: Date): DatabaseHealth {
  const { newestReadable, objectiveRpoSeconds } = facts;
  const reasons = [...withoutWorker(facts, watchers, now), ...withoutStore(facts, now), ...pastObjective(facts, now)];
  return {
    id,
    name: facts.name,
    healthy: reasons.length === 0,
    reasons,
    state: assessDatabase(facts, now).state,
    newestAt: newestReadable?.takenAt ?? null,
    ageSeconds: newestReadable ? secondsBetween(newestReadable.takenAt, now) : null,
    objectiveSeconds: objectiveRpoSeconds,
    alarmAfterSeconds: alarmAfter(objectiveRpoSeconds),
  };
}

function withoutWorker({ workerHeardAt }: DatabaseFacts, { workerStopped }: Watchers, now: Date): HealthReason[] {
  if (!workerHeardAt) return [{ code: "worker_silent", text: "No worker was ever heard, so nothing is known." }];
  if (workerStopped) return [{ code: "worker_silent", text: `The worker was stopped ${ageSpan(workerHeardAt, now)} ago, so nothing is backed up or looked after.` }];
  if (!isOlder(workerHeardAt, silentAfterMs, now)) return [];
  return [{ code: "worker_silent", text: `No word from the worker for ${ageSpan(workerHeardAt, now)}, so what was known may be out of date.` }];
}

function withoutStore({ store }: DatabaseFacts, now: Date): HealthReason[] {
  if (store.problem) return [{ code: "store_unreadable", text: `${store.name} failed its last test: ${asSentence(store.problem)}` }];
  if (!store.checkedAt) return [{ code: "store_unreadable", text: `Nobody has looked into ${store.name} yet.` }];
  if (!isOlder(store.checkedAt, storeUnseenAfterMs, now)) return [];
  return [{ code: "store_unreadable", text: `Nobody has looked into ${store.name} for ${ageSpan(store.checkedAt, now)}; it may not answer.` }];
}

function pastObjective({ newest, newestReadable, ahead, activeRunId, objectiveRpoSeconds }: DatabaseFacts, now: Date): HealthReason[] {
  const wrong: HealthReason[] = ahead ? [{ code: "dated_ahead", text: datedAhead(ahead) }] : [];
  if (!newest && ahead) return wrong;
  if (!newest) return [{ code: "never_backed_up", text: activeRunId ? "It has never been backed up; its first backup is under way." : "It has never been backed up." }];
  if (!newestReadable) return [{ code: "none_restorable", text: noneRestorable(newest) }, ...wrong];
  const limit = alarmAfter(objectiveRpoSeconds);
  if (secondsBetween(newestReadable.takenAt, now) <= limit) return [];
  return [{ code: "objective_broken", text: `The newest backup that can be restored is from ${minuteTime(newestReadable.takenAt)}${nbsp}UTC, ${ageSpan(newestReadable.takenAt, now)} ago; the target is ${span(objectiveRpoSeconds)}, and the alarm comes at ${span(limit)}.` }, ...wrong];
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1_000));
}
