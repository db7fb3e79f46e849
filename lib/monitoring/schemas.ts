import { z } from "zod";
import { rungs } from "@/lib/backup/schemas";

/** The six states, worst first: lists sort in this order, and the worst one speaks for the whole. */
export const states = ["exposed", "unknown", "at_risk", "running", "paused", "protected"] as const;
export type State = (typeof states)[number];

/** The worst of several states. Nothing at all is unknown: no evidence is never green. */
export function worst(all: Iterable<State>): State {
  const present = new Set(all);
  return states.find((state) => present.has(state)) ?? "unknown";
}

/** Orders worst first, for `Array.sort`. */
export function byState(a: State, b: State): number {
  return states.indexOf(a) - states.indexOf(b);
}

/** What a day was. Only a proven day is a full green tick. */
export const dayStates = ["proven", "backed_up", "problem", "resolved", "missed", "nothing", "unknown"] as const;
export type DayState = (typeof dayStates)[number];

/** A worker whose heartbeat is older than this is silent, and what it reported before is not evidence any more. */
export const silentAfterMs = 30_000;

/** Stores are looked at every minute; one that hangs, as a network drive does, is not known to be there. */
export const storeUnseenAfterMs = 5 * 60_000;

export const StateName = z.enum(states);
/** One thing to do: go somewhere, or start a backup of a database. */
export const OverviewAction = z.union([
  z.object({ kind: z.literal("link"), label: z.string(), href: z.string() }),
  z.object({ kind: z.literal("backup"), label: z.string(), databaseId: z.string() }),
]);
export type OverviewAction = z.output<typeof OverviewAction>;

export const Verdict = z.object({ state: StateName, headline: z.string(), sentences: z.array(z.string()), actions: z.array(OverviewAction) });
export type Verdict = z.output<typeof Verdict>;

export const AttentionItem = z.object({
  id: z.string(),
  /** Null: advice. Nothing is wrong. */
  state: StateName.nullable(),
  title: z.string(),
  /** A whole sentence. */
  detail: z.string(),
  /** The tool's own words, drawn as such. */
  toolOutput: z.string().nullable(),
  action: z.object({ label: z.string(), href: z.string() }),
});
export type AttentionItem = z.output<typeof AttentionItem>;

export const OverviewDatabase = z.object({
  id: z.string(),
  name: z.string(),
  container: z.string(),
  serverVersion: z.string().nullable(),
  state: StateName,
  /** The newest that can be restored; null without evidence. */
  newest: z.object({ backupId: z.string(), rung: z.enum(rungs), takenAt: z.string() }).nullable(),
  /** Why nothing is known, for the place of the ladder. */
  unknownWhy: z.string().nullable(),
  unknownSince: z.string().nullable(),
  objectiveRpoSeconds: z.number(),
  objectiveRtoSeconds: z.number(),
  /** The last drill or restore of a backup as large that was timed to its end, and the size of that backup; null where none was, and nothing is estimated. */
  measured: z.object({ kind: z.enum(["drill", "disaster", "restore"]), totalMs: z.number(), sizeBytes: z.number(), at: z.string(), runId: z.number() }).nullable(),
  activeRunId: z.number().nullable(),
  /** When it is backed up by itself; null: only by hand. `at` is null while nobody knows when a pause ends. */
  nextRun: z.object({ at: z.string().nullable(), sentence: z.string(), pausedBy: z.string().nullable() }).nullable(),
  days: z.array(z.object({ at: z.string(), state: z.enum(dayStates), note: z.string().optional() })),
});
export type OverviewDatabase = z.output<typeof OverviewDatabase>;

export const OverviewStore = z.object({
  id: z.string(),
  name: z.string(),
  problem: z.string().nullable(),
  checkedAt: z.string().nullable(),
  totalBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  backups: z.number(),
  use: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** "about 6 to 9 weeks"; null where no forecast stands. */
  fillsIn: z.string().nullable(),
});
export type OverviewStore = z.output<typeof OverviewStore>;

/** How far setting up has come; only while no backup exists. */
export const FirstSteps = z.object({
  database: z.object({ name: z.string(), id: z.string(), detail: z.string(), testedAt: z.string().nullable() }).nullable(),
  store: z.object({ name: z.string(), path: z.string(), testedAt: z.string().nullable() }).nullable(),
  activeRunId: z.number().nullable(),
  failedRunId: z.number().nullable(),
});
export type FirstSteps = z.output<typeof FirstSteps>;

/** What GET /api/overview answers. */
export const Overview = z.object({
  now: z.string(),
  /** Null: no database is registered. */
  verdict: Verdict.nullable(),
  firstSteps: FirstSteps.nullable(),
  databases: z.array(OverviewDatabase),
  attention: z.array(AttentionItem),
  stores: z.array(OverviewStore),
  /** Something runs: ask again soon. */
  isActive: z.boolean(),
});
export type Overview = z.output<typeof Overview>;
