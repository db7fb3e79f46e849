import "server-only";
import { latestBy } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Alert, AlertDelivery } from "@/lib/db/generated/client";
import { toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { open, toChannel, type Channel } from "./channels";
import { nobodyYet, Outgoing, Recipients, type SendResult } from "./outgoing";
import { readMessage } from "./raise";
import { isDueAt, waitAfter } from "./retry";
import { send } from "./send";

/** Longer than any attempt can take. Whoever claimed a message and died is not waited for longer than this. */
const leaseMs = 120_000;
/** What is behind after that many goes on at the next round. */
const mostInARow = 50;

type Claimed = AlertDelivery & { alert: Alert };
type Sending = Pick<Context, "db" | "clock">;

/**
 * Sends what is due, each channel for itself, so that a slow one holds up no other. A message is claimed by a conditional update
 * before it is sent; any number of processes can do so at once. `by` names this process, `isGone` says whether another one has ended.
 */
export class Deliverer {
  readonly #busy = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(
    private readonly ctx: Sending,
    private readonly by: string,
    private readonly isGone: (by: string) => boolean = () => false,
  ) {}

  /** Begins with every channel that has something due and is not being sent to already. Resolves when those are done. */
  async round(): Promise<void> {
    const due = await this.begin();
    await Promise.all(due.map((channelId) => this.#busy.get(channelId)));
  }

  /** The same, and waits for none of them: a channel that takes its time delays no other. Answers what is being sent to. */
  async begin(): Promise<string[]> {
    if (this.#stopping) return [];
    await this.#freeClaims();
    const { db, clock } = this.ctx;
    const due = await db.alertDelivery.findMany({ where: { state: { in: ["waiting", "sending"] }, ...isDueAt(clock.now()), channel: { isOn: true } }, select: { channelId: true }, distinct: ["channelId"] });
    for (const { channelId } of due) {
      if (this.#busy.has(channelId)) continue;
      const work = this.#serve(channelId)
        .catch((error: unknown) => log.error({ err: error, channelId }, "notifications could not be sent"))
        .finally(() => this.#busy.delete(channelId));
      this.#busy.set(channelId, work);
    }
    return due.map(({ channelId }) => channelId);
  }

  /** Begins nothing new, and lets what is being sent arrive for `graceMs`. What is cut off then is claimed again by another. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([Promise.all(this.#busy.values()), new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
  }

  /** What a process of this machine was sending when it ended. */
  async #freeClaims(): Promise<void> {
    const { db, clock } = this.ctx;
    const claimed = await db.alertDelivery.findMany({ where: { state: "sending" }, select: { id: true, claimedBy: true } });
    for (const { id, claimedBy } of claimed) {
      if (claimedBy === null || claimedBy === this.by || !this.isGone(claimedBy)) continue;
      await db.alertDelivery.updateMany({ where: { id, state: "sending", claimedBy }, data: { state: "waiting", nextAt: clock.now(), claimedBy: null } });
    }
  }

  async #serve(channelId: string): Promise<void> {
    for (let sent = 0; sent < mostInARow && !this.#stopping; sent += 1) {
      const channel = toChannel(await this.ctx.db.alertChannel.findUniqueOrThrow({ where: { id: channelId } }));
      const claimed = await this.#claim(channel);
      if (!claimed) return;
      const result = await attempt(this.ctx, channel, claimed);
      await this.#record(channel, claimed, result);
      if (!result.isSent && result.speaksOf === "channel") return;
    }
  }

  /** The next message, now this process's; null when none is due. Those that failed before come last, so that one cannot hold up the rest. */
  async #claim(channel: Channel): Promise<Claimed | null> {
    const { db, clock } = this.ctx;
    const now = clock.now();
    const next = await db.alertDelivery.findFirst({
      where: { channelId: channel.id, state: { in: ["waiting", "sending"] }, ...isDueAt(now) },
      orderBy: [{ attempts: "asc" }, { createdAt: "asc" }],
      include: { alert: true },
    });
    if (!next) return null;
    const given = await this.#lapse(channel, next, now);
    if (given) {
      await db.alertDelivery.updateMany({ where: { id: next.id, state: next.state, claimedBy: next.claimedBy }, data: { ...given, settledAt: now, claimedBy: null } });
      return this.#claim(channel);
    }
    const data = { state: "sending", claimedBy: this.by, nextAt: new Date(now.getTime() + leaseMs), attempts: next.attempts + 1, triedAt: now };
    const { count } = await db.alertDelivery.updateMany({ where: { id: next.id, state: next.state, attempts: next.attempts, nextAt: next.nextAt }, data });
    return count === 1 ? { ...next, ...data } : this.#claim(channel);
  }

  /** Why a message is not sent any more; null when it is. One that nobody has tried, because nothing ran meanwhile, is tried once whatever its age; a ping speaks of its moment. */
  async #lapse(channel: Channel, next: Claimed, now: Date): Promise<{ state: string; answer: string } | null> {
    if (next.givesUpAt <= now && (next.attempts > 0 || channel.kind === "ping")) return { state: "given_up", answer: next.answer ?? "It could not be sent in time." };
    if (channel.kind !== "ping") return null;
    // A ping says how the last backup was. An older one that arrives after a newer one would say the wrong thing.
    const newer = await this.ctx.db.alertDelivery.count({ where: { channelId: channel.id, createdAt: { gt: next.createdAt, lte: latestBy(now) }, alert: { databaseId: next.alert.databaseId } } });
    return newer > 0 ? { state: "dropped", answer: "A later backup has its own ping." } : null;
  }

  async #record(channel: Channel, { id, attempts, givesUpAt }: Claimed, result: SendResult): Promise<void> {
    const { db, clock } = this.ctx;
    const now = clock.now();
    const where = { id, state: "sending", claimedBy: this.by, attempts };
    if (result.isSent) {
      await db.alertDelivery.updateMany({ where, data: { state: "sent", settledAt: now, answer: result.answer, claimedBy: null } });
      return;
    }
    log.warn({ channel: channel.name, deliveryId: id, attempts, answer: result.answer }, "a notification did not arrive");
    const nextAt = new Date(now.getTime() + waitAfter(attempts));
    const isFinal = result.speaksOf === "message" && result.isFinal === true;
    const isOver = isFinal || nextAt >= givesUpAt;
    const known = result.speaksOf === "message" && result.recipients ? { arrivedFor: listed(result.recipients.arrived), refusedFor: listed(result.recipients.refused) } : {};
    await db.alertDelivery.updateMany({ where, data: { answer: result.answer, claimedBy: null, ...known, ...(isOver ? { state: "given_up", settledAt: now } : { state: "waiting", nextAt }) } });
    // The others would meet the same; knocking once is enough.
    if (result.speaksOf === "channel") await db.alertDelivery.updateMany({ where: { channelId: channel.id, state: "waiting", ...isDueAt(nextAt) }, data: { nextAt } });
  }
}

function listed(all: readonly unknown[]): string | null {
  return all.length > 0 ? writeJson(all) : null;
}

async function attempt(ctx: Sending, channel: Channel, { id, alert, arrivedFor, refusedFor }: Claimed): Promise<SendResult> {
  try {
    const before = { arrived: readJson(Recipients.shape.arrived, arrivedFor) ?? nobodyYet.arrived, refused: readJson(Recipients.shape.refused, refusedFor) ?? nobodyYet.refused };
    return await send(open(channel), outgoingOf(id, alert), ctx, before);
  } catch (error) {
    // A secret that cannot be opened, most of all.
    const { message } = toPublicError(error);
    return { isSent: false, speaksOf: "channel", answer: message };
  }
}

function outgoingOf(id: string, alert: Alert): Outgoing {
  const { event, phase, severity, at, databaseId, databaseName, runId, backupId } = alert;
  return Outgoing.parse({ id, eventId: alert.id, event, phase, severity, at, database: databaseId ? { id: databaseId, name: databaseName ?? "" } : null, runId, backupId, message: readMessage(alert) });
}
