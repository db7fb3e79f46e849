import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { claimDeletable, deleteFiles } from "@/lib/backup/delete";
import { toNumber } from "@/lib/db/codecs";
import { AppError, toPublicError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { shortTime } from "@/lib/format/times";
import type { Job, JobResult } from "@/lib/runs/job";
import { keptWords } from "./preview-schemas";
import { decideNow, policyOf } from "./read";
import { removalReason } from "./removal-reason";
import type { PruneInput } from "./schemas";

interface Pruned {
  removed: number;
  bytes: number;
  /** Backups that stayed after all, each with the reason. */
  stayed: string[];
}

/**
 * Removes what a decision let go, oldest first, one backup at a time, each with its audit entry. Right before each it is decided once
 * more: what was kept, held, became the newest good one, or is being used meanwhile stays. A file that cannot be deleted stays listed and ends the run as failed, after the others were tried.
 */
export async function runPruneBackups(job: Job<z.output<typeof PruneInput>>): Promise<JobResult> {
  let refusal: unknown;
  const done: Pruned = { removed: 0, bytes: 0, stayed: [] };
  await job.step(
    "delete",
    async () => {
      for (const backupId of job.input.backupIds) {
        job.signal.throwIfAborted();
        try {
          await removeOne(job, backupId, done);
        } catch (error) {
          if (!(error instanceof AppError) || error.code === "run.lease_lost") throw error;
          if (error.code === "store.not_removed") refusal ??= error;
          done.stayed.push(toPublicError(error).message);
          await job.warn(`${backupId} stays: ${error.message}`);
        }
      }
      // It is about none of them alone.
      await job.ctx.db.run.update({ where: { id: job.runId }, data: { backupId: null } });
    },
    () => `${plural(done.removed, "backup")} removed, ${bytes(done.bytes)} freed${done.stayed.length > 0 ? `; ${done.stayed.length} stay` : ""}`,
  );
  if (refusal) throw refusal;
  return { sentence: `Removed ${plural(done.removed, "backup")}, ${job.input.why}`, sizeBytes: done.bytes, result: { ...done }, after: { removed: done.removed, stayed: done.stayed.length } };
}

async function removeOne(job: Job<z.output<typeof PruneInput>>, backupId: string, done: Pruned): Promise<void> {
  const backup = await claimDeletable(job, backupId);
  if (backup.databaseId !== job.databaseId) {
    done.stayed.push("It belongs to another database now.");
    return;
  }
  const decision = await decideAgain(job, backupId);
  if ("stays" in decision) {
    done.stayed.push(decision.stays);
    await job.warn(`${backupId} stays: ${decision.stays}`);
    return;
  }
  const size = toNumber(backup.sizeBytes);
  await deleteFiles(job, backup, (tx) =>
    recordAudit(tx, job.ctx, {
      action: "backup.deleted",
      outcome: "succeeded",
      sentence: `Deleted ${backup.databaseName} ${shortTime(backup.takenAt)}, ${job.input.why}`,
      database: backup.databaseId ? { id: backup.databaseId, name: backup.databaseName } : null,
      runId: job.runId,
      backupId: backup.id,
      sizeBytes: size,
      records: toNumber(backup.rows),
      reason: decision.goes,
    }),
  );
  done.removed += 1;
  done.bytes += size;
}

/** What the same rules say of it by what is on record at this moment: why they let it go, or why they do not any more. */
async function decideAgain(job: Job<z.output<typeof PruneInput>>, backupId: string): Promise<{ goes: string } | { stays: string }> {
  const { db } = job.ctx;
  const database = await db.database.findUnique({ where: { id: job.databaseId ?? "" }, select: { id: true, retention: true } });
  const policy = job.input.policy ?? (database && policyOf(database));
  if (!database || !policy) return { stays: "Its database keeps everything now." };
  const { stay, go } = await decideNow(db, database.id, policy, job.ctx.clock.now());
  const gone = go.find(({ backup }) => backup.id === backupId);
  if (gone) return { goes: removalReason(policy, gone, { why: job.input.why, actor: job.ctx.actor }) };
  const reasons = stay.find(({ backup }) => backup.id === backupId)?.reasons ?? [];
  return { stays: `Since it was decided it is kept: ${reasons.map((reason) => keptWords[reason]).join(", ") || "it is not listed any more"}.` };
}
