import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { toChannel } from "./channels";
import { alertErrors } from "./errors";
import { readMessage } from "./raise";
import { givesUpAfterMs } from "./retry";

/** Settled messages, and alerts nobody waits for any more, are kept this long. */
const keptMs = 180 * 86_400_000;
const mostAtOnce = 1_000;

/** What waits for a channel that will not take it any more. */
export async function dropWaiting(tx: Tx, ctx: Pick<Context, "clock">, channelId: string, why: string): Promise<void> {
  await tx.alertDelivery.updateMany({ where: { channelId, state: { in: ["waiting", "sending"] } }, data: { state: "dropped", answer: why, settledAt: ctx.clock.now(), claimedBy: null } });
}

/** Has a message that did not arrive tried again at once, and for as long as a new one; a mail only for those who do not have it. Throws `alert.delivery_settled`, `alert.channel_not_found`. */
export async function retryDelivery(ctx: Context, { deliveryId }: { deliveryId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const row = await tx.alertDelivery.findUnique({ where: { id: deliveryId }, include: { alert: true, channel: true } });
    if (!row || row.channel.removedAt) throw alertErrors.channel_not_found({});
    const channel = toChannel(row.channel);
    const now = ctx.clock.now();
    const { count } = await tx.alertDelivery.updateMany({
      where: { id: deliveryId, state: { in: ["waiting", "given_up"] } },
      data: { state: "waiting", attempts: 0, nextAt: now, givesUpAt: new Date(now.getTime() + givesUpAfterMs[channel.kind]), settledAt: null, claimedBy: null, refusedFor: null },
    });
    if (count !== 1) throw alertErrors.delivery_settled({});
    await recordAudit(tx, ctx, { action: "alert.retried", outcome: "started", sentence: `Sends a notification to ${channel.name} again: ${readMessage(row.alert).subject}`, database: row.alert.databaseId ? { id: row.alert.databaseId, name: row.alert.databaseName ?? "" } : null, runId: row.alert.runId });
  });
}

/** Forgets what was settled half a year ago. The audit log and the runs keep what it spoke of. */
export async function pruneAlerts({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  const old = new Date(clock.now().getTime() - keptMs);
  const rows = await db.alert.findMany({ where: { at: { lt: old }, deliveries: { none: { state: { in: ["waiting", "sending"] } } } }, select: { id: true }, take: mostAtOnce });
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await transaction({ db }, async (tx) => {
    await tx.alertDelivery.deleteMany({ where: { alertId: { in: ids } } });
    await tx.alert.deleteMany({ where: { id: { in: ids } } });
  });
}
