import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { requireStoreUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { enqueueRun } from "@/lib/runs/enqueue";
import { storeErrors } from "./errors";
import type { AddStoreInput, UpdateStoreInput } from "./schemas";

/** Adds a directory for backups. Whether it can be written is the worker's to say: `startCheckStore` asks it. */
export async function addStore(ctx: Context, input: z.output<typeof AddStoreInput>): Promise<{ storeId: string }> {
  return transaction(ctx, async (tx) => {
    await requireFree(tx, input, null);
    const store = await tx.store.create({ data: { name: input.name, path: input.path, kind: "local" } });
    await recordAudit(tx, ctx, { action: "store.added", outcome: "succeeded", sentence: `Added the store ${store.name}`, after: { name: store.name, path: store.path } });
    return { storeId: store.id };
  });
}

/** Renames a store or moves it to another directory. Files are not moved; a rescan says at once which are there. */
export async function updateStore(ctx: Context, input: z.output<typeof UpdateStoreInput>): Promise<void> {
  await transaction(ctx, async (tx) => {
    const store = await getStore(tx, input.storeId);
    if (input.name === store.name && input.path === store.path) return;
    await requireStoreUnmanaged(tx, ctx, store);
    await requireFree(tx, input, store.id);
    await tx.store.update({ where: { id: store.id }, data: { name: input.name, path: input.path } });
    await recordAudit(tx, ctx, {
      action: "store.changed",
      outcome: "succeeded",
      sentence: `Changed the store ${input.name}`,
      before: { name: store.name, path: store.path },
      after: { name: input.name, path: input.path },
    });
    if (input.path !== store.path) await enqueueRescan(tx, ctx, { id: store.id, name: input.name });
  });
}

/** Takes a store out of use. Its files stay; its backups are listed no more. Throws `store.in_use`. */
export async function removeStore(ctx: Context, input: { storeId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const store = await getStore(tx, input.storeId);
    await requireStoreUnmanaged(tx, ctx, store);
    const databases = await tx.database.findMany({ where: { storeId: store.id, removedAt: null }, select: { name: true } });
    if (databases.length > 0) throw storeErrors.in_use({ name: store.name, databases: databases.map((database) => database.name) });
    const removedAt = ctx.clock.now();
    await tx.store.update({ where: { id: store.id }, data: { removedAt, name: `${store.name} (removed ${removedAt.toISOString().slice(0, 19)})` } });
    await recordAudit(tx, ctx, { action: "store.removed", outcome: "succeeded", sentence: `Removed the store ${store.name}; its files stay`, before: { name: store.name, path: store.path } });
  });
}

/** Asks the worker to write, read back, compare and delete a real object. */
export async function startCheckStore(ctx: Context, input: { storeId: string }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const store = await getStore(tx, input.storeId);
    return enqueueRun(tx, ctx, { kind: "check_store", input: { storeId: store.id }, interactive: true });
  });
}

/** Asks the worker to bring the list in line with what lies in the store. */
export async function startRescanStore(ctx: Context, input: { storeId: string }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const store = await getStore(tx, input.storeId);
    return enqueueRescan(tx, ctx, store);
  });
}

function enqueueRescan(tx: Tx, ctx: Context, store: { id: string; name: string }): Promise<{ runId: number }> {
  return enqueueRun(tx, ctx, { kind: "rescan_store", input: { storeId: store.id }, activeKey: { key: `rescan:${store.id}`, what: `A rescan of ${store.name}` } });
}

async function getStore(tx: Tx, storeId: string) {
  const store = await tx.store.findUnique({ where: { id: storeId, removedAt: null } });
  if (!store) throw storeErrors.not_found({});
  return store;
}

async function requireFree(tx: Tx, wanted: { name: string; path: string }, self: string | null): Promise<void> {
  const others = await tx.store.findMany({ where: { removedAt: null, OR: [{ name: wanted.name }, { path: wanted.path }], ...(self ? { id: { not: self } } : {}) } });
  if (others.some((store) => store.name === wanted.name)) throw storeErrors.name_taken({ name: wanted.name });
  const [samePath] = others;
  if (samePath) throw storeErrors.path_taken({ path: wanted.path, name: samePath.name });
}
