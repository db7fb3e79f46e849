import "server-only";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { runErrors } from "./errors";
import type { Job } from "./job";

/**
 * A transaction of a run, as long as it is still this worker's. One that slept may wake up after its run was taken for lost, and after
 * others went on from there: what it believes is no longer so. Throws `run.lease_lost` then, and nothing is written. Lost is the end of
 * a run, so one that is running belongs to whoever claimed it.
 */
export function ownTransaction<T>(job: Pick<Job, "ctx" | "runId">, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(job.ctx, async (tx) => {
    const { count } = await tx.run.updateMany({ where: { id: job.runId, status: "running" }, data: { heartbeatAt: new Date() } });
    if (count !== 1) throw runErrors.lease_lost({ runId: job.runId });
    return work(tx);
  });
}
