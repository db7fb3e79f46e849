import "server-only";
import type { z } from "zod";
import { transaction } from "@/lib/db/transaction";
import type { Prisma } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/client";
import type { Job, JobResult } from "@/lib/runs/job";
import { removeStored } from "@/lib/stores/local";
import { backupErrors } from "./errors";
import { refuseUsed } from "./in-use";
import { sidecarName } from "./names";
import type { RunDeleteInput } from "./schemas";

/** Files in a store that was taken out of use stay where they are. */
const include = { copies: { where: { store: { removedAt: null } }, include: { store: true } } } as const satisfies Prisma.BackupInclude;
export type DeletableBackup = Prisma.BackupGetPayload<{ include: typeof include }>;

/**
 * A listed backup with where it lies, which nothing else can begin to use from now on: the run names it in the same transaction. Throws
 * `backup.not_found`, and `backup.kept`, `backup.on_hold` or `backup.in_use` for one that must stay.
 */
export async function claimDeletable(job: Pick<Job, "ctx" | "runId">, backupId: string): Promise<DeletableBackup> {
  return transaction(job.ctx, async (tx) => {
    const backup = await tx.backup.findUnique({ where: { id: backupId, deletedAt: null }, include });
    if (!backup) throw backupErrors.not_found({});
    refuseHeld(backup);
    await refuseUsed(tx, backup.id, job.runId);
    await tx.run.update({ where: { id: job.runId }, data: { backupId: backup.id } });
    return backup;
  });
}

/** Throws for a backup that neither a person nor a rule may delete. */
export function refuseHeld(backup: { keep: boolean; legalHold: string | null }): void {
  if (backup.legalHold !== null) throw backupErrors.on_hold({ reason: backup.legalHold });
  if (backup.keep) throw backupErrors.kept({});
}

/**
 * Deletes a backup's files, then its place in the list; its row stays, marked, because runs and the audit log speak of it.
 * A file that is gone already is no error; one that cannot be deleted leaves the backup listed.
 */
export async function runDeleteBackup(job: Job<z.output<typeof RunDeleteInput>>): Promise<JobResult> {
  const backup = await claimDeletable(job, job.backupId ?? "");
  const keys = backup.copies.map((copy) => copy.key);
  // Its size was accepted for what it was; of one that a person does away with it says nothing any more about those to come.
  const takeBack = async (tx: Tx) => void (await tx.backup.update({ where: { id: backup.id }, data: { sizeAcceptedBy: null } }));
  await job.step("delete", () => deleteFiles(job, backup, takeBack), () => keys.join(", "));
  return { sentence: `Deleted ${keys.join(", ") || `a backup of ${backup.databaseName}`}`, reason: job.input.reason };
}

/** The files of a backup, then its rows; `alongside` is written in the same transaction as the mark. */
export async function deleteFiles(job: Pick<Job, "ctx" | "renewLease">, backup: DeletableBackup, alongside?: (tx: Tx) => Promise<void>): Promise<void> {
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
    await alongside?.(tx);
  });
}
