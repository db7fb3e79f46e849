import "server-only";
import { databaseErrors } from "@/lib/databases/errors";
import { readJson } from "@/lib/db/codecs";
import type { Database, Restore } from "@/lib/db/generated/client";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import type { Server } from "@/lib/postgres/server";
import type { Job } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
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

type RestoreChange = Partial<Omit<Restore, "id" | "runId" | "state">> & { state?: RestoreState };

/** The present moment as columns of a restore's row. States only go forward; the reconciler moves what was left behind. */
export async function updateRestore({ db }: Pick<Job["ctx"], "db">, id: string, data: RestoreChange): Promise<void> {
  await db.restore.update({ where: { id }, data });
}

/** Which database a registered one is from now on. */
export interface Identity {
  databaseId: string;
  systemIdentifier: string;
  databaseOid: string | null;
}

/** What the registered database of a restore is once the one with `oid` has its name. */
export function identityOf({ database }: Pick<RestoreRecord, "database">, oid: string | null, { facts }: Server): Identity {
  return { databaseId: database.id, systemIdentifier: facts.systemIdentifier, databaseOid: oid };
}

/**
 * The same by the run that works on the restore, as long as it is its run. A worker that slept may wake up after another one settled
 * the restore, and after people went on from there: what it believes is no longer so. Throws `run.lease_lost` then. With another database live,
 * `identity` goes with it: without that the next backup would take it for a stranger's.
 */
export async function updateOwnRestore(job: Pick<Job, "ctx" | "runId">, id: string, data: RestoreChange, identity?: Identity): Promise<void> {
  await ownTransaction(job, async (tx) => {
    await tx.restore.update({ where: { id }, data });
    if (identity) await writeIdentity(tx, identity);
  });
}

/**
 * The same by whoever found out what an ended run left, as long as the restore is what it was when they looked: somebody else may have settled it,
 * and people may have gone on from there. Returns whether it was.
 */
export async function settleAs(ctx: Pick<Job["ctx"], "db">, looked: Pick<Restore, "id" | "state" | "stagingName" | "keptName">, data: RestoreChange, identity?: Identity): Promise<boolean> {
  const { id, state, stagingName, keptName } = looked;
  return transaction(ctx, async (tx) => {
    const { count } = await tx.restore.updateMany({ where: { id, state, stagingName, keptName }, data });
    if (count === 1 && identity) await writeIdentity(tx, identity);
    return count === 1;
  });
}

async function writeIdentity(tx: Tx, { databaseId, ...identity }: Identity): Promise<void> {
  await tx.database.update({ where: { id: databaseId }, data: identity });
}

export function hasLostLease(error: unknown): boolean {
  return error instanceof AppError && error.code === "run.lease_lost";
}

export function outcomeOf(restore: Pick<Restore, "outcome">): RestoreOutcome | null {
  return readJson(RestoreOutcome, restore.outcome);
}
