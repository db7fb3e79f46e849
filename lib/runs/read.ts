import "server-only";
import { latestBy } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { RunEvent } from "@/lib/db/generated/client";
import { countsFor } from "@/lib/databases/partial";
import { byWhom } from "@/lib/backup/initiators";
import { workerStatus } from "@/lib/monitoring/worker-status";
import { sentenceOfRescan } from "@/lib/stores/sentence";
import { RescanResult } from "@/lib/stores/schemas";
import { runErrors } from "./errors";
import type { LogLine, RunView } from "./live";
import { PublicErrorSchema, RunProgress, runStatuses, type RunKind } from "./schemas";
import { readRestoreBrief } from "@/lib/restore/read-brief";
import { stepsOf } from "./steps";
import { knownKind, storeIdOf, titleOf } from "./subject";

const shortLog = 10;
const longestLog = 5_000;
const workerSilentMs = 30_000;

const include = { database: { select: { id: true, name: true } }, backup: true } as const;

/** Everything the page of a run shows, at this moment. `log: "all"` brings every line instead of the last ten. */
export async function readRun(ctx: Pick<Context, "db" | "clock">, input: { id: number; log?: "all" | undefined }): Promise<RunView> {
  const run = await ctx.db.run.findUnique({ where: { id: input.id }, include });
  if (!run) throw runErrors.not_found({ runId: input.id });
  const kind = knownKind(run.kind);
  const status = runStatuses.find((known) => known === run.status) ?? "lost";
  const now = ctx.clock.now();
  const [stepEvents, log, last, newestOther, worker, store, restore] = await Promise.all([
    ctx.db.runEvent.findMany({ where: { runId: run.id, type: { in: ["step_started", "step_finished"] } }, orderBy: { id: "asc" } }),
    readLog(ctx, run.id, input.log === "all" ? longestLog : shortLog),
    kind ? lastRun(ctx, { id: run.id, kind, databaseId: run.databaseId }) : null,
    run.databaseId ? newestOtherBackup(ctx, run.databaseId, run.backupId) : null,
    workerStatus(ctx),
    storeIdOf(run.input) ? ctx.db.store.findUnique({ where: { id: storeIdOf(run.input) ?? "" }, select: { name: true } }) : null,
    readRestoreBrief(ctx, run),
  ]);
  return {
    now: now.toISOString(),
    id: run.id,
    kind,
    title: titleOf(run.id, { ...run, storeName: store?.name ?? null }),
    status,
    database: run.database,
    restore: restore?.brief ?? null,
    isFinal: run.isFinal && status === "running",
    backup: run.backup
      ? { id: run.backup.id, takenAt: run.backup.takenAt.toISOString(), databaseName: run.backup.databaseName, sizeBytes: toNumber(run.backup.sizeBytes), rung: run.backup.rung, deleted: run.backup.deletedAt !== null }
      : null,
    startedBy: byWhom(run.initiatorKind, run.initiatorName),
    queuedAt: run.queuedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    cancelRequestedBy: run.cancelRequestedBy,
    workerHeard: worker.heartbeatAt !== null && now.getTime() - worker.heartbeatAt.getTime() < workerSilentMs,
    steps: kind ? stepsOf({ kind, status }, stepEvents, last?.stepMs ?? new Map(), restore?.belongs) : [],
    progress: readJson(RunProgress, run.progress),
    last: last ? { runId: last.runId, ms: last.ms, sizeBytes: last.sizeBytes } : null,
    error: readJson(PublicErrorSchema, run.error),
    warnings: log.warnings,
    log: { lines: log.lines, total: log.total },
    newestOther,
    outcome: kind === "rescan_store" && run.result ? sentenceOfRescan(readJson(RescanResult, run.result)) : null,
  };
}

const shownTypes = ["log", "warning", "step_finished"] as const;

async function readLog(ctx: Pick<Context, "db">, runId: number, most: number): Promise<{ lines: LogLine[]; total: number; warnings: string[] }> {
  const where = { runId, type: { in: [...shownTypes] }, message: { not: "" } };
  const [newest, total, warnings] = await Promise.all([
    ctx.db.runEvent.findMany({ where, orderBy: { id: "desc" }, take: most }),
    ctx.db.runEvent.count({ where }),
    ctx.db.runEvent.findMany({ where: { runId, type: "warning" }, orderBy: { id: "asc" }, take: 20, select: { message: true } }),
  ]);
  return { lines: newest.reverse().map(toLine), total, warnings: warnings.map(({ message }) => message) };
}

function toLine(event: RunEvent): LogLine {
  const type = event.type === "warning" ? "warning" : event.type === "step_finished" ? "step" : "log";
  return { id: event.id, at: event.at.toISOString(), type, text: event.message };
}

/** The newest earlier run of the same kind on the same database that succeeded, with the time of each of its steps. */
async function lastRun(ctx: Pick<Context, "db">, run: { id: number; kind: RunKind; databaseId: string | null }) {
  const found = await ctx.db.run.findFirst({
    where: { databaseId: run.databaseId, kind: run.kind, status: "succeeded", id: { lt: run.id } },
    orderBy: { id: "desc" },
    select: { id: true, startedAt: true, finishedAt: true, backup: { select: { sizeBytes: true } }, events: { where: { type: "step_finished" }, select: { step: true, ms: true } } },
  });
  if (!found?.startedAt || !found.finishedAt) return null;
  const stepMs = new Map(found.events.flatMap(({ step, ms }) => (step !== null && ms !== null ? [[step, ms] as const] : [])));
  return { runId: found.id, ms: found.finishedAt.getTime() - found.startedAt.getTime(), sizeBytes: toNumber(found.backup?.sizeBytes ?? null), stepMs };
}

async function newestOtherBackup(ctx: Pick<Context, "db" | "clock">, databaseId: string, own: string | null): Promise<RunView["newestOther"]> {
  const found = await ctx.db.backup.findFirst({
    where: { ...(await countsFor(ctx.db, databaseId)), databaseId, deletedAt: null, rung: { gte: 3 }, problem: null, takenAt: { lte: latestBy(ctx.clock.now()) }, ...(own ? { id: { not: own } } : {}) },
    orderBy: { takenAt: "desc" },
    select: { id: true, takenAt: true },
  });
  return found ? { id: found.id, takenAt: found.takenAt.toISOString() } : null;
}
