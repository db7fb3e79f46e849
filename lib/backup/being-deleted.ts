import "server-only";
import type { Tx } from "@/lib/db/client";

/** Whether a run is deleting this backup, or its place in the list is gone: a file that is not there says nothing then. */
export async function isBeingDeleted(tx: Tx, backupId: string): Promise<boolean> {
  const backup = await tx.backup.findUnique({ where: { id: backupId }, select: { databaseId: true, deletedAt: true } });
  if (!backup || backup.deletedAt) return true;
  const run = await tx.run.findFirst({
    where: { status: { in: ["queued", "running"] }, OR: [{ kind: "delete_backup", backupId }, { kind: "prune_backups", databaseId: backup.databaseId }] },
    select: { id: true },
  });
  return run !== null;
}
