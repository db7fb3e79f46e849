import "server-only";
import type { Db } from "@/lib/db/client";

/**
 * Where the rows of a restore of tables are: in the live database, as far as anybody knows; in one that a restore put aside, to come back
 * when that is undone; or gone with one that a restore replaced and that is not kept any more.
 */
export type RowsPlace = { is: "live" } | { is: "aside" } | { is: "gone"; since: Date };

/**
 * Finds out from what is on record where the rows are that lie in the database of this OID. The record of the live one may be old, so only a
 * restore that took its place tells that it is another.
 */
export async function locateRows(db: Db, { databaseId, databaseOid }: { databaseId: string; databaseOid: string | undefined }, liveOid: string | null): Promise<RowsPlace> {
  if (databaseOid === undefined || liveOid === null || databaseOid === liveOid) return { is: "live" };
  const restore = await db.restore.findFirst({
    where: {
      databaseId,
      AND: [
        { OR: [{ swappedAt: { not: null } }, { keptRemovedAt: { not: null } }] },
        // After an undo what was restored is the one that is not live.
        { OR: [{ previousOid: databaseOid, state: { not: "undone" } }, { restoredOid: databaseOid, state: "undone" }] },
      ],
    },
    orderBy: { startedAt: "desc" },
    select: { keptName: true, keptRemovedAt: true, swappedAt: true },
  });
  if (!restore) return { is: "live" };
  if (restore.keptName !== null && restore.keptRemovedAt === null) return { is: "aside" };
  // A restore in place keeps nothing.
  const since = restore.keptRemovedAt ?? restore.swappedAt;
  return since === null ? { is: "live" } : { is: "gone", since };
}
