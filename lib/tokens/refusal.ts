import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import type { PublicError } from "@/lib/errors";

const onceEveryMs = 3_600_000;

/** Writes down what a token was refused, once an hour for the same thing: a script tries again every minute, for ever. */
export async function recordRefusal(ctx: Context, sentence: string, after: Record<string, unknown>): Promise<void> {
  const since = new Date(ctx.clock.now().getTime() - onceEveryMs);
  await transaction(ctx, async (tx) => {
    const before = await tx.auditEntry.findFirst({ where: { at: { gt: since }, action: "access.refused", actorId: ctx.actor.id, sentence }, select: { id: true } });
    if (!before) await recordAudit(tx, ctx, { action: "access.refused", outcome: "refused", sentence, after });
  });
}

/** Writes down what an operation itself refused somebody who was let in, under the name of the attempt. */
export async function recordForbidden(ctx: Context, attempt: string, { code, message }: PublicError): Promise<void> {
  const sentence = `Refused ${attempt}: ${message.replace(/\.( .*)?$/, "")}`;
  const after = { attempt, code };
  if (ctx.actor.kind === "token") await recordRefusal(ctx, sentence, after);
  else await transaction(ctx, (tx) => recordAudit(tx, ctx, { action: "access.refused", outcome: "refused", sentence, after }));
}
