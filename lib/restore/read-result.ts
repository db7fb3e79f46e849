import "server-only";
import { z } from "zod";
import { byWhom } from "@/lib/backup/initiators";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { runStatuses } from "@/lib/runs/schemas";
import { isRedo } from "@/lib/runs/subject";
import { restoreIdOf } from "./read-brief";
import { followUpKinds, type RestoreView } from "./result";
import { RestoreOutcome, RestorePlan, restoreMethods, restoreStates, StoppedContainers } from "./schemas";

const include = { run: true, database: true, backup: { select: { id: true, takenAt: true, deletedAt: true } } } as const satisfies Prisma.RestoreInclude;
type Row = Prisma.RestoreGetPayload<{ include: typeof include }>;

/** The restore that a run made, undid or decided on; null for any other run. */
export async function readRestoreOfRun(ctx: Pick<Context, "db" | "clock">, runId: number): Promise<RestoreView | null> {
  const own = await ctx.db.restore.findUnique({ where: { runId }, include });
  if (own) return toView(ctx, own);
  const run = await ctx.db.run.findUnique({ where: { id: runId }, select: { kind: true, input: true } });
  const restoreId = run && followUpKinds.some((kind) => kind === run.kind) ? restoreIdOf(run.input) : null;
  const found = restoreId ? await ctx.db.restore.findUnique({ where: { id: restoreId }, include }) : null;
  return found ? toView(ctx, found) : null;
}

async function toView(ctx: Pick<Context, "db" | "clock">, row: Row): Promise<RestoreView> {
  const [drill, followUps] = await Promise.all([
    ctx.db.drill.findFirst({ where: { databaseId: row.databaseId, outcome: "passed", totalMs: { not: null }, startedAt: { lt: row.startedAt } }, orderBy: { startedAt: "desc" }, select: { totalMs: true, startedAt: true } }),
    ctx.db.run.findMany({ where: { databaseId: row.databaseId, kind: { in: [...followUpKinds] }, id: { gt: row.runId } }, orderBy: { id: "asc" } }),
  ]);
  const { decision } = readJson(RestorePlan, row.plan);
  const status = z.enum(runStatuses).parse(row.run.status);
  return {
    now: ctx.clock.now().toISOString(),
    id: row.id,
    runId: row.runId,
    runStatus: status,
    state: z.enum(restoreStates).parse(row.state),
    method: z.enum(restoreMethods).parse(row.method),
    reason: row.reason,
    by: byWhom(row.run.initiatorKind, row.run.initiatorName),
    database: { id: row.databaseId, name: row.database.name },
    container: decision.container,
    backup: { id: row.backupId, takenAt: row.backup.takenAt.toISOString(), isDeleted: row.backup.deletedAt !== null },
    decision,
    targetName: row.targetName,
    stagingName: row.stagingName,
    hadPrevious: row.previousOid !== null,
    kept: row.keptName === null ? null : { name: row.keptName, sizeBytes: toNumber(row.keptBytes), until: row.keptUntil?.toISOString() ?? null, removedAt: row.keptRemovedAt?.toISOString() ?? null, isThere: row.keptRemovedAt === null },
    startedAt: row.startedAt.toISOString(),
    swappedAt: row.swappedAt?.toISOString() ?? null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    totalMs: row.totalMs,
    downtimeMs: row.downtimeMs,
    objectiveMs: row.database.objectiveRtoSeconds * 1_000,
    drill: drill?.totalMs == null ? null : { totalMs: drill.totalMs, at: drill.startedAt.toISOString() },
    stopped: (readJson(StoppedContainers, row.stopped) ?? []).map(({ name }) => name),
    outcome: readJson(RestoreOutcome, row.outcome),
    followUps: followUps
      .filter((run) => restoreIdOf(run.input) === row.id)
      .map((run) => ({ runId: run.id, kind: z.enum(followUpKinds).parse(run.kind), isRedo: isRedo(run), status: z.enum(runStatuses).parse(run.status), by: byWhom(run.initiatorKind, run.initiatorName), at: run.queuedAt.toISOString() })),
  };
}
