import "server-only";
import { open, toChannel, type Channel } from "@/lib/alerts/channels";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput, type AlertSettings, type ChannelSecret } from "@/lib/alerts/schemas";
import { saveAlertSettings } from "@/lib/alerts/settings";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { ConfigChannel, ConfigNotifications } from "./channel-schemas";
import { configErrors } from "./errors";
import { at, ConfigRefused } from "./refused";

/** Adds a channel or changes it to what the file says; one that is so already is left alone. Returns its id. */
export async function applyChannel(ctx: Context, tx: Tx, name: string, wanted: ConfigChannel, secret: ChannelSecret): Promise<string> {
  const place = ["channels", name];
  const row = await tx.alertChannel.findFirst({ where: { name, removedAt: null } });
  const there = row && toChannel(row);
  const databaseIds = wanted.databases ? await at([...place, "databases"], () => idsOf(tx, wanted.databases ?? [])) : null;
  const { kind, on } = wanted;
  const told = kind === "ping" ? {} : { severity: wanted.severity, events: wanted.events };
  const where = kind === "email" ? { host: wanted.host, port: wanted.port, tls: wanted.tls, user: wanted.user, from: wanted.from, to: wanted.to } : {};
  const parsed = SaveChannelInput.safeParse({ channelId: there?.id ?? null, name, kind, isOn: on, databaseIds, ...told, ...where, ...secret });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigRefused([...place, ...(issue?.path ?? [])], issue?.message ?? "This is no channel.");
  }
  if (there && isSame(there, parsed.data, secret)) return there.id;
  return at(place, async () => (await saveChannel(ctx, parsed.data)).channelId);
}

function isSame(there: Channel, wanted: SaveChannelInput, secret: ChannelSecret): boolean {
  const told = wanted.kind === "ping" || (there.severity === wanted.severity && writeJson([...there.events].sort()) === writeJson([...wanted.events].sort()));
  const ids = (list: readonly string[] | null) => list && [...list].sort();
  const target = wanted.kind === "email" ? { host: wanted.host, port: wanted.port, tls: wanted.tls, user: wanted.user, from: wanted.from, to: wanted.to } : there.target;
  return there.kind === wanted.kind && there.isOn === wanted.isOn && told && writeJson(ids(there.databaseIds)) === writeJson(ids(wanted.databaseIds)) && writeJson(there.target) === writeJson(target) && hasSecret(there, secret);
}

/** One that cannot be opened any more is set anew. */
function hasSecret(there: Channel, wanted: ChannelSecret): boolean {
  const sorted = (secret: ChannelSecret) => writeJson(Object.entries(secret).sort(([a], [b]) => (a < b ? -1 : 1)));
  try {
    return sorted(there.secret === null ? {} : open(there).secret) === sorted(wanted);
  } catch {
    return false;
  }
}

/** Sets when people are told. */
export async function applyNotifications(ctx: Context, tx: Tx, wanted: ConfigNotifications): Promise<void> {
  const own = await Promise.all(Object.entries(wanted.own).map(async ([name, hours]) => [await at(["notifications", "own", name], async () => (await idsOf(tx, [name]))[0] ?? ""), hours] as const));
  const settings: AlertSettings = { nothingHours: wanted.nothingAfter, ownHours: Object.fromEntries(own), repeatHours: wanted.repeatAfter };
  await at(["notifications"], () => saveAlertSettings(ctx, settings));
}

async function idsOf(tx: Tx, names: readonly string[]): Promise<string[]> {
  const found = new Map((await tx.database.findMany({ where: { name: { in: [...names] }, removedAt: null }, select: { id: true, name: true } })).map(({ id, name }) => [name, id]));
  return names.map((name) => {
    const id = found.get(name);
    if (!id) throw configErrors.no_such_database({ name });
    return id;
  });
}
