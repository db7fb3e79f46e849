import "server-only";
import { readableOf } from "@/lib/backup/newest-readable";
import { latestBy } from "@/lib/clock";
import { countsFor } from "@/lib/databases/partial";
import type { Db, Tx } from "@/lib/db/client";
import type { Good } from "./facts";

/** The newest backup of a database that can be restored as far as anybody knows: what "is still good" names. One dated ahead of the clock may be older than it seems. */
export async function readGood(db: Db | Tx, databaseId: string, now: Date): Promise<Good> {
  const [found] = await readableOf(db, databaseId, { most: 1, inReadableStore: true, where: { ...(await countsFor(db, databaseId)), takenAt: { lte: latestBy(now) } } });
  return found ? { takenAt: found.takenAt.toISOString(), isProven: found.rung >= 4 } : null;
}
