import "server-only";
import type { Context } from "@/lib/context";
import { z } from "zod";
import { readJson } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { open, readSettings, toChannel, type Channel } from "./channels";
import { phases, severities, type AlertEvent, type Phase, type Severity } from "./events";
import { Recipients } from "./outgoing";
import { readMessage } from "./raise";
import { deliveryStates, type AlertSettings, type ChannelKind, type ChannelTarget, type DeliveryState } from "./schemas";
import { channelSentence } from "./sentence";

type Reading = Pick<Context, "db" | "clock">;

/** A channel as its page shows it. No secret is in it, and its target only for who may change it. */
export interface ChannelRow {
  id: string;
  name: string;
  kind: ChannelKind;
  isOn: boolean;
  severity: Severity;
  events: AlertEvent[];
  databaseIds: string[] | null;
  sentence: string;
  target: ChannelTarget | null;
  isSecretSet: boolean;
  /** Why its secrets cannot be used; null: they can. */
  secretProblem: string | null;
  /** When something arrived last, be it only for some of a mail's recipients. */
  lastSentAt: string | null;
  /** Recipients that the server refused the newest mail for, while others have it. `answer` is for who may change channels. */
  refused: { address: string; answer: string | null }[];
  /** The newest that did not arrive, as long as nothing has arrived since. */
  failing: { since: string; at: string; reason: string | null; hasGivenUp: boolean } | null;
  /** Messages that never arrived, or not at everybody, and are tried no more, given up in the last 30 days: nobody may have looked while they failed. */
  givenUp: { many: number; lastAt: string } | null;
  waiting: number;
}

export interface DeliveryRow {
  id: string;
  channel: string;
  subject: string;
  severity: Severity;
  phase: Phase;
  /** When what it speaks of took place. */
  at: string;
  state: DeliveryState;
  /** Of a mail: some have it, whatever becomes of the others. */
  isPartly: boolean;
  attempts: number;
  triedAt: string | null;
  nextAt: string | null;
  /** The receiver's own words, or the reason; for who may change channels. */
  answer: string | null;
  path: string;
  mayRetry: boolean;
}

export interface Notifications {
  channels: ChannelRow[];
  deliveries: DeliveryRow[];
  settings: AlertSettings;
  databases: { id: string; name: string }[];
}

const shown = 50;
/** For so long it is said of a channel that it gave messages up, whatever arrived since. */
export const givenUpDays = 30;

/** Everything the page shows. `mayChange` false leaves out addresses and what receivers answered. */
export async function listNotifications(ctx: Reading, mayChange: boolean): Promise<Notifications> {
  const { db } = ctx;
  const [rows, deliveries, settings, databases] = await Promise.all([
    db.alertChannel.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" } }),
    readDeliveries(ctx),
    readSettings(db),
    db.database.findMany({ where: { removedAt: null }, select: { id: true, name: true }, orderBy: { name: "asc" } }),
  ]);
  const nameOf = new Map(databases.map(({ id, name }) => [id, name]));
  return {
    channels: await Promise.all(rows.map((row) => toRow(ctx, toChannel(row), nameOf, mayChange))),
    deliveries: deliveries.map(({ alert, channel, ...one }) => {
      const { subject, path } = readMessage(alert);
      const state = z.enum(deliveryStates).parse(one.state);
      return {
        id: one.id,
        channel: channel.name,
        subject,
        severity: z.enum(severities).parse(alert.severity),
        phase: z.enum(phases).parse(alert.phase),
        at: alert.at.toISOString(),
        state,
        isPartly: state !== "sent" && one.arrivedFor !== null,
        attempts: one.attempts,
        triedAt: one.triedAt?.toISOString() ?? null,
        nextAt: state === "waiting" ? one.nextAt.toISOString() : null,
        answer: mayChange ? one.answer : null,
        path,
        mayRetry: mayChange && !channel.removedAt && (state === "given_up" || (state === "waiting" && one.attempts > 0)),
      };
    }),
    settings,
    databases,
  };
}

/** The newest, and of older ones those that were given up lately: they can still be sent again. */
async function readDeliveries({ db, clock }: Reading) {
  const query = { orderBy: [{ createdAt: "desc" }, { id: "asc" }], take: shown, include: { alert: true, channel: true } } satisfies Prisma.AlertDeliveryFindManyArgs;
  const newest = await db.alertDelivery.findMany(query);
  if (newest.length < shown) return newest;
  const lost = await db.alertDelivery.findMany({ ...query, where: { ...givenUpLately(clock.now()), channel: { removedAt: null }, id: { notIn: newest.map(({ id }) => id) } } });
  return [...newest, ...lost];
}

function givenUpLately(now: Date) {
  return { state: "given_up", settledAt: { gte: new Date(now.getTime() - givenUpDays * 86_400_000) } };
}

async function toRow({ db, clock }: Reading, channel: Channel, nameOf: ReadonlyMap<string, string>, mayChange: boolean): Promise<ChannelRow> {
  const { id, name, kind, isOn, severity, events, databaseIds, target, secret } = channel;
  const where = { channelId: id };
  const [lastSentAt, refused, failed, waiting, lost] = await Promise.all([
    readLastArrival(db, id),
    readRefused(db, channel),
    readFailing(db, id),
    db.alertDelivery.count({ where: { ...where, state: { in: ["waiting", "sending"] } } }),
    db.alertDelivery.aggregate({ where: { ...where, ...givenUpLately(clock.now()) }, _count: true, _max: { settledAt: true } }),
  ]);
  const databases = databaseIds?.map((one) => nameOf.get(one) ?? "a removed database") ?? null;
  const to = "host" in target ? target.to : mayChange ? [target.webHost] : null;
  return {
    id, name, kind, isOn, severity,
    events: [...events],
    databaseIds: databaseIds ? [...databaseIds] : null,
    sentence: channelSentence(channel, { to, databases }),
    target: mayChange ? target : null,
    isSecretSet: secret !== null,
    secretProblem: problemOf(channel),
    lastSentAt: lastSentAt?.toISOString() ?? null,
    refused: refused.map(({ address, answer }) => ({ address, answer: mayChange ? answer : null })),
    failing: failed && { ...failed, reason: mayChange ? failed.reason : null },
    givenUp: lost._max.settledAt ? { many: lost._count, lastAt: lost._max.settledAt.toISOString() } : null,
    waiting,
  };
}

/** A mail that some have has arrived: one recipient that is refused does not make the channel look dead. */
async function readLastArrival(db: Context["db"], channelId: string): Promise<Date | null> {
  const [whole, partly] = await Promise.all([
    db.alertDelivery.findFirst({ where: { channelId, state: "sent" }, orderBy: { settledAt: "desc" }, select: { settledAt: true } }),
    db.alertDelivery.findFirst({ where: { channelId, arrivedFor: { not: null }, triedAt: { not: null } }, orderBy: { triedAt: "desc" }, select: { triedAt: true } }),
  ]);
  return latestOf(whole?.settledAt ?? null, partly?.triedAt ?? null);
}

function latestOf(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : (a ?? b);
}

/** Whom the newest mail was refused for while others got it; nobody that the channel does not write to any more. Refused for all, it is failing. */
export async function readRefused(db: Context["db"], { id, target }: Pick<Channel, "id" | "target">): Promise<Recipients["refused"]> {
  if (!("host" in target)) return [];
  const newest = await db.alertDelivery.findFirst({
    where: { channelId: id, OR: [{ state: "sent" }, { arrivedFor: { not: null } }] },
    orderBy: [{ triedAt: "desc" }, { createdAt: "desc" }],
    select: { state: true, refusedFor: true },
  });
  if (!newest || newest.state === "sent") return [];
  return (readJson(Recipients.shape.refused, newest.refusedFor) ?? []).filter(({ address }) => target.to.includes(address));
}

/** Since when a channel takes nothing: the oldest that failed after the last that arrived. Null while all is well. */
export async function readFailing(db: Context["db"], channelId: string): Promise<ChannelRow["failing"]> {
  const arrivedAt = await readLastArrival(db, channelId);
  const where = { channelId, attempts: { gt: 0 }, state: { in: ["waiting", "sending", "given_up"] }, answer: { not: null }, arrivedFor: null, ...(arrivedAt ? { triedAt: { gt: arrivedAt } } : {}) };
  const [first, last] = await Promise.all([
    db.alertDelivery.findFirst({ where, orderBy: { createdAt: "asc" }, select: { createdAt: true } }),
    db.alertDelivery.findFirst({ where, orderBy: { triedAt: "desc" }, select: { triedAt: true, answer: true, state: true } }),
  ]);
  if (!first || !last?.triedAt) return null;
  return { since: first.createdAt.toISOString(), at: last.triedAt.toISOString(), reason: last.answer, hasGivenUp: last.state === "given_up" };
}

/** Secrets that this AUTH_SECRET does not open are said before somebody waits for a message. */
function problemOf(channel: Channel): string | null {
  try {
    open(channel);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : null;
  }
}
