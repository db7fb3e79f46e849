import "server-only";
import { readableOf } from "@/lib/backup/newest-readable";
import type { Db, Tx } from "@/lib/db/client";
import type { Good } from "./facts";

/** The newest backup of a database that can be restored as far as anybody knows: what "is still good" names. */
export async function readGood(db: Db | Tx, databaseId: string): Promise<Good> {
  const [found] = await readableOf(db, databaseId, { most: 1, inReadableStore: true });
  return found ? { takenAt: found.takenAt.toISOString(), isProven: found.rung >= 4 } : null;
}
