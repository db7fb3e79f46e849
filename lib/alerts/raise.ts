import "server-only";
import type { Clock } from "@/lib/clock";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { toWishes } from "./channels";
import { eventKinds, type Phase } from "./events";
import type { AlertFacts } from "./facts";
import { givesUpAfterMs } from "./retry";
import { AlertMessage } from "./schemas";
import { wants } from "./wants";
import { messageOf } from "./words";

export interface Raised {
  /** Names what it speaks of, such as `run:12`: nothing is told twice. */
  cause: string;
  facts: AlertFacts;
  /** Of what is over at some time: which one, which time it holds, and since when. */
  episode?: { name: string; phase: Phase; openedAt: Date };
}

/**
 * Puts an alert into the outbox inside the caller's transaction, so that it exists exactly when what it speaks of does: a message for
 * each channel that wants it, which the worker sends later. Writes nothing when no channel does. Returns how many will be told.
 */
export async function raise(tx: Tx, { clock }: { clock: Clock }, { cause, facts, episode }: Raised): Promise<number> {
  const database = "database" in facts ? facts.database : null;
  const about = { event: facts.event, databaseId: database?.id ?? null };
  const all = await tx.alertChannel.findMany({ where: { removedAt: null, isOn: true } });
  const isOver = episode?.phase === "recovered";
  // A ping says that all is well, which a good backup says itself, and which one that stands for no whole one must not.
  const isNoPing = isOver || (facts.event === "backup_succeeded" && facts.isLesser);
  const told = all.map(toWishes).filter((channel) => wants(channel, about) && !(isNoPing && channel.kind === "ping"));
  const heard = isOver ? await whoHeard(tx, episode.name) : null;
  const channels = heard ? told.filter(({ id }) => heard.has(id)) : told;
  if (channels.length === 0 || (await tx.alert.count({ where: { cause } })) > 0) return 0;
  const now = clock.now();
  const { id } = await tx.alert.create({
    data: {
      cause,
      episode: episode?.name ?? null,
      event: facts.event,
      phase: episode?.phase ?? "happened",
      // That it is over is good news, however bad it was; who hears of it follows from who heard that it began.
      severity: isOver ? "info" : eventKinds[facts.event].severity,
      at: now,
      databaseId: database?.id ?? null,
      databaseName: database?.name ?? null,
      runId: "runId" in facts ? facts.runId : null,
      backupId: "backupId" in facts ? facts.backupId : null,
      message: writeJson(messageOf(facts, { phase: episode?.phase ?? "happened", openedAt: episode?.openedAt ?? now, now })),
    },
    select: { id: true },
  });
  await tx.alertDelivery.createMany({ data: channels.map(({ id: channelId, kind }) => ({ alertId: id, channelId, state: "waiting", createdAt: now, nextAt: now, givesUpAt: new Date(now.getTime() + givesUpAfterMs[kind]) })) });
  return channels.length;
}

/** The channels that were to hear that it began, whether or not that has arrived yet. */
async function whoHeard(tx: Tx, episode: string): Promise<Set<string>> {
  const rows = await tx.alertDelivery.findMany({ where: { alert: { episode } }, select: { channelId: true }, distinct: ["channelId"] });
  return new Set(rows.map(({ channelId }) => channelId));
}

/** The words of a stored alert. */
export function readMessage(alert: { message: string }): AlertMessage {
  return readJson(AlertMessage, alert.message);
}
