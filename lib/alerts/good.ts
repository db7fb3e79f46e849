import "server-only";
import type { Db, Tx } from "@/lib/db/client";
import type { Good } from "./facts";

/** The newest backup of a database that can be restored as far as anybody knows: what "is still good" names. */
export async function readGood(db: Db | Tx, databaseId: string): Promise<Good> {
  const found = await db.backup.findFirst({
    where: { databaseId, deletedAt: null, rung: { gte: 3 }, problem: null, copies: { some: { missingAt: null, store: { removedAt: null, problem: null } } } },
    orderBy: { takenAt: "desc" },
    select: { takenAt: true, rung: true },
  });
  return found && { takenAt: found.takenAt.toISOString(), isProven: found.rung >= 4 };
}
