import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { backupErrors } from "@/lib/backup/errors";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { shortTime } from "@/lib/format/times";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import { drillErrors } from "./errors";
import type { StartDisasterDrillInput, StartDrillInput } from "./schemas";

/** Asks for a drill of a backup. Throws `backup.not_found`, `drill.foreign`, `run.already_active` while something else works on it. */
export async function startDrill(ctx: Context, input: StartDrillInput): Promise<{ runId: number }> {
  return transaction(ctx, (tx) => enqueueDrill(tx, ctx, { backupId: input.backupId, scheduled: false, reason: null }));
}

/** The same inside a transaction; the policy's drills go through here too. */
export async function enqueueDrill(tx: Tx, ctx: Context, drill: { backupId: string; scheduled: boolean; reason: string | null }): Promise<{ runId: number }> {
  const backup = await tx.backup.findUnique({ where: { id: drill.backupId, deletedAt: null }, include: { manifest: { select: { backupId: true } } } });
  if (!backup) throw backupErrors.not_found({});
  if (backup.origin !== "holdfast" || !backup.manifest) throw drillErrors.foreign({});
  const name = `${backup.databaseName} ${shortTime(backup.takenAt)}`;
  // The key of verifying and deleting: the file has to stay as it is while it is drilled.
  const activeKey = { key: `backup-file:${backup.id}`, what: `Work on ${name}` };
  const { runId } = await enqueueRun(tx, ctx, { kind: "drill", databaseId: backup.databaseId, backupId: backup.id, input: { scheduled: drill.scheduled }, activeKey });
  await recordAudit(tx, ctx, {
    action: "drill.started",
    outcome: "started",
    sentence: `Started a drill of ${name}`,
    database: backup.databaseId ? { id: backup.databaseId, name: backup.databaseName } : null,
    runId,
    backupId: backup.id,
    reason: drill.reason,
  });
  return { runId };
}

/**
 * Asks for the disaster drill of a database: a fresh backup, total loss on a copy, restore, verification, times. Throws
 * `run.already_active` while a backup of it is under way: the drill takes one itself.
 */
export async function startDisasterDrill(ctx: Context, input: StartDisasterDrillInput): Promise<{ runId: number }> {
  return transaction(ctx, (tx) => enqueueDisasterDrill(tx, ctx, input));
}

/** The same inside the transaction of what wants it. */
export async function enqueueDisasterDrill(tx: Tx, ctx: Pick<Context, "actor" | "clock">, input: StartDisasterDrillInput): Promise<{ runId: number }> {
  const database = await getDatabase(tx, input.databaseId);
  const activeKey = { key: backupKey(database.id), what: `A backup of ${database.name}` };
  const { runId } = await enqueueRun(tx, ctx, { kind: "disaster_drill", databaseId: database.id, activeKey });
  await recordAudit(tx, ctx, { action: "drill.started", outcome: "started", sentence: `Started a disaster drill of ${database.name}`, database, runId });
  return { runId };
}
