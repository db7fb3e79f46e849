import "server-only";
import { z } from "zod";
import { readJson } from "@/lib/db/codecs";
import type { AlertChannel } from "@/lib/db/generated/client";
import type { Db, Tx } from "@/lib/db/client";
import { alertErrors } from "./errors";
import { alertEvents, severities, type AlertEvent } from "./events";
import { unseal } from "./seal";
import { AlertSettings, channelKinds, ChannelTarget, type ChannelKind, type ChannelSecret } from "./schemas";
import { wants, type Wishes } from "./wants";

/** A channel as the record has it, without its secrets. */
export interface Channel extends Wishes {
  id: string;
  name: string;
  target: ChannelTarget;
  secret: string | null;
}

/** A channel that can be sent to. */
export interface OpenChannel {
  id: string;
  name: string;
  kind: ChannelKind;
  target: ChannelTarget;
  secret: ChannelSecret;
}

const settingsKey = "alerts.settings";

const Events = z.array(z.string()).transform((names) => alertEvents.filter((event) => names.includes(event)));
const Ids = z.array(z.string());

/** What a channel wants to be told. */
export function toWishes({ id, kind, isOn, severity, events, databaseIds }: AlertChannel): Wishes & { id: string } {
  return {
    id,
    kind: z.enum(channelKinds).parse(kind),
    isOn,
    severity: z.enum(severities).parse(severity),
    events: readJson(Events, events),
    databaseIds: readJson(Ids, databaseIds),
  };
}

/** Whether any channel would be told. */
export async function someoneWants(db: Db | Tx, about: { event: AlertEvent; databaseId: string | null }): Promise<boolean> {
  const channels = await db.alertChannel.findMany({ where: { removedAt: null, isOn: true } });
  return channels.map(toWishes).some((channel) => wants(channel, about));
}

export function toChannel(row: AlertChannel): Channel {
  return { ...toWishes(row), name: row.name, target: readJson(ChannelTarget, row.target), secret: row.secret };
}

/** Opens the secrets of a channel. Throws `alert.secret_unreadable`, `alert.no_key`. */
export function open({ id, name, kind, target, secret }: Channel): OpenChannel {
  return { id, name, kind, target, secret: unseal(secret, { id, name }) };
}

/** Throws `alert.channel_not_found`. */
export async function getChannel(db: Db | Tx, channelId: string): Promise<Channel> {
  const row = await db.alertChannel.findUnique({ where: { id: channelId, removedAt: null } });
  if (!row) throw alertErrors.channel_not_found({});
  return toChannel(row);
}

export async function readSettings(db: Db | Tx): Promise<AlertSettings> {
  const row = await db.setting.findUnique({ where: { key: settingsKey } });
  return readJson(AlertSettings, row?.value ?? "{}");
}

export async function writeSettings(tx: Tx, value: string): Promise<void> {
  await tx.setting.upsert({ where: { key: settingsKey }, create: { key: settingsKey, value }, update: { value } });
}
