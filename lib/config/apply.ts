import "server-only";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import type { RetentionPolicy } from "@/lib/retention/schemas";
import { addStore, updateStore } from "@/lib/stores/manage";
import { applyChannel, applyNotifications } from "./apply-channel";
import { applyDatabase } from "./apply-database";
import { at } from "./refused";
import type { ChannelSecrets } from "./secrets";
import { nothingManaged, partsOf, type ConfigFile, type Managed } from "./schemas";

export interface Applied {
  managed: Managed;
  waiting: { databaseId: string; policy: RetentionPolicy }[];
}

/**
 * Makes everything as a file says, through the same functions that the pages use; what is so already is left alone, so that a second
 * time changes nothing. Call it inside `asOne`: it throws `ConfigRefused`, and then nothing may stay.
 */
export async function applyConfig(ctx: Context, tx: Tx, file: ConfigFile, secrets: ChannelSecrets): Promise<Applied> {
  const applied: Applied = { managed: structuredClone(nothingManaged), waiting: [] };
  for (const [name, { path }] of Object.entries(file.stores ?? {})) {
    applied.managed.stores.push(await at(["stores", name], () => applyStore(ctx, tx, { name, path })));
  }
  for (const [name, wanted] of Object.entries(file.databases ?? {})) {
    const { databaseId, waiting } = await applyDatabase(ctx, tx, name, wanted);
    applied.managed.databases[databaseId] = partsOf(wanted);
    if (waiting) applied.waiting.push({ databaseId, policy: waiting });
  }
  for (const [name, wanted] of Object.entries(file.channels ?? {})) applied.managed.channels.push(await applyChannel(ctx, tx, name, wanted, secrets.get(name) ?? {}));
  if (file.notifications) {
    await applyNotifications(ctx, tx, file.notifications);
    applied.managed.notifications = true;
  }
  return applied;
}

/** A store is known by its name; one that has the directory under another name is renamed. */
async function applyStore(ctx: Context, tx: Tx, wanted: { name: string; path: string }): Promise<string> {
  const there = (await tx.store.findUnique({ where: { name: wanted.name, removedAt: null } })) ?? (await tx.store.findFirst({ where: { path: wanted.path, removedAt: null } }));
  if (!there) return (await addStore(ctx, wanted)).storeId;
  await updateStore(ctx, { storeId: there.id, ...wanted });
  return there.id;
}
