import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { forecastStore, type Forecast, type FreeDay, type StoreDay, windows } from "./forecast";
import { heldByDay, type Moved } from "./held";
import { readStoreUse } from "./read";

type Reading = Pick<Context, "db" | "clock">;

const dayMs = 86_400_000;
/** As far back as paces look. */
export const storageDays = 90;
const largestShown = 10;

export interface StoredDatabase {
  name: string;
  bytes: number;
  backups: number;
  /** Bytes per day over each window of `windows`; null: it has not been backed up that long. */
  pace: (number | null)[];
}

export interface StoreForecast {
  held: StoreDay[];
  free: FreeDay[];
  forecast: Forecast;
}

export interface LargeBackup {
  id: string;
  name: string;
  takenAt: string;
  sizeBytes: number;
  keep: boolean;
}

export interface Storage {
  bytes: number;
  backups: number;
  /** All stores together, a point for the end of each day and one for now. */
  held: StoreDay[];
  databases: StoredDatabase[];
  largest: LargeBackup[];
}

const Came = z.array(z.object({ storeId: z.string(), name: z.string(), from: z.string(), bytes: z.coerce.number() }));
const Went = z.array(z.object({ storeId: z.string().nullable(), name: z.string(), from: z.string(), until: z.string(), bytes: z.coerce.number() }));
const Oldest = z.array(z.object({ storeId: z.string(), oldest: z.coerce.date().nullable() }));
type Move = Moved & { storeId: string | null; name: string };

/** What all stores hold, by database, how that grew, and the largest backups. */
export async function readStorage(ctx: Reading): Promise<Storage> {
  const now = ctx.clock.now().getTime();
  const [use, moves, largest] = await Promise.all([readStoreUse(ctx), readMoves(ctx), readLargest(ctx)]);
  const byName = new Map<string, { bytes: number; backups: number }>();
  for (const { name, bytes, backups } of [...use.values()].flat()) {
    const before = byName.get(name) ?? { bytes: 0, backups: 0 };
    byName.set(name, { bytes: before.bytes + bytes, backups: before.backups + backups });
  }
  const firsts = await readFirsts(ctx);
  const databases = [...byName].map(([name, { bytes, backups }]) => {
    const held = heldByDay(bytes, moves.filter((move) => move.name === name), storageDays, now);
    const first = earliest(firsts.get(name), moves.filter((move) => move.name === name));
    return { name, bytes, backups, pace: windows.map((days) => paceOver(held, days, first, now)) };
  });
  const bytes = databases.reduce((sum, one) => sum + one.bytes, 0);
  return { bytes, backups: databases.reduce((sum, one) => sum + one.backups, 0), held: heldByDay(bytes, moves, storageDays, now), databases: databases.sort((a, b) => b.bytes - a.bytes), largest };
}

/** When each store fills, and what that is told from. */
export async function readForecasts(ctx: Reading): Promise<Map<string, StoreForecast>> {
  const now = ctx.clock.now().getTime();
  const [stores, use, moves, samples, oldest] = await Promise.all([
    ctx.db.store.findMany({ where: { removedAt: null }, select: { id: true, freeBytes: true, problem: true } }),
    readStoreUse(ctx),
    readMoves(ctx),
    ctx.db.storeSample.findMany({ where: { at: { gte: new Date(now - (storageDays + 1) * dayMs) } }, orderBy: { at: "asc" } }),
    readOldest(ctx),
  ]);
  return new Map(
    stores.map(({ id, freeBytes, problem }) => {
      const own = moves.filter(({ storeId }) => storeId === id || (storeId === null && stores.length === 1));
      const heldNow = (use.get(id) ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
      const held = heldByDay(heldNow, own, storageDays, now);
      const free = samples.filter(({ storeId }) => storeId === id).map(({ at, freeBytes: bytes }) => ({ at: at.getTime(), freeBytes: toNumber(bytes) }));
      const known = problem === null ? toNumber(freeBytes) : null;
      const freeSeen = known === null ? free : [...free, { at: now, freeBytes: known }];
      return [id, { held, free: freeSeen, forecast: forecastStore({ freeBytes: known, firstAt: earliest(oldest.get(id), own), held, free: freeSeen }, now) }];
    }),
  );
}

/** What came into stores in the last 90 days and is there, and what went, in sums by day. A deleted backup has no copy left to say where it lay: it counts for the store of its database. */
async function readMoves({ db, clock }: Reading): Promise<Move[]> {
  const since = new Date(clock.now().getTime() - (storageDays + 1) * dayMs);
  const stores = await db.store.findMany({ select: { id: true } });
  const [came, went] = await Promise.all([
    Promise.all(stores.map(({ id }) => db.$queryRaw`
      SELECT c."storeId" AS "storeId", coalesce(max(d."name"), c."databaseKey", max(b."databaseName")) AS "name", substr(c."storedAt", 1, 10) AS "from", sum(c."sizeBytes") AS "bytes"
      FROM "Copy" c LEFT JOIN "Database" d ON d."id" = c."databaseKey" LEFT JOIN "Backup" b ON c."databaseKey" IS NULL AND b."id" = c."backupId"
      WHERE c."storeId" = ${id} AND c."missingAt" IS NULL AND c."storedAt" > ${since}
      GROUP BY coalesce(c."databaseKey", b."databaseName"), substr(c."storedAt", 1, 10)`)),
    db.$queryRaw`
      SELECT max(d."storeId") AS "storeId", coalesce(max(d."name"), max(b."databaseName")) AS "name", substr(coalesce(b."storedAt", b."takenAt"), 1, 10) AS "from", substr(b."deletedAt", 1, 10) AS "until", sum(b."sizeBytes") AS "bytes"
      FROM "Backup" b LEFT JOIN "Database" d ON d."id" = b."databaseId"
      WHERE b."deletedAt" > ${since}
      GROUP BY coalesce(b."databaseId", b."databaseName"), substr(coalesce(b."storedAt", b."takenAt"), 1, 10), substr(b."deletedAt", 1, 10)`,
  ]);
  return [...came.flatMap((rows) => Came.parse(rows).map((row) => ({ ...row, until: null }))), ...Went.parse(went)];
}

/** When the oldest backup came that lies in each store. */
async function readOldest({ db }: Pick<Context, "db">): Promise<Map<string, Date>> {
  const rows = Oldest.parse(await db.$queryRaw`SELECT s."id" AS "storeId", (SELECT c."storedAt" FROM "Copy" c WHERE c."storeId" = s."id" AND c."missingAt" IS NULL ORDER BY c."storedAt" LIMIT 1) AS "oldest" FROM "Store" s`);
  return new Map(rows.flatMap(({ storeId, oldest }) => (oldest ? [[storeId, oldest] as const] : [])));
}

/** When the oldest backup of each database was taken that is still listed, by its name. */
async function readFirsts({ db }: Pick<Context, "db">): Promise<Map<string, Date>> {
  const rows = z.array(z.object({ name: z.string(), oldest: z.coerce.date().nullable() })).parse(await db.$queryRaw`
    SELECT d."name" AS "name", (SELECT b."takenAt" FROM "Backup" b WHERE b."databaseId" = d."id" AND b."deletedAt" IS NULL ORDER BY b."takenAt" LIMIT 1) AS "oldest" FROM "Database" d`);
  return new Map(rows.flatMap(({ name, oldest }) => (oldest ? [[name, oldest] as const] : [])));
}

async function readLargest({ db }: Pick<Context, "db">): Promise<LargeBackup[]> {
  const rows = await db.backup.findMany({ where: { deletedAt: null }, orderBy: { sizeBytes: "desc" }, take: largestShown, select: { id: true, databaseName: true, takenAt: true, sizeBytes: true, keep: true, database: { select: { name: true } } } });
  return rows.map(({ id, databaseName, takenAt, sizeBytes, keep, database }) => ({ id, name: database?.name ?? databaseName, takenAt: takenAt.toISOString(), sizeBytes: toNumber(sizeBytes), keep }));
}

/** The first of what lies there and of what went since; null of nothing. */
function earliest(oldest: Date | undefined, moves: readonly Moved[]): number | null {
  const all = [...(oldest ? [oldest.getTime()] : []), ...moves.map(({ from }) => Date.parse(from))];
  return all.length > 0 ? Math.min(...all) : null;
}

/** Bytes per day since so many days ago; null when nothing was there to grow that long ago. */
function paceOver(held: readonly StoreDay[], days: number, firstAt: number | null, now: number): number | null {
  const then = held.at(-1 - days);
  const last = held.at(-1);
  if (!then || !last || firstAt === null || firstAt > now - (days - 1) * dayMs) return null;
  return (last.heldBytes - then.heldBytes) / days;
}
