import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { findEngine } from "@/lib/docker/engine";
import { plural } from "@/lib/format/counts";
import { dropDatabase, maintenance } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import type { Job, JobResult } from "@/lib/runs/job";
import { connectTarget } from "./evidence";
import { restoreErrors } from "./errors";
import { dressUp } from "./dress-up";
import { PhaseMeter } from "./phase-meter";
import { putInPlace } from "./place";
import { outcomeOf, readRestore, updateOwnRestore, type RestoreRecord } from "./record";
import { settleOwn } from "./settle";
import { propertiesOf } from "./stage";
import type { ResolveRunInput, ResolveStagedInput } from "./schemas";

/**
 * Decides about a staging database whose rows are whole and that lacks something behind them, or could not get its name: put in place with
 * what it lacks on record, or removed. Throws `restore.not_waiting` when there is none.
 */
export async function startResolve(ctx: Context, input: z.output<typeof ResolveStagedInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const restore = await tx.restore.findUnique({ where: { id: input.restoreId }, include: { database: true } });
    if (!restore) throw restoreErrors.not_found({});
    if (restore.state !== "staged_incomplete" || !restore.stagingName) throw restoreErrors.not_waiting({});
    const phrase = input.decide === "swap" ? restore.targetName : restore.stagingName;
    if (input.phrase !== phrase) throw restoreErrors.wrong_phrase({ name: phrase });
    const activeKey = { key: backupKey(restore.databaseId), what: `A run on ${restore.database.name}` };
    const { runId } = await enqueueRun(tx, ctx, { kind: "resolve_staged", databaseId: restore.databaseId, backupId: restore.backupId, input: { restoreId: restore.id, decide: input.decide }, activeKey });
    const sentence = input.decide === "swap" ? `Started to put ${restore.stagingName} in place${(outcomeOf(restore)?.exceptions.length ?? 0) > 0 ? " with what it lacks" : ""}` : `Started to remove ${restore.stagingName}`;
    await recordAudit(tx, ctx, { action: "restore.resolved", outcome: "started", sentence, database: restore.database, runId, backupId: restore.backupId, reason: input.reason || null, after: { decide: input.decide, exceptions: outcomeOf(restore)?.exceptions ?? [] } });
    return { runId };
  });
}

/** Does what was decided. A restored database with exceptions is live afterwards, and never proven. */
export async function runResolveStaged(job: Job<ResolveRunInput>): Promise<JobResult> {
  const meter = new PhaseMeter();
  const { restoreId, decide } = job.input;
  const { record, engine, server } = await job.step("prepare", async () => {
    const found = await readRestore(job.ctx, restoreId);
    const client = await findEngine();
    return { record: found, engine: client, ...(await connectTarget(client, found.database, job.signal, job.tag)) };
  });
  const { restore, plan } = record;
  const { stagingName: name, restoredOid: oid } = restore;
  if (restore.state !== "staged_incomplete" || !name || !oid) throw restoreErrors.not_waiting({});
  const exceptions = outcomeOf(restore)?.exceptions ?? [];
  try {
    if (decide === "drop") {
      await job.step("drop", () => dropStaged(job, server, record, { name, oid }), () => `${name} is gone`);
      return { backupId: restore.backupId, sentence: `Removed ${name}`, result: { restoreId } };
    }
    const elsewhere = await maintenance(server, [plan.decision.databaseName, name], job.signal);
    const properties = await propertiesOf(elsewhere, plan.decision.databaseName, name, job.signal);
    await dressUp(elsewhere, name, plan, properties, job.signal);
    const placed = await putInPlace(job, { record, engine, server, plan, staged: { name, oid } }, meter);
    const outcome = outcomeOf(restore);
    if (outcome) await updateOwnRestore(job, restoreId, { outcome: writeJson({ ...outcome, phases: { ...outcome.phases, ...meter.phases }, closedSessions: placed.closedSessions, downFrom: placed.downFrom, downTo: placed.downTo, health: placed.health }) });
    // It waited for a person, and it is no measure of a restore that does not.
    await updateOwnRestore(job, restoreId, { finishedAt: job.ctx.clock.now(), downtimeMs: placed.downtimeMs });
    if (placed.failure) throw placed.failure;
    return { backupId: restore.backupId, sentence: `Restored ${plan.decision.targetName}${exceptions.length > 0 ? ` without ${plural(exceptions.length, "thing")}` : ""}`, result: { restoreId }, after: { exceptions, downtimeMs: placed.downtimeMs } };
  } catch (error) {
    await settleOwn(job, restoreId);
    throw error;
  }
}

/** Drops what was staged, by name and OID. Throws `restore.kept_in_use`. */
async function dropStaged(job: Job, server: Server, { restore, plan }: RestoreRecord, { name, oid }: { name: string; oid: string }): Promise<void> {
  await job.renewLease();
  // A crash from here on is looked at, and a worker that only slept finds nothing of this name any more.
  await updateOwnRestore(job, restore.id, { state: "swapping" });
  if (!(await dropDatabase(server, { name, oid }, job.signal))) throw restoreErrors.kept_in_use({ name });
  // In place the live one was dropped before, and now nothing is left of either.
  const isDropped = plan.decision.method === "in_place" && restore.previousOid !== null;
  const now = job.ctx.clock.now();
  await updateOwnRestore(job, restore.id, { state: "failed", stagingName: null, keptBytes: null, finishedAt: now, ...(isDropped ? { keptRemovedAt: now } : {}) });
}
