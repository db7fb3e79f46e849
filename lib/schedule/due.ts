import { shortTime } from "@/lib/format/times";
import { nbsp } from "@/lib/format/symbols";
import type { MissedPolicy, OverlapPolicy } from "./schemas";

/** An occurrence that is `expected` and whose time has come. */
export interface DueOccurrence {
  id: number;
  dueAt: Date;
  startAt: Date;
  /** The run it waits for, since it was due. */
  waitsFor: number | null;
}

/** `isMadeUp`: it starts although its time came while Holdfast was not there. */
export type DueDecision =
  | { id: number; to: "claimed"; why: string | null; isMadeUp: boolean }
  | { id: number; to: "expected"; waitsFor: number; why: string; isMadeUp: boolean }
  | { id: number; to: "missed" | "skipped"; why: string };

/** An occurrence that could not start for this long was missed; one that started this much after its time is late. */
export const lateAfterMs = 5 * 60_000;

/**
 * What becomes of the occurrences of one schedule that are due, oldest first: the newest starts, and those before it are over, because
 * one run now is what all of them wanted. Those for which Holdfast was not there were missed.
 */
export function dueOccurrences(rules: { missed: MissedPolicy; overlap: OverlapPolicy }, due: readonly DueOccurrence[], activeRunId: number | null, now: Date): DueDecision[] {
  const newest = due.at(-1);
  if (!newest) return [];
  const wasAway = (one: DueOccurrence) => one.waitsFor === null && now.getTime() - one.startAt.getTime() > lateAfterMs;
  const last = decideNewest(rules, newest, wasAway(newest), activeRunId, due.slice(0, -1).filter(wasAway).length);
  const instead = last?.to === "claimed" || last?.to === "expected" ? ` The one of ${shortTime(newest.dueAt)}${nbsp}UTC stands for it.` : "";
  const before = due.slice(0, -1).map((one): DueDecision => {
    if (wasAway(one)) return { id: one.id, to: "missed", why: `Holdfast was not running.${instead}` };
    return { id: one.id, to: "skipped", why: one.waitsFor === null ? "The next one was due before it could start." : `Run ${one.waitsFor} was not over when the next one was due.` };
  });
  return last ? [...before, last] : before;
}

/** Whether Holdfast was not there when the time of this one came, whatever becomes of it now. */
export function isOfDowntime(decision: DueDecision): boolean {
  return decision.to === "missed" || ("isMadeUp" in decision && decision.isMadeUp);
}

function decideNewest({ missed, overlap }: { missed: MissedPolicy; overlap: OverlapPolicy }, { id, waitsFor }: DueOccurrence, wasAway: boolean, activeRunId: number | null, missedBefore: number): DueDecision | null {
  if (wasAway && missed === "skip") return { id, to: "missed", why: "Holdfast was not running, and what is missed is not made up for." };
  if (activeRunId !== null && overlap === "skip") return { id, to: "skipped", why: `Run ${activeRunId} was under way already.` };
  // It waits already: nothing to write down.
  if (activeRunId !== null && waitsFor === activeRunId) return null;
  if (activeRunId !== null) return { id, to: "expected", waitsFor: activeRunId, why: `Waits for run ${activeRunId}.`, isMadeUp: wasAway };
  if (waitsFor !== null) return { id, to: "claimed", why: `Waited for run ${waitsFor}.`, isMadeUp: false };
  if (!wasAway) return { id, to: "claimed", why: null, isMadeUp: false };
  const also = missedBefore === 0 ? "" : `, and for ${missedBefore} before it`;
  return { id, to: "claimed", why: `Made up for after Holdfast had not been running${also}.`, isMadeUp: true };
}
