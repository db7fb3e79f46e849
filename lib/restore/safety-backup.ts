import "server-only";
import { runBackup } from "@/lib/backup/run";
import type { StartBackupInput } from "@/lib/backup/schemas";
import type { Job, JobResult } from "@/lib/runs/job";

/** Backs the database up within another run, under the name it has now: a whole backup with its proof, whose steps are lines of that run's log. */
export async function safetyBackup(job: Job, input: StartBackupInput, calledNow: string): Promise<JobResult> {
  const within: Job<StartBackupInput> = {
    ...job,
    input,
    step: async (name, work, done) => {
      job.signal.throwIfAborted();
      const result = await work();
      await job.log(`safety backup, ${name}${done ? `: ${done(result)}` : ""}`);
      return result;
    },
  };
  return runBackup(within, calledNow);
}
