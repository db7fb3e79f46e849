import { startConvert } from "@/lib/convert/start";
import { StartConvertInput } from "@/lib/convert/schemas";
import type { Backup, Database } from "@/lib/db/generated/client";
import { AppError } from "@/lib/errors";
import { restoreErrors } from "@/lib/restore/errors";
import { readPlan, type ReadPlan } from "@/lib/restore/read-plan";
import type { RestoreRequest } from "@/lib/restore/schemas";
import { startPlan } from "@/lib/restore/start";
import { finishedResult, perform } from "./perform";
import type { Session } from "./session";

/** What would be done and what speaks against it: the same plan that the pages show, from what the target says now. */
export async function planOf(session: Session, request: RestoreRequest): Promise<ReadPlan> {
  let planRunId = 0;
  await finishedResult(session, async () => {
    const started = await startPlan(session.ctx, request);
    planRunId = started.runId;
    return started;
  });
  const plan = await readPlan(session.ctx, planRunId);
  if (!plan) throw restoreErrors.no_plan({});
  return plan;
}

/**
 * The backup itself, or what a file from elsewhere is converted to: such a file is never loaded into a live server, but in a throwaway
 * container without network, and Holdfast's own dump of the result is what can be restored.
 */
export async function restorable(session: Session, backup: Backup, database: Database): Promise<{ backup: Backup; convertedFrom: Backup | null }> {
  const { db } = session.ctx;
  if (backup.origin !== "foreign") return { backup, convertedFrom: null };
  const known = await db.backup.findFirst({ where: { convertedFromId: backup.id, databaseId: database.id, deletedAt: null, rung: { gte: 3 }, problem: null }, orderBy: { storedAt: "desc" } });
  if (known) return { backup: known, convertedFrom: backup };
  const view = await perform(session, () => startConvert(session.ctx, StartConvertInput.parse({ backupId: backup.id, databaseId: database.id })));
  const { error } = view;
  if (error) throw new AppError(error.code, error.kind, error.message, error.hint, { stderr: error.toolOutput });
  const made = await db.backup.findFirst({ where: { convertedFromId: backup.id, deletedAt: null }, orderBy: { storedAt: "desc" } });
  if (!made) throw restoreErrors.no_backup({});
  return { backup: made, convertedFrom: backup };
}
