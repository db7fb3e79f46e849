import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/record";
import { requireChannelUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { getChannel, toChannel, type Channel } from "./channels";
import { describeChannel } from "./describe";
import { alertErrors } from "./errors";
import { pingEvents } from "./events";
import { dropWaiting } from "./outbox";
import type { SaveChannelInput } from "./schemas";
import { seal } from "./seal";
import { mergeSecret, targetOf } from "./secret";

/**
 * Adds a channel, or changes one. A secret that is left empty stays as it is set. Throws `alert.name_taken`, `alert.kind_fixed`,
 * `alert.unknown_database`, and for a secret that is needed `alert.address_missing`, `alert.password_missing`, `alert.signing_missing`.
 */
export async function saveChannel(ctx: Context, input: SaveChannelInput): Promise<{ channelId: string }> {
  return transaction(ctx, async (tx) => {
    const before = input.channelId === null ? null : await getChannel(tx, input.channelId);
    if (before) await requireChannelUnmanaged(tx, ctx, before);
    if (before && before.kind !== input.kind) throw alertErrors.kind_fixed({});
    await requireFree(tx, input);
    const id = before?.id ?? randomUUID();
    const secret = mergeSecret(input, before);
    const isPing = input.kind === "ping";
    const row = {
      name: input.name,
      kind: input.kind,
      isOn: input.isOn,
      severity: isPing ? "info" : input.severity,
      events: writeJson(isPing ? pingEvents : input.events),
      databaseIds: input.databaseIds ? writeJson(input.databaseIds) : null,
      target: writeJson(targetOf(input, before)),
      secret: secret.all ? seal(secret.all, id) : (secret.isKept ? (before?.secret ?? null) : null),
    };
    const after = toChannel(await tx.alertChannel.upsert({ where: { id }, create: { id, ...row, createdAt: ctx.clock.now() }, update: row }));
    if (before?.isOn && !input.isOn) await dropWaiting(tx, ctx, id, "The channel was turned off.");
    await recordAudit(tx, ctx, {
      action: "alert.channel_saved",
      outcome: "succeeded",
      sentence: before ? `Changed the notification channel ${after.name}` : `Added the notification channel ${after.name}`,
      before: before && (await describe(tx, before)),
      after: await describe(tx, after, before ? secret.entered : []),
    });
    return { channelId: id };
  });
}

/** Takes a channel out of use. What waits for it is dropped; what it was told stays on record. Throws `alert.channel_not_found`. */
export async function removeChannel(ctx: Context, { channelId }: { channelId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const channel = await getChannel(tx, channelId);
    await requireChannelUnmanaged(tx, ctx, channel);
    await tx.alertChannel.update({ where: { id: channelId }, data: { removedAt: ctx.clock.now(), isOn: false, secret: null } });
    await dropWaiting(tx, ctx, channelId, "The channel was removed.");
    await recordAudit(tx, ctx, { action: "alert.channel_removed", outcome: "succeeded", sentence: `Removed the notification channel ${channel.name}`, before: await describe(tx, channel) });
  });
}

async function requireFree(tx: Tx, { channelId, name, databaseIds }: SaveChannelInput): Promise<void> {
  const other = await tx.alertChannel.count({ where: { name, removedAt: null, ...(channelId ? { id: { not: channelId } } : {}) } });
  if (other > 0) throw alertErrors.name_taken({ name });
  if (databaseIds && (await tx.database.count({ where: { id: { in: databaseIds } } })) !== new Set(databaseIds).size) throw alertErrors.unknown_database({});
}

async function describe(tx: Tx, channel: Channel, changed: readonly string[] = []) {
  const databases = channel.databaseIds ? await tx.database.findMany({ where: { id: { in: [...channel.databaseIds] } }, select: { name: true }, orderBy: { name: "asc" } }) : null;
  return describeChannel(channel, databases?.map(({ name }) => name) ?? null, changed);
}
