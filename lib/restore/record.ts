import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { readJson } from "@/lib/db/codecs";
import type { Database, Restore } from "@/lib/db/generated/client";
import { AppError } from "@/lib/errors";
import { transaction } from "@/lib/db/transaction";
import { runErrors } from "@/lib/runs/errors";
import type { Job } from "@/lib/runs/job";
import { restoreErrors } from "./errors";
import { RestoreOutcome, RestorePlan, type RestoreState } from "./schemas";

export interface RestoreRecord {
  restore: Restore;
  database: Database;
  plan: RestorePlan;
}

/** The row of a restore with its plan parsed. Throws `restore.not_found`. */
export async function readRestore({ db }: Job["ctx"], restoreId: string): Promise<RestoreRecord> {
  const found = await db.restore.findUnique({ where: { id: restoreId }, include: { database: true } });
  if (!found) throw restoreErrors.not_found({});
  const { database, ...restore } = found;
  if (!database) throw databaseErrors.not_found({});
  return { restore, database, plan: readJson(RestorePlan, restore.plan) };
}

/** The present moment as columns of a restore's row. States only go forward; the reconciler moves what was left behind. */
export async function updateRestore({ db }: Pick<Job["ctx"], "db">, id: string, data: Partial<Omit<Restore, "id" | "runId" | "state">> & { state?: RestoreState }): Promise<void> {
  await db.restore.update({ where: { id }, data });
}

/**
 * The same by the run that works on the restore, as long as it is its run. A worker that slept may wake up after another one settled
 * the restore, and after people went on from there: what it believes is no longer so. Throws `run.lease_lost` then.
 */
export async function updateOwnRestore(job: Pick<Job, "ctx" | "runId">, id: string, data: Parameters<typeof updateRestore>[2]): Promise<void> {
  await transaction(job.ctx, async (tx) => {
    const { count } = await tx.run.updateMany({ where: { id: job.runId, status: "running" }, data: { heartbeatAt: new Date() } });
    if (count !== 1) throw runErrors.lease_lost({ runId: job.runId });
    await tx.restore.update({ where: { id }, data });
  });
}

export function hasLostLease(error: unknown): boolean {
  return error instanceof AppError && error.code === "run.lease_lost";
}

export function outcomeOf(restore: Pick<Restore, "outcome">): RestoreOutcome | null {
  return readJson(RestoreOutcome, restore.outcome);
}
