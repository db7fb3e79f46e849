import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { runErrors } from "./errors";

/**
 * Asks for a run to stop. A queued run is over at once; a running one is told through its row and stops what it started
 * inside the container before it ends. Throws `run.not_active` when it is over already, and `run.past_cancelling` when it has begun
 * what must be brought to its end.
 */
export async function cancelRun(ctx: Context, input: { runId: number }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const run = await tx.run.findUnique({ where: { id: input.runId }, include: { database: { select: { id: true, name: true } } } });
    if (!run) throw runErrors.not_found(input);
    const now = ctx.clock.now();
    const ended = await tx.run.updateMany({
      where: { id: run.id, status: "queued" },
      data: { status: "cancelled", finishedAt: now, cancelRequestedAt: now, cancelRequestedBy: ctx.actor.name, activeKey: null },
    });
    if (ended.count === 0) {
      if (run.status === "running" && run.isFinal) throw runErrors.past_cancelling({ runId: run.id });
      const asked = await tx.run.updateMany({
        where: { id: run.id, status: "running", isFinal: false },
        data: { cancelRequestedAt: now, cancelRequestedBy: ctx.actor.name },
      });
      if (asked.count === 0) throw runErrors.not_active({ runId: run.id, status: run.status });
    }
    await recordAudit(tx, ctx, {
      action: "run.cancelled",
      outcome: "succeeded",
      sentence: `Cancelled run ${run.id}`,
      database: run.database,
      runId: run.id,
      backupId: run.backupId,
    });
    return { runId: run.id };
  });
}
