import "server-only";
import path from "node:path";
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
import { log } from "@/lib/log";
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
 * whether it is there and as large as what was stored. Cheap, so it says nothing of the bytes. What is missing or changed goes on record; nothing does where a store as a whole cannot be read, which is the store's problem, nor of what
 * lies in a directory of it that may not be read, which the log tells.
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
  const always = await ctx.db.copy.findMany({ where: { storeId: store.id, backupId: { in: [...newest] } } });
  const seen = await readSizes(store, inTurn(ctx, store, always), always.length + atOnce);
  if (!seen) return;
  const copies = seen.map(({ copy }) => copy);
  if (seen.every(({ size }) => size === null) && !(await holdsOthers(ctx, store, copies))) return;
  for (const { copy, size } of seen) await compare(ctx, store, copy, size);
  await noteLook(ctx, copies);
  const asked = seen.filter(({ copy, size }) => size !== null && (copy.lookedAt === null || !always.includes(copy)));
  for (const { copy } of asked) if (!(await redescribe(ctx, store, copy))) await ctx.db.copy.update({ where: { id: copy.id }, data: { lookedAt: null } });
}

/** Those that are looked at each time; then, for as long as more are asked for, those whose time it is, the longest not looked at first. */
async function* inTurn({ db, clock }: Context, store: Store, always: readonly Copy[]): AsyncGenerator<Copy> {
  yield* always;
  const before = new Date(clock.now().getTime() - everyMs);
  const where = { storeId: store.id, backup: { deletedAt: null }, id: { notIn: always.map(({ id }) => id) }, OR: [{ lookedAt: null }, { lookedAt: { lte: before } }] };
  for (let skip = 0; ; skip += atOnce) {
    const due = await db.copy.findMany({ where, orderBy: [{ lookedAt: "asc" }, { storedAt: "desc" }], skip, take: atOnce });
    yield* due;
    if (due.length < atOnce) return;
  }
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

interface Seen {
  copy: Copy;
  /** Null when its file is gone. */
  size: number | null;
}

/**
 * How large the files of the first `most` of these copies are that may be looked at; null when the store cannot be read. Where a directory may
 * not be read, nothing is known of what it holds: its copies are passed over, and hold up no others.
 */
async function readSizes(store: Store, copies: AsyncIterable<Copy>, most: number): Promise<Seen[] | null> {
  const seen: Seen[] = [];
  const unread = new Set<string>();
  try {
    for await (const copy of copies) {
      const directory = path.dirname(copy.key);
      if (unread.has(directory)) continue;
      const size = await inTime(store, () => sizeOfStored(store, copy.key));
      if (size === "shut") unread.add(directory);
      else if (seen.push({ copy, size }) === most) break;
      await pause(paceMs);
    }
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
  tellUnread(store, [...unread].sort());
  return seen;
}

/** What the log said last of each store: a look is taken every minute, and nothing new is told by most of them. */
const told = new Map<string, string>();

function tellUnread(store: Store, unread: readonly string[]): void {
  const words = unread.join("\n");
  if (words !== "" && told.get(store.id) !== words) log.warn({ store: store.name, unread }, "directories of a store may not be read, so the backups in them were not looked at");
  told.set(store.id, words);
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
