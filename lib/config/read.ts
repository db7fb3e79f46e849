import "server-only";
import path from "node:path";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { ConfigProblem, ConfigState, ManagedPart } from "./schemas";
import { readConfigState } from "./state";

/** What the page of the file shows. */
export interface ConfigView {
  /** Where the worker looks, in order; null: no worker has looked yet. */
  lookedFor: readonly string[] | null;
  inForce: { name: string; path: string; since: string } | null;
  refused: { name: string; path: string; at: string; problems: readonly ConfigProblem[] } | null;
  stores: readonly string[];
  channels: readonly string[];
  notifications: boolean;
  databases: readonly { id: string; name: string; parts: readonly ManagedPart[] }[];
  /** Databases whose rules would remove something, and wait for somebody to look. */
  waiting: readonly { id: string; name: string }[];
  /** Databases that were in the file once, and are decided here again. */
  handedBack: readonly { id: string; name: string }[];
}

export async function readConfigView({ db }: Pick<Context, "db">): Promise<ConfigView> {
  const state = await readConfigState(db);
  const inForce = state?.inForce ?? null;
  const [stores, databases, channels] = await Promise.all([
    db.store.findMany({ where: { id: { in: inForce?.managed.stores ?? [] }, removedAt: null }, orderBy: { name: "asc" }, select: { name: true } }),
    db.database.findMany({ where: { id: { in: idsIn(inForce) }, removedAt: null }, orderBy: { name: "asc" }, select: { id: true, name: true, retention: true } }),
    db.alertChannel.findMany({ where: { id: { in: inForce?.managed.channels ?? [] }, removedAt: null }, orderBy: { name: "asc" }, select: { name: true } }),
  ]);
  const waits = new Map(inForce?.waiting.map(({ databaseId, policy }) => [databaseId, writeJson(policy)]));
  return {
    lookedFor: state?.lookedFor ?? null,
    inForce: inForce && { name: path.basename(inForce.path), path: inForce.path, since: inForce.since },
    refused: state?.refused ? { name: path.basename(state.refused.path), ...state.refused } : null,
    stores: stores.map(({ name }) => name),
    channels: channels.map(({ name }) => name),
    notifications: inForce?.managed.notifications ?? false,
    databases: databases.flatMap(({ id, name }) => {
      const parts = inForce?.managed.databases[id];
      return parts ? [{ id, name, parts }] : [];
    }),
    waiting: databases.filter(({ id, retention }) => waits.has(id) && waits.get(id) !== retention).map(({ id, name }) => ({ id, name })),
    handedBack: databases.filter(({ id }) => inForce?.handedBack.includes(id)).map(({ id, name }) => ({ id, name })),
  };
}

function idsIn(inForce: ConfigState["inForce"]): string[] {
  return inForce ? [...Object.keys(inForce.managed.databases), ...inForce.handedBack] : [];
}
