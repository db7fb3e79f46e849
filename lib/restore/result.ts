import { z } from "zod";
import { isActive, runStatuses } from "@/lib/runs/schemas";
import { differenceOf } from "./plan-rows";
import { RestoreDecision, RestoreOutcome, restoreMethods, restoreStates } from "./schemas";

/** What somebody did with a restore after it: undid it, decided on it, removed what it kept. */
export const followUpKinds = ["undo_restore", "resolve_staged", "drop_kept"] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

const FollowUp = z.object({
  runId: z.number().int(),
  kind: z.enum(followUpKinds),
  /** An undo that takes an undo back. */
  isRedo: z.boolean(),
  status: z.enum(runStatuses),
  by: z.string(),
  at: z.string(),
});
export type FollowUp = z.output<typeof FollowUp>;

/** A restore in a few facts: what a page that asks every second needs. */
export const RestoreBrief = z.object({
  id: z.string(),
  /** The run that restored. */
  runId: z.number().int(),
  state: z.enum(restoreStates),
  method: z.enum(restoreMethods),
  /** The database as Holdfast calls it. */
  name: z.string(),
  targetName: z.string(),
  stagingName: z.string().nullable(),
  /** Null once it was removed. */
  keptName: z.string().nullable(),
  /** It drops the live database to make room, so there is a moment in which nothing has its name. */
  dropsLive: z.boolean(),
  /** That moment lasts: it was dropped, and what was to take its place was not finished. */
  isDropped: z.boolean(),
  /** It was to be undone where the application does not come up, and nobody asked any more: the run ended before. */
  isUnasked: z.boolean(),
});
export type RestoreBrief = z.output<typeof RestoreBrief>;

/** A restore as the page of its run, and of the runs that follow it, shows it. */
export const RestoreView = z.object({
  /** The server's time. */
  now: z.string(),
  id: z.string(),
  /** The run that restored. */
  runId: z.number().int(),
  runStatus: z.enum(runStatuses),
  state: z.enum(restoreStates),
  method: z.enum(restoreMethods),
  reason: z.string(),
  by: z.string(),
  database: z.object({ id: z.string(), name: z.string() }),
  container: z.string(),
  backup: z.object({ id: z.string(), takenAt: z.string(), isDeleted: z.boolean() }),
  /** What it was confirmed to do. */
  decision: RestoreDecision,
  targetName: z.string(),
  stagingName: z.string().nullable(),
  /** Null: there was no database before. */
  hadPrevious: z.boolean(),
  /** The database that is not live now; `isThere` is false once it was removed. */
  kept: z.object({ name: z.string(), sizeBytes: z.number().nullable(), until: z.string().nullable(), removedAt: z.string().nullable(), isThere: z.boolean() }).nullable(),
  startedAt: z.string(),
  swappedAt: z.string().nullable(),
  undoneAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  totalMs: z.number().nullable(),
  downtimeMs: z.number().nullable(),
  objectiveMs: z.number(),
  /** The newest drill of the database that passed before it. */
  drill: z.object({ totalMs: z.number(), at: z.string() }).nullable(),
  /** Containers that were stopped for it and are not started again. */
  stopped: z.array(z.string()),
  outcome: RestoreOutcome.nullable(),
  /** Oldest first. */
  followUps: z.array(FollowUp),
});
export type RestoreView = z.output<typeof RestoreView>;

/** Whether the restored database is the live one. */
export function isLive({ state }: Pick<RestoreView, "state">): boolean {
  return state === "swapped" || state === "created";
}

/** Whether it came to one of its complete ends: the restored database in place, or the one from before back. */
export function isOver({ state }: Pick<RestoreView, "state">): boolean {
  return isLive({ state }) || state === "undone";
}

/** Whether the plan's own undo was due and nobody asked for it any more: the run ended between the swap and the application's answer. */
export function isUnasked({ state, runStatus, finishedAt, decision }: Pick<RestoreView, "state" | "runStatus" | "finishedAt"> & { decision: Pick<RestoreDecision, "undoIfUnhealthy"> }): boolean {
  return state === "swapped" && decision.undoIfUnhealthy && finishedAt === null && !isActive(runStatus);
}

/** The swap that can still be made: back, or forth again after an undo. Null when what it needs is gone or its time is over. */
export function swapBack(view: Pick<RestoreView, "state" | "kept" | "followUps">, now: number): "undo" | "redo" | null {
  const { kept, state } = view;
  if (!kept?.isThere || (kept.until !== null && Date.parse(kept.until) <= now)) return null;
  if (activeFollowUp(view)) return null;
  return state === "swapped" ? "undo" : state === "undone" ? "redo" : null;
}

/** What is being done with it at this moment. */
export function activeFollowUp({ followUps }: Pick<RestoreView, "followUps">): FollowUp | null {
  return followUps.findLast(({ status }) => status === "queued" || status === "running") ?? null;
}

/** Whether every table was compared with the manifest and nothing is missing. Anything less is no green. */
export function isEqual({ outcome }: Pick<RestoreView, "outcome">): boolean {
  return outcome !== null && outcome.compared.tables > 0 && outcome.compared.notCompared.length === 0 && outcome.exceptions.length === 0;
}

export interface RowSums {
  back: number;
  /** Tables with more rows than before. */
  backIn: string[];
  out: number;
  outOf: string[];
}

/** Rows that came back and rows that were taken out, net per table; null when no table was counted on both sides. */
export function sumRows(rows: RestoreOutcome["rows"]): RowSums | null {
  const known = rows.flatMap(({ schema, name, before, after, only }) => {
    const difference = differenceOf({ now: before, after, only });
    return difference === null ? [] : [{ name: `${schema}.${name}`, difference }];
  });
  if (known.length === 0) return null;
  const gained = known.filter(({ difference }) => difference > 0);
  const lost = known.filter(({ difference }) => difference < 0);
  return {
    back: gained.reduce((sum, { difference }) => sum + difference, 0),
    backIn: gained.map(({ name }) => name),
    out: lost.reduce((sum, { difference }) => sum - difference, 0),
    outOf: lost.map(({ name }) => name),
  };
}
