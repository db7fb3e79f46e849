import "server-only";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { runErrors } from "./errors";
import type { Job } from "./job";

/**
 * Whether a run is still running, by its row alone: what a worker that slept meets when it wakes up is an Engine that does not answer or a
 * database that is gone, not only a lost lease. Lost is the end of a run, so one that is running belongs to whoever claimed it. Nobody takes it
 * over for a while then.
 */
export async function stillRuns(db: Tx, runId: number): Promise<boolean> {
  const { count } = await db.run.updateMany({ where: { id: runId, status: "running" }, data: { heartbeatAt: new Date() } });
  return count === 1;
}

/**
 * A transaction of a run, as long as it is still this worker's. One that slept may wake up after its run was taken for lost, and after
 * others went on from there: what it believes is no longer so. Throws `run.lease_lost` then, and nothing is written.
 */
export function ownTransaction<T>(job: Pick<Job, "ctx" | "runId">, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(job.ctx, async (tx) => {
    if (!(await stillRuns(tx, job.runId))) throw runErrors.lease_lost({ runId: job.runId });
    return work(tx);
  });
}
