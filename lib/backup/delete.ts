import "server-only";
import { transaction } from "@/lib/db/transaction";
import type { Job, JobResult } from "@/lib/runs/job";
import { removeStored } from "@/lib/stores/local";
import { backupErrors } from "./errors";
import { sidecarName } from "./names";

/**
 * Deletes a backup's files, then its place in the list; its row stays, marked, because runs and the audit log speak of it.
 * A file that is gone already is no error; one that cannot be deleted leaves the backup listed.
 */
export async function runDeleteBackup(job: Job): Promise<JobResult> {
  const backup = await job.ctx.db.backup.findUnique({ where: { id: job.backupId ?? "", deletedAt: null }, include: { copies: { include: { store: true } } } });
  if (!backup) throw backupErrors.not_found({});
  if (backup.keep) throw backupErrors.kept({});
  const keys = backup.copies.map((copy) => copy.key);
  await job.step(
    "delete",
    async () => {
      for (const { store, key, rolesKey } of backup.copies) {
        await job.renewLease();
        // The backup first: what is left when this stops half way describes nothing and is removed next time.
        await removeStored(store, key);
        if (rolesKey) await removeStored(store, rolesKey);
        await removeStored(store, sidecarName(key));
      }
      await transaction(job.ctx, async (tx) => {
        await tx.copy.deleteMany({ where: { backupId: backup.id } });
        await tx.backup.update({ where: { id: backup.id }, data: { deletedAt: job.ctx.clock.now() } });
      });
    },
    () => keys.join(", "),
  );
  return { sentence: `Deleted ${keys.join(", ") || `a backup of ${backup.databaseName}`}` };
}
