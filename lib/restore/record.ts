import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { readJson } from "@/lib/db/codecs";
import type { Database, Restore } from "@/lib/db/generated/client";
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

export function outcomeOf(restore: Pick<Restore, "outcome">): RestoreOutcome | null {
  return readJson(RestoreOutcome, restore.outcome);
}
