import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { getChannel, open, type Channel } from "./channels";
import type { Outgoing } from "./outgoing";
import { send } from "./send";
import type { TestAnswer } from "./schemas";

/**
 * Sends a real message over a channel at once, and returns the receiver's own words. The web process does it itself: whoever tests a
 * channel wants the answer on the screen, also while the worker is away, and it needs neither Docker nor a store. A ping has no
 * words for a test: it says again how the last backup ended, because "all is well" would be an invention.
 */
export async function testChannel(ctx: Context, { channelId }: { channelId: string }): Promise<TestAnswer> {
  const channel = await getChannel(ctx.db, channelId);
  const opened = open(channel);
  const out = await testMessage(ctx, channel);
  const started = Date.now();
  const result = await send(opened, out, ctx);
  const { isSent, answer } = result;
  const isPartly = !result.isSent && result.speaksOf === "message" && (result.recipients?.arrived.length ?? 0) > 0;
  const tookMs = Date.now() - started;
  await transaction(ctx, (tx) => recordAudit(tx, ctx, { action: "alert.channel_tested", outcome: isSent ? "succeeded" : "failed", sentence: `Tested the notification channel ${channel.name}`, reason: isSent ? null : answer }));
  return { isSent, isPartly, answer, tookMs };
}

async function testMessage(ctx: Context, channel: Channel): Promise<Outgoing> {
  const id = randomUUID();
  const event = channel.kind === "ping" ? await lastOutcome(ctx, channel) : "test";
  return {
    id,
    eventId: id,
    event,
    phase: "happened",
    severity: "info",
    at: ctx.clock.now(),
    database: null,
    runId: null,
    backupId: null,
    message: {
      subject: "Test: a message from Holdfast",
      happened: `${ctx.actor.name} tested the channel ${channel.name} of ${env.installationName}.`,
      meaning: "Messages from Holdfast arrive here.",
      todo: "Nothing.",
      path: "/settings/notifications",
    },
  };
}

/** Without a backup there is nothing good to say. */
async function lastOutcome({ db }: Context, { databaseIds }: Channel): Promise<"backup_succeeded" | "backup_failed"> {
  const last = await db.run.findFirst({
    where: { kind: "backup", status: { in: ["succeeded", "failed", "lost"] }, ...(databaseIds ? { databaseId: { in: [...databaseIds] } } : {}) },
    orderBy: { id: "desc" },
    select: { status: true },
  });
  return last?.status === "succeeded" ? "backup_succeeded" : "backup_failed";
}
