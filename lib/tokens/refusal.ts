import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";

const onceEveryMs = 3_600_000;

/** Writes down what a token was refused, once an hour for the same thing: a script tries again every minute, for ever. */
export async function recordRefusal(ctx: Context, sentence: string, after: Record<string, unknown>): Promise<void> {
  const since = new Date(ctx.clock.now().getTime() - onceEveryMs);
  await transaction(ctx, async (tx) => {
    const before = await tx.auditEntry.findFirst({ where: { at: { gt: since }, action: "access.refused", actorId: ctx.actor.id, sentence }, select: { id: true } });
    if (!before) await recordAudit(tx, ctx, { action: "access.refused", outcome: "refused", sentence, after });
  });
}
