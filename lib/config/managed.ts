import "server-only";
import path from "node:path";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { RetentionPolicy } from "@/lib/retention/schemas";
import { configErrors } from "./errors";
import { nothingManaged, type Managed, type ManagedPart } from "./schemas";
import { readConfigState } from "./state";

type Acting = Pick<Context, "actor">;

/**
 * Throws `config.managed` when a file of settings decides about one of these parts of a database and it is a person who wants to change
 * it. Holdfast itself applies the file, so it is let through.
 */
export async function requireUnmanaged(tx: Tx, ctx: Acting, database: { id: string; name: string }, parts: readonly ManagedPart[]): Promise<void> {
  if (ctx.actor.kind === "system" || parts.length === 0) return;
  const file = await inForce(tx);
  const part = parts.find((one) => file?.managed.databases[database.id]?.includes(one));
  if (file && part) throw configErrors.managed({ what: `${partWords[part]} of ${database.name}`, file: file.name });
}

/** The same for what is kept of a database. Rules of the file that wait for somebody to look at what they remove may be saved. */
export async function requireRetentionUnmanaged(tx: Tx, ctx: Acting, database: { id: string; name: string }, policy: RetentionPolicy | null): Promise<void> {
  const file = await inForce(tx);
  const waits = file?.waiting.find(({ databaseId }) => databaseId === database.id);
  if (waits && writeJson(waits.policy) === writeJson(policy)) return;
  await requireUnmanaged(tx, ctx, database, ["retention"]);
}

/** The same for a store. */
export async function requireStoreUnmanaged(tx: Tx, ctx: Acting, store: { id: string; name: string }): Promise<void> {
  if (ctx.actor.kind === "system") return;
  const file = await inForce(tx);
  if (file?.managed.stores.includes(store.id)) throw configErrors.managed({ what: `The store ${store.name}`, file: file.name });
}

/** The same for a channel of notifications; null: for when people are told. */
export async function requireChannelUnmanaged(tx: Tx, ctx: Acting, channel: { id: string; name: string } | null): Promise<void> {
  if (ctx.actor.kind === "system") return;
  const file = await inForce(tx);
  const isManaged = channel ? file?.managed.channels.includes(channel.id) : file?.managed.notifications;
  if (file && isManaged) throw configErrors.managed({ what: channel ? `The channel ${channel.name}` : "When people are told", file: file.name });
}

/** What a page needs to say who decides. */
export interface ManagedBy {
  /** The name of the file; null: none is in force. */
  file: string | null;
  managed: Managed;
  waiting: readonly { databaseId: string; policy: RetentionPolicy }[];
}

export async function readManaged({ db }: Pick<Context, "db">): Promise<ManagedBy> {
  const file = await inForce(db);
  return file ? { file: file.name, managed: file.managed, waiting: file.waiting } : { file: null, managed: nothingManaged, waiting: [] };
}

/** The parts of one database that a file decides about, and the file's name; null for a database that no file mentions. */
export function managedOf({ file, managed }: ManagedBy, databaseId: string): { file: string; parts: readonly ManagedPart[] } | null {
  const parts = managed.databases[databaseId];
  return file !== null && parts ? { file, parts } : null;
}

async function inForce(db: Context["db"] | Tx) {
  const state = await readConfigState(db);
  return state?.inForce ? { ...state.inForce, name: path.basename(state.inForce.path) } : null;
}

/** What a part is called, at the start of a sentence. */
export const partWords = {
  address: "The address",
  store: "The store",
  objectives: "The targets",
  options: "The list of backup options",
  application: "The application",
  drills: "The drill policy",
  checks: "The list of your own checks",
  "schedules.backup": "The schedule",
  "schedules.drill": "The drill schedule",
  "schedules.disaster_drill": "The disaster drill schedule",
  "schedules.clean_up": "The clean-up schedule",
  "schedules.recheck": "The re-check schedule",
  retention: "What is kept",
} as const satisfies Record<ManagedPart, string>;
