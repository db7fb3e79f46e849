import { z } from "zod";
import { RestoreBrief } from "@/lib/restore/result";
import { isActive, PublicErrorSchema, runKinds, RunProgress, runStatuses, stepNames } from "./schemas";

const Line = z.object({ id: z.number().int(), at: z.string(), type: z.enum(["log", "warning", "step"]), text: z.string() });
export type LogLine = z.output<typeof Line>;

const StepView = z.object({
  name: z.enum(stepNames),
  state: z.enum(["done", "now", "todo", "failed", "skipped"]),
  /** What it did; empty until it is over. */
  detail: z.string(),
  startedAt: z.string().nullable(),
  ms: z.number().nullable(),
  /** How long the same step took in the last run that succeeded. */
  lastMs: z.number().nullable(),
});
export type StepView = z.output<typeof StepView>;

/** What GET /api/runs/<id> answers, and what the page draws before the first answer. */
export const RunView = z.object({
  /** The server's time. */
  now: z.string(),
  id: z.number().int(),
  kind: z.enum(runKinds).nullable(),
  title: z.string(),
  status: z.enum(runStatuses),
  database: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The restore that it makes, undoes or decides on. */
  restore: RestoreBrief.nullable(),
  /** Whether it has begun what must be brought to its end, so that it cannot be cancelled. */
  isFinal: z.boolean(),
  /** The backup it works on or produced. */
  backup: z.object({ id: z.string(), takenAt: z.string(), databaseName: z.string(), sizeBytes: z.number(), rung: z.number().int(), deleted: z.boolean() }).nullable(),
  startedBy: z.string(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  cancelRequestedBy: z.string().nullable(),
  /** False while no worker has been heard for 30 s: a queued run then waits for one. */
  workerHeard: z.boolean(),
  steps: z.array(StepView),
  progress: RunProgress.nullable(),
  /** The last run of this kind on this database that succeeded. */
  last: z.object({ runId: z.number().int(), ms: z.number(), sizeBytes: z.number().nullable() }).nullable(),
  error: PublicErrorSchema.nullable(),
  warnings: z.array(z.string()),
  log: z.object({ lines: z.array(Line), total: z.number().int() }),
  /** The newest backup of the database that could be read and that this run did not make. */
  newestOther: z.object({ id: z.string(), takenAt: z.string() }).nullable(),
  /** What a finished run says of itself beside its backup: counts of a rescan. */
  outcome: z.string().nullable(),
});
export type RunView = z.output<typeof RunView>;

/**
 * The later of two answers about a run. A run that has ended never runs again, so an end is later than anything before it, whatever the
 * clocks say: the page drawn by the server may know of one that no poll has brought.
 */
export function laterView(one: RunView, other: RunView): RunView {
  if (isActive(one.status) !== isActive(other.status)) return isActive(one.status) ? other : one;
  return Date.parse(other.now) > Date.parse(one.now) ? other : one;
}

/** After this long without a byte the page speaks of a stall. */
export const stallAfterMs = 40_000;
const rateWindow = 10;

/** Bytes per second over the last ten seconds, or fewer at the start; null before the first second is over. */
export function recentRate(perSecond: readonly number[]): number | null {
  const last = perSecond.slice(-rateWindow);
  return last.length === 0 ? null : last.reduce((sum, bytes) => sum + bytes, 0) / last.length;
}

/** Steps that begin with their bytes. The others move none, or have to count or prepare first for as long as that takes. */
const movesAtOnce: ReadonlySet<StepView["name"]> = new Set(["dump", "read_back", "decode", "stage", "load", "inspect", "stage_tables", "export_table"]);

/** How long no data has come, when that is worth saying. Only steps that move bytes can stall. */
export function stalledFor({ status, progress, steps }: Pick<RunView, "status" | "progress" | "steps">, now: number): number | null {
  const since = status !== "running" ? null : progress && progress.bytes > 0 ? progress.lastDataAt : firstByteSince(steps, progress);
  if (since === null) return null;
  const silent = now - Date.parse(since);
  return silent >= stallAfterMs ? silent : null;
}

/**
 * Since when the first byte of the step under way is waited for: a dump may stand before a lock. Null where none is due: what names the
 * tables it works on does work, such as a dump into a directory, whose bytes come in the end.
 */
function firstByteSince(steps: readonly StepView[], progress: RunProgress | null): string | null {
  const step = steps.find(({ state }) => state === "now");
  return step && movesAtOnce.has(step.name) && !progress?.detail ? step.startedAt : null;
}

/** When each step that is still to come should be over, from what they took last time. Null where one is not known. */
export function expectedEnds(steps: readonly StepView[], now: number): Map<StepView["name"], number> {
  const ends = new Map<StepView["name"], number>();
  let at: number | null = null;
  for (const step of steps) {
    if (step.state === "now") at = step.lastMs === null || step.startedAt === null ? null : Math.max(now, Date.parse(step.startedAt) + step.lastMs);
    else if (step.state === "todo") at = at === null || step.lastMs === null ? null : at + step.lastMs;
    else continue;
    if (at === null) break;
    ends.set(step.name, at);
  }
  return ends;
}
