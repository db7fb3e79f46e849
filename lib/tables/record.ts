import "server-only";
import type { TableRestore } from "@/lib/db/generated/client";
import { runErrors } from "@/lib/runs/errors";
import type { Job } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import type { TableRestoreState } from "./schemas";

/**
 * Moves a restore of tables on from the state that the run left it in, as long as it is its run. A worker that slept may wake up after
 * another one settled the restore, and after people went on from there. Throws `run.lease_lost` then.
 */
export async function updateOwnTables(job: Pick<Job, "ctx" | "runId">, id: string, from: TableRestoreState, data: Partial<Omit<TableRestore, "id" | "runId" | "state">> & { state: TableRestoreState }): Promise<void> {
  await ownTransaction(job, async (tx) => {
    const { count } = await tx.tableRestore.updateMany({ where: { id, state: from }, data });
    if (count !== 1) throw runErrors.lease_lost({ runId: job.runId });
  });
}
