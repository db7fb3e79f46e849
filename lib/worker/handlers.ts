import "server-only";
import type { z } from "zod";
import { runBackup } from "@/lib/backup/run";
import { runDeleteBackup } from "@/lib/backup/delete";
import { runVerifyBackup } from "@/lib/backup/verify";
import { StartBackupInput } from "@/lib/backup/schemas";
import { CheckApplicationInput } from "@/lib/databases/application-schemas";
import { runCheckApplication } from "@/lib/databases/check-application";
import { runCheckDatabase } from "@/lib/databases/check";
import { runDiscover } from "@/lib/databases/discover";
import { CheckDatabaseInput } from "@/lib/databases/schemas";
import type { Job, JobResult } from "@/lib/runs/job";
import type { RunKind } from "@/lib/runs/schemas";
import { runCheckStore } from "@/lib/stores/check";
import { runRescanStore } from "@/lib/stores/rescan";
import { StoreIdInput } from "@/lib/stores/schemas";

type Handler = (job: Job) => Promise<JobResult>;

/** The run's input through its schema, then the work. */
function withInput<S extends z.ZodType>(schema: S, work: (job: Job<z.output<S>>) => Promise<JobResult>): Handler {
  return (job) => work({ ...job, input: schema.parse(job.input) });
}

/** What each kind of run does. A kind without a handler does not compile. */
export const handlers: Record<RunKind, Handler> = {
  backup: withInput(StartBackupInput, runBackup),
  verify_backup: runVerifyBackup,
  delete_backup: runDeleteBackup,
  rescan_store: withInput(StoreIdInput, runRescanStore),
  check_store: withInput(StoreIdInput, runCheckStore),
  check_database: withInput(CheckDatabaseInput, runCheckDatabase),
  check_application: withInput(CheckApplicationInput, runCheckApplication),
  discover: runDiscover,
};
