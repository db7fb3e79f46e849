import "server-only";
import { raiseRunEnded } from "@/lib/alerts/run-ended";
import { recordAudit } from "@/lib/audit/record";
import type { AuditAction, AuditOutcome } from "@/lib/audit/schemas";
import type { Actor, Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Db } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { AppError, toPublicError, type PublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { runErrors } from "@/lib/runs/errors";
import type { Job, JobResult } from "@/lib/runs/job";
import type { RunKind, RunStatus, StepName } from "@/lib/runs/schemas";
import { isRedo } from "@/lib/runs/subject";
import { roles, type Role } from "@/lib/users/schemas";
import { systemClock } from "@/lib/clock";
import { handlers } from "./handlers";
import { removeLeftovers } from "./leftovers";
import { ProgressMeter } from "./progress";

export interface Worker {
  id: string;
  db: Db;
  installation: string;
}

/** How often a running run writes its progress and looks whether it was cancelled. */
const pulseMs = 1_000;

/** The entry a finished run leaves in the audit log, and what it says when the work itself has no sentence. */
const audited: Partial<Record<RunKind, { action: AuditAction; what: string }>> = {
  backup: { action: "backup.finished", what: "Backup of" },
  verify_backup: { action: "backup.verified", what: "Verification of a backup of" },
  recheck: { action: "backup.rechecked", what: "Re-check of the stored files of" },
  convert_backup: { action: "backup.converted", what: "Conversion of a foreign file into a backup of" },
  open_look: { action: "look.opened", what: "Look inside a backup of" },
  delete_backup: { action: "backup.deleted", what: "Deletion of a backup of" },
  rescan_store: { action: "store.rescanned", what: "Rescan of a store" },
  check_store: { action: "store.checked", what: "Test of a store" },
  check_database: { action: "database.checked", what: "Test of access to" },
  prune_backups: { action: "retention.pruned", what: "Clean-up of" },
  restore: { action: "restore.finished", what: "Restore of" },
  undo_restore: { action: "restore.undone", what: "Undo of the restore of" },
  resolve_staged: { action: "restore.resolved", what: "Decision on the restore of" },
  drop_kept: { action: "restore.kept_removed", what: "Removal of the kept database of" },
  start_container: { action: "database.started", what: "Start of the container of" },
  check_application: { action: "database.checked", what: "Test of the application of" },
  stage_tables: { action: "tables.staged", what: "Staging of tables of" },
  apply_tables: { action: "tables.applied", what: "Restore of tables in" },
  undo_tables: { action: "tables.undone", what: "Undoing a restore of tables in" },
  drop_tables: { action: "tables.dropped", what: "Removal of kept rows of" },
  export_table: { action: "tables.exported", what: "Export of a table of" },
  drill: { action: "drill.finished", what: "Drill of a backup of" },
  disaster_drill: { action: "drill.finished", what: "Disaster drill of" },
};

/** The entry of an undo that takes an undo back. */
const redone = { action: "restore.redone", what: "Redo of the restore of" } as const;

/** The tag of a run: on its processes, its temporary files and its working directories. */
export function runTag(installation: string, runId: number): string {
  return `${installation}-r${runId}`;
}

/** Executes a claimed run to its end and records the outcome, whatever it is. Never throws. */
export async function execute(worker: Worker, run: Run, stop: AbortSignal): Promise<void> {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, stop]);
  const meter = new ProgressMeter(systemClock);
  const course: Course = { isFinal: false };
  const pulse = setInterval(() => void beat(worker, run.id, meter, controller, course).catch((error: unknown) => log.error({ err: error, runId: run.id }, "heartbeat failed")), pulseMs);
  const ctx: Context = { actor: actorOf(run, worker.id), clock: systemClock, db: worker.db };
  const job = makeJob(worker, run, ctx, meter, signal, course);
  try {
    const handler = handlers[run.kind as RunKind];
    await job.log(`run ${run.id} claimed by ${worker.id}`);
    const result = await handler(job);
    await finish(worker, run, ctx, "succeeded", { result });
  } catch (error) {
    const isStopped = signal.aborted && !course.isFinal && !(error instanceof AppError && error.code === "run.lease_lost");
    const cause = isStopped ? signal.reason : error;
    const status = cause instanceof AppError && cause.kind === "cancelled" ? "cancelled" : "failed";
    await removeLeftovers(worker.db, run, job.tag).catch((leftovers: unknown) => log.error({ err: leftovers, runId: run.id }, "leftovers could not be removed"));
    if (status === "failed") log.warn({ err: cause, runId: run.id, kind: run.kind }, "run failed");
    await finish(worker, run, ctx, status, { error: cause });
  } finally {
    clearInterval(pulse);
  }
}

/** Progress, heartbeat and the question whether somebody cancelled, in one write and one read. */
async function beat(worker: Worker, runId: number, meter: ProgressMeter, controller: AbortController, course: Course): Promise<void> {
  if (controller.signal.aborted && !course.isFinal) return;
  const progress = meter.tick();
  const { count } = await worker.db.run.updateMany({
    where: { id: runId, status: "running", workerId: worker.id },
    data: { heartbeatAt: new Date(), ...(progress ? { progress: writeJson(progress) } : {}) },
  });
  if (count === 0) {
    // Either the run has just finished, or it was declared lost. Only the second must stop the work; a finished run ignores it.
    controller.abort(runErrors.lease_lost({ runId }));
    return;
  }
  if (course.isFinal) return;
  const row = await worker.db.run.findUnique({ where: { id: runId }, select: { cancelRequestedAt: true, cancelRequestedBy: true } });
  if (row?.cancelRequestedAt) controller.abort(runErrors.cancelled({ by: row.cancelRequestedBy ?? "somebody" }));
}

/** Whether a run has begun what must be brought to its end. */
interface Course {
  isFinal: boolean;
}

function makeJob(worker: Worker, run: Run, ctx: Context, meter: ProgressMeter, signal: AbortSignal, course: Course): Job<never> {
  const event = async (type: string, message: string, extra: { step?: StepName; ms?: number } = {}) => {
    await worker.db.runEvent.create({
      data: { runId: run.id, at: ctx.clock.now(), type, message: message.slice(0, 2_000), step: extra.step ?? null, ms: extra.ms ?? null },
    });
  };
  return {
    ctx,
    runId: run.id,
    databaseId: run.databaseId,
    backupId: run.backupId,
    // The handler's own schema decides what this is: see handlers.
    input: JSON.parse(run.input) as never,
    tag: runTag(worker.installation, run.id),
    signal,
    log: (message) => event("log", message),
    warn: (message) => event("warning", message),
    progress: (total) => meter.total(total),
    detail: (text) => meter.detail(text),
    async step(name, work, done) {
      if (!course.isFinal) signal.throwIfAborted();
      meter.reset();
      const started = Date.now();
      await worker.db.run.update({ where: { id: run.id }, data: { step: name } });
      await event("step_started", "", { step: name });
      const result = await work();
      if (!course.isFinal) signal.throwIfAborted();
      await event("step_finished", done?.(result) ?? "", { step: name, ms: Date.now() - started });
      return result;
    },
    async renewLease() {
      if (!course.isFinal) signal.throwIfAborted();
      const { count } = await worker.db.run.updateMany({ where: { id: run.id, status: "running", workerId: worker.id }, data: { heartbeatAt: new Date() } });
      if (count !== 1) throw runErrors.lease_lost({ runId: run.id });
    },
    async pointOfNoReturn() {
      // In the same write as the lease: a cancel that came before is heard, one that comes later is refused.
      signal.throwIfAborted();
      const { count } = await worker.db.run.updateMany({
        where: { id: run.id, status: "running", workerId: worker.id, cancelRequestedAt: null },
        data: { heartbeatAt: new Date(), isFinal: true },
      });
      if (count !== 1) {
        const row = await worker.db.run.findUnique({ where: { id: run.id }, select: { status: true, cancelRequestedBy: true, cancelRequestedAt: true } });
        throw row?.status === "running" && row.cancelRequestedAt ? runErrors.cancelled({ by: row.cancelRequestedBy ?? "somebody" }) : runErrors.lease_lost({ runId: run.id });
      }
      course.isFinal = true;
    },
  };
}

function actorOf(run: Run, workerId: string): Actor {
  const origin = workerId.split(":")[0] ?? workerId;
  if (run.initiatorKind === "user" && run.initiatorId) {
    const [lowest] = roles;
    // The role was checked when the run was started; nothing in the worker decides by it.
    return { kind: "user", id: run.initiatorId, name: run.initiatorName, role: lowest satisfies Role, mayRestore: false, sessionId: "", origin };
  }
  // So were a token's scopes.
  if (run.initiatorKind === "token" && run.initiatorId) return { kind: "token", id: run.initiatorId, name: run.initiatorName, scopes: [], databaseIds: null, origin };
  const kind = run.initiatorKind === "cli" || run.initiatorKind === "schedule" ? run.initiatorKind : "system";
  return { kind, id: null, name: run.initiatorName, origin };
}

/** Moves the run to its final state and writes its audit entry, in one transaction. Does nothing when the lease was lost. */
async function finish(worker: Worker, run: Run, ctx: Context, status: Exclude<RunStatus, "queued" | "running" | "lost">, outcome: { result?: JobResult; error?: unknown }): Promise<void> {
  const shown = outcome.error === undefined ? null : toPublicError(outcome.error);
  const { result } = outcome;
  await transaction(ctx, async (tx) => {
    const moved = await tx.run.updateMany({
      where: { id: run.id, status: "running", workerId: worker.id },
      data: {
        status,
        finishedAt: ctx.clock.now(),
        activeKey: null,
        error: shown ? writeJson(shown) : null,
        result: result?.result ? writeJson(result.result) : null,
        ...(result?.backupId ? { backupId: result.backupId } : {}),
      },
    });
    if (moved.count === 0) return;
    await auditOutcome(tx, ctx, run, status, { result, error: shown });
  });
}

type Outcome = { result?: JobResult | undefined; error: Pick<PublicError, "message" | "hint"> | null };

/** The audit entry of a run's end, and who is told of it; also used by the sweep for a run that was lost. */
export async function auditOutcome(tx: Parameters<typeof recordAudit>[0], ctx: Context, run: Run, outcome: AuditOutcome, { result, error }: Outcome): Promise<void> {
  const entry = isRedo(run) ? redone : audited[run.kind as RunKind];
  if (!entry) return;
  const database = run.databaseId ? await tx.database.findUnique({ where: { id: run.databaseId }, select: { id: true, name: true } }) : null;
  const backup = await tx.backup.findUnique({ where: { id: result?.backupId ?? run.backupId ?? "" }, select: { id: true, sizeBytes: true, rows: true, databaseName: true } });
  await recordAudit(tx, ctx, {
    action: entry.action,
    outcome,
    sentence: result?.sentence ?? `${entry.what} ${database?.name ?? backup?.databaseName ?? ""}`.trim(),
    database,
    runId: run.id,
    backupId: backup?.id ?? null,
    sizeBytes: result?.sizeBytes ?? (backup ? Number(backup.sizeBytes) : null),
    records: result?.records ?? (backup?.rows == null ? null : Number(backup.rows)),
    reason: error?.message ?? result?.reason ?? null,
    after: result?.after ?? null,
  });
  await raiseRunEnded(tx, ctx, { run, outcome, error, database, backupId: backup?.id ?? null });
}
