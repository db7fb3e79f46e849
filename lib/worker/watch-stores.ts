import "server-only";
import { systemClock, type Clock } from "@/lib/clock";
import type { Db } from "@/lib/db/client";
import type { Store } from "@/lib/db/generated/client";
import { toPublicError } from "@/lib/errors";
import { isStored, requireUsable, spaceOf, type LocalStore } from "@/lib/stores/local";
import { inTime } from "@/lib/stores/patience";
import { readStoreChecks } from "@/lib/stores/read";

/**
 * Looks whether each store can be reached, whether the newest file in it is there, and how much room it has. Without a look there
 * is no evidence, and no green. A problem that a test found stays until a test passes: a glance cannot refute it.
 */
export async function watchStores(db: Db, clock: Clock = systemClock): Promise<void> {
  await watch(db, clock, await db.store.findMany({ where: { removedAt: null } }));
}

/** The same for stores that nobody has looked into yet: whoever adds one waits for its first look. */
export async function watchNewStores(db: Db): Promise<void> {
  await watch(db, systemClock, await db.store.findMany({ where: { removedAt: null, checkedAt: null } }));
}

async function watch(db: Db, clock: Clock, stores: readonly Store[]): Promise<void> {
  if (stores.length === 0) return;
  const checks = await readStoreChecks({ db });
  // Side by side: one that does not answer takes its time from no other.
  await Promise.all(stores.map(async (store) => {
    const tested = checks.get(store.id)?.check;
    const known = tested?.outcome === "failed" ? tested.detail : null;
    const seen = await inTime(store, () => look(db, store)).then(
      ({ missing, totalBytes, freeBytes }) => ({ problem: known ?? missing, totalBytes: BigInt(totalBytes), freeBytes: BigInt(freeBytes) }),
      (error: unknown) => ({ problem: toPublicError(error).message }),
    );
    const at = clock.now();
    await db.store.update({ where: { id: store.id }, data: { ...seen, checkedAt: at } });
    if ("freeBytes" in seen && !seen.problem) await sample(db, store.id, at, seen);
  }));
}

async function look(db: Db, store: LocalStore & { id: string }) {
  await requireUsable(store);
  return { missing: await missingNewest(db, store), ...(await spaceOf(store)) };
}

/** The first look of a day stays on record: what free space did over months is told from these. */
async function sample(db: Db, storeId: string, at: Date, { totalBytes, freeBytes }: { totalBytes: bigint; freeBytes: bigint }): Promise<void> {
  const key = { storeId, day: at.toISOString().slice(0, 10) };
  if (await db.storeSample.findUnique({ where: { storeId_day: key }, select: { day: true } })) return;
  await db.storeSample.upsert({ where: { storeId_day: key }, create: { ...key, at, totalBytes, freeBytes }, update: {} });
}

/** The empty directory under an unmounted disk can be read and has room, but nothing that was stored is in it. */
async function missingNewest(db: Db, store: LocalStore & { id: string }): Promise<string | null> {
  const newest = await db.copy.findFirst({ where: { storeId: store.id, missingAt: null }, orderBy: { storedAt: "desc" }, select: { key: true } });
  if (!newest || (await isStored(store, newest.key))) return null;
  return `${newest.key} is not in ${store.path}. Is the disk mounted? If the file was removed on purpose, rescan the store.`;
}
