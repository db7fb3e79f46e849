import "server-only";
import type { Job, JobResult } from "@/lib/runs/job";
import { gatherEvidence } from "./evidence";
import type { RestoreRequest } from "./schemas";

/** A person waits for this: tables that are not counted by then are shown as not counted. */
const countBudgetMs = 15_000;

/** Looks at the target of a restore that is being planned. Changes nothing. */
export async function runPlanRestore(job: Job<RestoreRequest>): Promise<JobResult> {
  const evidence = await job.step("plan", () => gatherEvidence(job.ctx, job.input, { countBudgetMs, runId: job.runId }, job.signal), (found) => found.target.problem?.message ?? `PostgreSQL ${found.target.serverVersion ?? ""} answered`);
  return { backupId: job.input.backupId, result: { evidence } };
}
