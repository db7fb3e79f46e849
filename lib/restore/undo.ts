import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { findEngine } from "@/lib/docker/engine";
import { duration } from "@/lib/format/durations";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import type { Job, JobResult } from "@/lib/runs/job";
import { whileStopped } from "./application";
import { connectTarget } from "./evidence";
import { restoreErrors } from "./errors";
import { PhaseMeter } from "./phase-meter";
import { outcomeOf, readRestore, updateOwnRestore } from "./record";
import { findSwapBack, swapBack } from "./swap-back";
import { settleOwn } from "./settle";
import type { RestoreInput, UndoRestoreInput } from "./schemas";

const patienceMs = 10 * 60_000;

/** Asks for a restore to be undone, or done again after it was undone. Throws `restore.nothing_to_undo` and `run.already_active`. */
export async function startUndo(ctx: Context, input: z.output<typeof UndoRestoreInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const restore = await tx.restore.findUnique({ where: { id: input.restoreId }, include: { database: true } });
    if (!restore) throw restoreErrors.not_found({});
    const { database } = restore;
    if (input.phrase !== restore.targetName) throw restoreErrors.wrong_phrase({ name: restore.targetName });
    const isOver = restore.keptUntil !== null && restore.keptUntil <= ctx.clock.now();
    if ((restore.state !== "swapped" && restore.state !== "undone") || !restore.keptName || restore.keptRemovedAt || isOver) throw restoreErrors.nothing_to_undo({ name: database.name });
    const activeKey = { key: backupKey(database.id), what: `A run on ${database.name}` };
    const what = restore.state === "swapped" ? "undo" : "redo";
    // The way is for the run's title: afterwards the restore says only where it got to.
    const { runId } = await enqueueRun(tx, ctx, { kind: "undo_restore", databaseId: database.id, backupId: restore.backupId, input: { restoreId: restore.id, way: what }, activeKey });
    await recordAudit(tx, ctx, { action: `restore.${what}_started`, outcome: "started", sentence: `Started to ${what} the restore of ${restore.targetName}`, database, runId, backupId: restore.backupId, reason: input.reason, after: { restore: restore.runId, kept: restore.keptName } });
    return { runId };
  });
}

/** Swaps back: application stopped, names swapped, application started. Seconds, whatever the size. */
export async function runUndoRestore(job: Job<z.output<typeof RestoreInput>>): Promise<JobResult> {
  const meter = new PhaseMeter();
  const { restoreId } = job.input;
  try {
    const ready = await job.step("prepare", async () => {
      const record = await readRestore(job.ctx, restoreId);
      const engine = await findEngine();
      const { server } = await connectTarget(engine, record.database, job.signal, job.tag);
      // Before anything is stopped for it: after a later restore there is nothing that this one could give back.
      await findSwapBack(record, server, job.signal);
      return { record, engine, server, plan: record.plan };
    }, ({ record }) => `${record.restore.keptName ?? ""} takes the name ${record.restore.targetName}`);
    const { restore } = ready.record;
    const isUndo = restore.state === "swapped";
    const { arrival, downFrom, downTo } = await whileStopped(job, ready, meter, async () => {
      await job.pointOfNoReturn();
      const signal = AbortSignal.timeout(patienceMs);
      return meter.time("swap", () => job.step("swap", () => swapBack(job, { restoreId, server: ready.server }, signal), ({ closed, ms }) => `${closed} connections closed, ${duration(ms)}`));
    });
    const outcome = outcomeOf(restore);
    if (outcome) await updateOwnRestore(job, restoreId, { outcome: writeJson({ ...outcome, health: arrival.health ?? outcome.health }) });
    if (arrival.failure) throw arrival.failure;
    return {
      backupId: restore.backupId,
      sentence: isUndo ? `Undid the restore of ${restore.targetName}` : `Did the restore of ${restore.targetName} again`,
      result: { restoreId },
      after: { restore: restore.runId, downtimeMs: downTo - downFrom },
    };
  } catch (error) {
    await settleOwn(job, restoreId);
    throw error;
  }
}
