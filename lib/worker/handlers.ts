import "server-only";
import type { z } from "zod";
import { runBackup } from "@/lib/backup/run";
import { runDeleteBackup } from "@/lib/backup/delete";
import { runRecheck } from "@/lib/backup/recheck";
import { runVerifyBackup } from "@/lib/backup/verify";
import { RecheckInput, RunDeleteInput, StartBackupInput } from "@/lib/backup/schemas";
import { runInspectForeign } from "@/lib/convert/inspect";
import { runConvertBackup } from "@/lib/convert/run";
import { InspectForeignInput, StartConvertInput } from "@/lib/convert/schemas";
import { CheckApplicationInput } from "@/lib/databases/application-schemas";
import { runCheckApplication } from "@/lib/databases/check-application";
import { runCheckDatabase } from "@/lib/databases/check";
import { runDiscover } from "@/lib/databases/discover";
import { CheckDatabaseInput } from "@/lib/databases/schemas";
import { runDisasterDrill } from "@/lib/drill/disaster";
import { runDrill } from "@/lib/drill/run";
import { runCloseLook } from "@/lib/look/close";
import { runOpenLook } from "@/lib/look/open";
import { runQueryLook } from "@/lib/look/query";
import { LookIdInput, QueryLookInput, RunOpenLookInput } from "@/lib/look/schemas";
import { runDropKept } from "@/lib/restore/drop-kept";
import { runPlanRestore } from "@/lib/restore/plan-run";
import { runResolveStaged } from "@/lib/restore/resolve";
import { runRestore } from "@/lib/restore/run";
import { PlanRestoreInput, ResolveRunInput, RestoreInput, RestoreRunInput } from "@/lib/restore/schemas";
import { runStartContainer } from "@/lib/restore/start-container";
import { runUndoRestore } from "@/lib/restore/undo";
import { runPruneBackups } from "@/lib/retention/run";
import { PruneInput } from "@/lib/retention/schemas";
import type { Job, JobResult } from "@/lib/runs/job";
import type { RunKind } from "@/lib/runs/schemas";
import { runCheckStore } from "@/lib/stores/check";
import { runRescanStore } from "@/lib/stores/rescan";
import { StoreIdInput } from "@/lib/stores/schemas";
import { runApplyTables } from "@/lib/tables/apply";
import { runDropTables } from "@/lib/tables/drop";
import { runExportTable } from "@/lib/tables/export";
import { runPlanTables } from "@/lib/tables/plan";
import { DropTablesInput, ExportTableInput, PlanTablesInput, RunApplyInput, RunUndoInput } from "@/lib/tables/schemas";
import { runStageTables } from "@/lib/tables/stage";
import { runUndoTables } from "@/lib/tables/undo";

type Handler = (job: Job) => Promise<JobResult>;

/** The run's input through its schema, then the work. */
function withInput<S extends z.ZodType>(schema: S, work: (job: Job<z.output<S>>) => Promise<JobResult>): Handler {
  return (job) => work({ ...job, input: schema.parse(job.input) });
}

/** What each kind of run does. A kind without a handler does not compile. */
export const handlers: Record<RunKind, Handler> = {
  backup: withInput(StartBackupInput, (job) => runBackup(job)),
  verify_backup: runVerifyBackup,
  recheck: withInput(RecheckInput, runRecheck),
  delete_backup: withInput(RunDeleteInput, runDeleteBackup),
  rescan_store: withInput(StoreIdInput, runRescanStore),
  check_store: withInput(StoreIdInput, runCheckStore),
  check_database: withInput(CheckDatabaseInput, runCheckDatabase),
  check_application: withInput(CheckApplicationInput, runCheckApplication),
  discover: runDiscover,
  prune_backups: withInput(PruneInput, runPruneBackups),
  plan_restore: withInput(PlanRestoreInput, runPlanRestore),
  restore: withInput(RestoreRunInput, runRestore),
  undo_restore: withInput(RestoreInput, runUndoRestore),
  resolve_staged: withInput(ResolveRunInput, runResolveStaged),
  drop_kept: withInput(RestoreInput, runDropKept),
  start_container: runStartContainer,
  plan_tables: withInput(PlanTablesInput, runPlanTables),
  stage_tables: runStageTables,
  apply_tables: withInput(RunApplyInput, runApplyTables),
  undo_tables: withInput(RunUndoInput, runUndoTables),
  drop_tables: withInput(DropTablesInput, runDropTables),
  export_table: withInput(ExportTableInput, runExportTable),
  inspect_foreign: withInput(InspectForeignInput, runInspectForeign),
  convert_backup: withInput(StartConvertInput, runConvertBackup),
  open_look: withInput(RunOpenLookInput, runOpenLook),
  query_look: withInput(QueryLookInput, runQueryLook),
  close_look: withInput(LookIdInput, runCloseLook),
  drill: runDrill,
  disaster_drill: runDisasterDrill,
};
