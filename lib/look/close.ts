import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Look } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { findEngine } from "@/lib/docker/engine";
import { removeContainer } from "@/lib/docker/labelled";
import type { Job, JobResult } from "@/lib/runs/job";
import type { z } from "zod";
import { lookErrors } from "./errors";
import type { LookIdInput } from "./schemas";

/** Closes a look by hand: its throwaway server goes, and with it all that was loaded. One that is closed already stays so. */
export async function runCloseLook(job: Job<z.output<typeof LookIdInput>>): Promise<JobResult> {
  const look = await job.ctx.db.look.findUnique({ where: { id: job.input.lookId } });
  if (!look) throw lookErrors.not_found({});
  await job.step("close", () => closeLook(job.ctx, look, null));
  return {};
}

/**
 * Removes the throwaway server of a look and marks it closed. What its questions answered is forgotten: rows of a backup have no
 * place in the record.
 */
export async function closeLook(ctx: Context, look: Look, why: string | null): Promise<void> {
  if (look.container) await removeContainer(await findEngine(), look.container);
  await transaction(ctx, async (tx) => {
    await tx.run.updateMany({ where: { kind: "query_look", backupId: look.backupId, status: { in: ["succeeded", "failed", "cancelled", "lost"] } }, data: { result: null } });
    const { count } = await tx.look.updateMany({ where: { id: look.id, state: "open" }, data: { state: "closed", closedAt: ctx.clock.now(), problem: why } });
    if (count === 0) return;
    const backup = await tx.backup.findUnique({ where: { id: look.backupId }, select: { databaseName: true, database: { select: { id: true, name: true } } } });
    await recordAudit(tx, ctx, {
      action: "look.closed",
      outcome: "succeeded",
      sentence: `Closed the look inside a backup of ${backup?.database?.name ?? backup?.databaseName ?? "a database"}`,
      database: backup?.database ?? null,
      runId: look.runId,
      backupId: look.backupId,
      reason: why,
    });
  });
}
