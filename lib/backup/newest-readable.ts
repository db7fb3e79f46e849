import "server-only";
import { latestBy } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { countsFor } from "@/lib/databases/partial";
import type { Db, Tx } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { rungNumber } from "./schemas";

/** A backup that could be read to its end when it was last looked at. */
export interface ReadablePoint {
  id: string;
  takenAt: Date;
  storedAt: Date | null;
  readableAt: Date | null;
  rung: number;
}

/** The newest readable backups of one database, at most two: enough to say what deleting one of them costs. One dated ahead of the clock may be older than it seems. */
export async function newestReadable({ db, clock }: Pick<Context, "db" | "clock">, databaseId: string): Promise<ReadablePoint[]> {
  return readableOf(db, databaseId, { most: 2, where: { ...(await countsFor(db, databaseId)), takenAt: { lte: latestBy(clock.now()) } } });
}

export interface ReadableOptions {
  /** How many at most. */
  most: number;
  /** What else they have to be. */
  where?: Prisma.BackupWhereInput;
  /** Only of stores that can be read now; otherwise of all that are in use. */
  inReadableStore?: boolean;
}

/** The newest readable backups of one database of which a copy lies in a store in use, newest first. */
export async function readableOf(db: Db | Tx, databaseId: string, options: ReadableOptions): Promise<ReadablePoint[]> {
  // Rung by rung: an index gives the times of one, and none gives those of both together.
  const points = await Promise.all([rungNumber("readable"), rungNumber("proven")].map((rung) => ofRung(db, { databaseId, rung }, options)));
  // One that climbs between the two readings is in both.
  const each = new Map(points.flat().map((point) => [point.id, point]));
  return [...each.values()].sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || b.rung - a.rung).slice(0, options.most);
}

/** The copies are asked of a few backups at a time, back from the newest: as a condition, they would have the database read every copy there is. */
async function ofRung(db: Db | Tx, which: { databaseId: string; rung: number }, { most, where = {}, inReadableStore = false }: ReadableOptions): Promise<ReadablePoint[]> {
  const points: ReadablePoint[] = [];
  const atOnce = Math.max(most, 10);
  for (let skip = 0; ; skip += atOnce) {
    const found = await db.backup.findMany({
      where: { AND: [where], ...which, deletedAt: null, problem: null },
      orderBy: [{ takenAt: "desc" }, { id: "desc" }],
      skip,
      take: atOnce,
      // Missing copies are left out below: with a condition here, SQLite reads the index of all copies that are there instead of these.
      select: { id: true, takenAt: true, storedAt: true, readableAt: true, rung: true, copies: { select: { missingAt: true, problem: true, store: { select: { removedAt: true, problem: true } } } } },
    });
    for (const { copies, ...point } of found) {
      if (points.length < most && copies.some(({ missingAt, problem, store }) => missingAt === null && problem === null && store.removedAt === null && !(inReadableStore && store.problem !== null))) points.push(point);
    }
    if (points.length >= most || found.length < atOnce) return points;
  }
}
