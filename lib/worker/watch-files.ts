import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { isBeingDeleted } from "@/lib/backup/being-deleted";
import { compareSize } from "@/lib/backup/compare-size";
import { recordAgainst, recordFound } from "@/lib/backup/record";
import { redescribe } from "@/lib/backup/redescribe";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import type { Copy, Store } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { storeErrors } from "@/lib/stores/errors";
import { sizeOfStored } from "@/lib/stores/local";
import { holdsAny, newestListed } from "@/lib/stores/mounted";
import { inTime } from "@/lib/stores/patience";

const everyMs = 86_400_000;
/** As many at a look, and between two of them a pause: a store on a slow network has other things to do. */
const atOnce = 200;
const paceMs = 5;

/**
 * Looks once a day at every copy of every backup, and each time at those of the newest readable and the newest proven of every database:
 * whether it is there and as large as what was stored. Cheap, so it says nothing of the bytes. What is missing or changed goes on record; nothing does where a store as a whole cannot be read, which is the store's problem.
 */
export async function watchFiles(ctx: Context): Promise<void> {
  const newest = await newestOfEach(ctx);
  for (const store of await ctx.db.store.findMany({ where: { removedAt: null } })) await lookAt(ctx, store, newest);
}

/** What the state of a database rests on. */
async function newestOfEach({ db }: Context): Promise<string[]> {
  const databases = await db.database.findMany({ where: { removedAt: null }, select: { id: true } });
  const wanted = databases.flatMap(({ id: databaseId }) => [3, 4].map((rung) => ({ databaseId, rung })));
  const found = await Promise.all(wanted.map((where) => db.backup.findFirst({ where: { ...where, deletedAt: null, problem: null }, orderBy: { takenAt: "desc" }, select: { id: true } })));
  return found.flatMap((backup) => backup?.id ?? []);
}

async function lookAt(ctx: Context, store: Store, newest: readonly string[]): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - everyMs);
  const always = await ctx.db.copy.findMany({ where: { storeId: store.id, backupId: { in: [...newest] } } });
  const due = await ctx.db.copy.findMany({
    where: { storeId: store.id, backup: { deletedAt: null }, id: { notIn: always.map(({ id }) => id) }, OR: [{ lookedAt: null }, { lookedAt: { lte: before } }] },
    orderBy: [{ lookedAt: "asc" }, { storedAt: "desc" }],
    take: atOnce,
  });
  const copies = [...always, ...due];
  const sizes = await readSizes(store, copies);
  if (!sizes || (copies.every(({ id }) => sizes.get(id) === null) && !(await holdsOthers(ctx, store, copies)))) return;
  for (const copy of copies) await compare(ctx, store, copy, sizes.get(copy.id) ?? null);
  await noteLook(ctx, copies);
  const asked = copies.filter((copy) => sizes.get(copy.id) !== null && (copy.lookedAt === null || due.includes(copy)));
  for (const copy of asked) if (!(await redescribe(ctx, store, copy))) await ctx.db.copy.update({ where: { id: copy.id }, data: { lookedAt: null } });
}

/**
 * Whoever says something of a backup takes the time away, so that the next look carries it into the description. That must not be undone by
 * a look under way: where a time was, it is renewed only where it still is, and where none was, before the description is read.
 */
async function noteLook({ db, clock }: Context, copies: readonly Copy[]): Promise<void> {
  const ids = (isNew: boolean) => copies.filter(({ lookedAt }) => (lookedAt === null) === isNew).map(({ id }) => id);
  await db.copy.updateMany({ where: { id: { in: ids(false) }, lookedAt: { not: null } }, data: { lookedAt: clock.now() } });
  await db.copy.updateMany({ where: { id: { in: ids(true) } }, data: { lookedAt: clock.now() } });
}

/** The size of each, null for one that is gone; null altogether when the store cannot be read. */
async function readSizes(store: Store, copies: readonly Copy[]): Promise<Map<string, number | null> | null> {
  const sizes = new Map<string, number | null>();
  try {
    for (const { id, key } of copies) {
      sizes.set(id, await inTime(store, () => sizeOfStored(store, key)));
      await pause(paceMs);
    }
    return sizes;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The empty directory under an unmounted disk misses everything. */
async function holdsOthers({ db }: Context, store: Store, copies: readonly Copy[]): Promise<boolean> {
  return holdsAny(store, await newestListed(db, store, copies.map(({ id }) => id))).catch(() => false);
}

async function compare(ctx: Context, store: Store, copy: Copy, size: number | null): Promise<void> {
  const { key, missingAt } = copy;
  if (size === null && missingAt) return;
  const error = size === null ? storeErrors.file_missing({ key, store: store.name }) : compareSize({ key, store: store.name, expected: toNumber(copy.sizeBytes), found: size });
  if (!error && !missingAt) return;
  await transaction(ctx, async (tx) => {
    if (await isBeingDeleted(tx, copy.backupId)) return;
    if (error) await recordAgainst(tx, ctx, { backupId: copy.backupId, copyId: copy.id, error, runId: null });
    else await recordFound(tx, ctx, copy, null);
  });
}
