import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import type { Backup } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { enqueueRun } from "@/lib/runs/enqueue";
import { runErrors } from "@/lib/runs/errors";
import { shortTime } from "@/lib/format/times";
import { refuseHeld } from "./delete";
import { backupErrors } from "./errors";
import { refuseUsed } from "./in-use";
import { describeSoon } from "./redescribe";

/** The word to type before a backup is deleted: the name of its database. */
export function deletionPhrase(backup: { databaseName: string }): string {
  return backup.databaseName;
}

async function getBackup(tx: Tx, backupId: string): Promise<Backup> {
  const backup = await tx.backup.findUnique({ where: { id: backupId, deletedAt: null } });
  if (!backup) throw backupErrors.not_found({});
  return backup;
}

/** The database as audit entries name it; a foreign file may belong to none. */
function subject(backup: Backup) {
  return backup.databaseId ? { id: backup.databaseId, name: backup.databaseName } : null;
}

function nameOf(backup: Backup): string {
  return `${backup.databaseName} ${shortTime(backup.takenAt)}`;
}

/** Asks for a new proof of a stored backup: read back, decoded. */
export async function startVerifyBackup(ctx: Context, input: { backupId: string }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const backup = await getBackup(tx, input.backupId);
    const activeKey = { key: `backup-file:${backup.id}`, what: `Work on ${nameOf(backup)}` };
    return enqueueRun(tx, ctx, { kind: "verify_backup", databaseId: backup.databaseId, backupId: backup.id, activeKey });
  });
}

/** Asks for a backup to be deleted; `phrase` is its database's name, typed, and `reason` goes into the audit log. Throws `backup.kept`, `backup.in_use`, `backup.wrong_phrase`. */
export async function startDeleteBackup(ctx: Context, input: { backupId: string; phrase: string; reason: string }): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const backup = await getBackup(tx, input.backupId);
    refuseHeld(backup);
    await refuseUsed(tx, backup.id);
    const phrase = deletionPhrase(backup);
    if (input.phrase !== phrase) throw backupErrors.wrong_phrase({ phrase });
    const activeKey = { key: `backup-file:${backup.id}`, what: `Work on ${nameOf(backup)}` };
    return enqueueRun(tx, ctx, { kind: "delete_backup", databaseId: backup.databaseId, backupId: backup.id, input: { reason: input.reason }, activeKey });
  });
}

/** Keeps a backup until a person removes it, or lets it go again. Throws `run.already_active` for one whose files are being removed. */
export async function keepBackup(ctx: Context, input: { backupId: string; keep: boolean }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const backup = await getBackup(tx, input.backupId);
    if (backup.keep === input.keep) return;
    if (input.keep) await refuseBeingDeleted(tx, backup.id);
    await tx.backup.update({ where: { id: backup.id }, data: { keep: input.keep } });
    await describeSoon(tx, backup.id);
    await recordAudit(tx, ctx, {
      action: "backup.kept",
      outcome: "succeeded",
      sentence: input.keep ? `Keeps ${nameOf(backup)} until removed` : `No longer keeps ${nameOf(backup)} until removed`,
      database: subject(backup),
      backupId: backup.id,
      before: { keep: backup.keep },
      after: { keep: input.keep },
    });
  });
}

/** Places a legal hold with its reason, or lifts it (null). Throws nothing when it is so already, and `run.already_active` for one whose files are being removed. */
export async function holdBackup(ctx: Context, input: { backupId: string; reason: string | null }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const backup = await getBackup(tx, input.backupId);
    if (backup.legalHold === input.reason) return;
    if (input.reason !== null) await refuseBeingDeleted(tx, backup.id);
    await tx.backup.update({ where: { id: backup.id }, data: { legalHold: input.reason } });
    await describeSoon(tx, backup.id);
    await recordAudit(tx, ctx, {
      action: "backup.held",
      outcome: "succeeded",
      sentence: input.reason === null ? `Lifted the legal hold on ${nameOf(backup)}` : `Placed ${nameOf(backup)} on legal hold`,
      database: subject(backup),
      backupId: backup.id,
      reason: input.reason,
      before: { legalHold: backup.legalHold },
      after: { legalHold: input.reason },
    });
  });
}

/** A promise to keep what is going away at this moment could not be kept. One whose deletion only waits is held, and then not deleted. */
async function refuseBeingDeleted(tx: Tx, backupId: string): Promise<void> {
  const deletion = await tx.run.findFirst({ where: { backupId, kind: { in: ["delete_backup", "prune_backups"] }, status: "running" }, select: { id: true } });
  if (deletion) throw runErrors.already_active({ what: "The deletion of this backup", runId: deletion.id });
}

/** Changes the label and the note. */
export async function describeBackup(ctx: Context, input: { backupId: string; label: string | null; note: string | null }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const backup = await getBackup(tx, input.backupId);
    const after = { label: input.label || null, note: input.note || null };
    await tx.backup.update({ where: { id: backup.id }, data: after });
    await describeSoon(tx, backup.id);
    await recordAudit(tx, ctx, {
      action: "backup.described",
      outcome: "succeeded",
      sentence: `Described ${nameOf(backup)}`,
      database: subject(backup),
      backupId: backup.id,
      before: { label: backup.label, note: backup.note },
      after,
    });
  });
}
