import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { BackupOptions } from "@/lib/databases/schemas";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import { backupErrors } from "./errors";
import type { StartBackupInput } from "./schemas";

/** Asks for a backup. Throws `run.already_active` while another one of the same database is queued or running, `backup.passwords_refused`. */
export async function startBackup(ctx: Context, input: StartBackupInput): Promise<{ runId: number }> {
  return transaction(ctx, (tx) => enqueueBackup(tx, ctx, input));
}

/** The same within the transaction of what wants it. */
export async function enqueueBackup(tx: Tx, ctx: Pick<Context, "actor" | "clock">, input: StartBackupInput): Promise<{ runId: number }> {
  const database = await getDatabase(tx, input.databaseId);
  if (input.options?.includeRolePasswords && !mayAskForPasswords(ctx, readJson(BackupOptions, database.options))) throw backupErrors.passwords_refused({ database: database.name });
  const activeKey = { key: backupKey(database.id), what: `A backup of ${database.name}` };
  const { runId } = await enqueueRun(tx, ctx, { kind: "backup", databaseId: database.id, input: { ...input }, activeKey });
  await recordAudit(tx, ctx, { action: "backup.started", outcome: "started", sentence: `Started a backup of ${database.name}`, database, runId, after: input.label ? { label: input.label } : null });
  return { runId };
}

/** Whoever downloads backups reads them, so an admin decides: in the database's options, in those of its schedule, or here and now. */
function mayAskForPasswords({ actor }: Pick<Context, "actor">, own: BackupOptions): boolean {
  return own.includeRolePasswords || actor.kind === "schedule" || (actor.kind === "user" && actor.role === "admin");
}
