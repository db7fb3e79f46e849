import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { transaction } from "@/lib/db/transaction";
import { findEngine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { log } from "@/lib/log";
import { dropDatabase } from "@/lib/postgres/maintenance";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import type { Job, JobResult } from "@/lib/runs/job";
import { connectTarget } from "./evidence";
import { restoreErrors } from "./errors";
import { readRestore, updateRestore, type RestoreRecord } from "./record";
import type { DropKeptInput, RestoreInput } from "./schemas";

/** Asks for the database that a restore keeps to be removed before its time. After that nothing undoes the restore. */
export async function startDropKept(ctx: Context, input: z.output<typeof DropKeptInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const restore = await tx.restore.findUnique({ where: { id: input.restoreId }, include: { database: true } });
    if (!restore) throw restoreErrors.not_found({});
    if (!restore.keptName || restore.keptRemovedAt) throw restoreErrors.nothing_kept({});
    if (input.phrase !== restore.keptName) throw restoreErrors.wrong_phrase({ name: restore.keptName });
    // The key of an undo, which would give the database its name back.
    const activeKey = { key: backupKey(restore.databaseId), what: `A run on ${restore.database.name}` };
    const { runId } = await enqueueRun(tx, ctx, { kind: "drop_kept", databaseId: restore.databaseId, backupId: restore.backupId, input: { restoreId: restore.id }, activeKey });
    await recordAudit(tx, ctx, { action: "restore.kept_removed", outcome: "started", sentence: `Started to remove ${restore.keptName}`, database: restore.database, runId, sizeBytes: toNumber(restore.keptBytes), reason: input.reason, before: { kept: restore.keptName, until: restore.keptUntil?.toISOString() } });
    return { runId };
  });
}

/** Drops the kept database, by name and OID: the live one can never be meant. Throws `restore.kept_in_use`. */
export async function runDropKept(job: Job<z.output<typeof RestoreInput>>): Promise<JobResult> {
  const record = await readRestore(job.ctx, job.input.restoreId);
  const { restore } = record;
  if (!restore.keptName || restore.keptRemovedAt) throw restoreErrors.nothing_kept({});
  await job.step("drop", () => dropKept(job, record, job.signal), () => `${restore.keptName ?? ""} is gone${restore.keptBytes === null ? "" : `, ${bytes(Number(restore.keptBytes))} freed`}`);
  return { backupId: restore.backupId, sentence: `Removed ${restore.keptName}`, sizeBytes: toNumber(restore.keptBytes) ?? 0, result: { restoreId: restore.id } };
}

async function dropKept(job: Pick<Job, "ctx" | "renewLease">, { restore, database }: RestoreRecord, signal: AbortSignal): Promise<void> {
  const name = restore.keptName ?? "";
  const oid = restore.state === "undone" ? restore.restoredOid : restore.previousOid;
  const { server } = await connectTarget(await findEngine(), database, signal);
  await job.renewLease();
  if (!(await dropDatabase(server, { name, oid }, signal))) throw restoreErrors.kept_in_use({ name });
  await updateRestore(job.ctx, restore.id, { keptRemovedAt: job.ctx.clock.now() });
}

/** Removes every kept database whose time is over, each with its audit entry. One that cannot be removed now is tried again. */
export async function dropExpiredKept(ctx: Context): Promise<void> {
  const expired = await ctx.db.restore.findMany({
    where: { keptUntil: { lte: ctx.clock.now() }, keptName: { not: null }, keptRemovedAt: null, state: { in: ["swapped", "undone"] }, run: { status: { notIn: ["queued", "running"] } } },
    select: { id: true, databaseId: true },
  });
  for (const { id, databaseId } of expired) {
    const busy = await ctx.db.run.count({ where: { databaseId, status: { in: ["queued", "running"] }, kind: { in: ["restore", "undo_restore", "drop_kept"] } } });
    if (busy > 0) continue;
    await dropOne(ctx, id).catch((error: unknown) => log[error instanceof AppError ? "warn" : "error"]({ err: error, restoreId: id }, "a kept database could not be removed yet"));
  }
}

async function dropOne(ctx: Context, restoreId: string): Promise<void> {
  const record = await readRestore(ctx, restoreId);
  const { restore, database } = record;
  await dropKept({ ctx, renewLease: () => Promise.resolve() }, record, AbortSignal.timeout(60_000));
  await transaction(ctx, (tx) =>
    recordAudit(tx, ctx, { action: "restore.kept_removed", outcome: "succeeded", sentence: `Removed ${restore.keptName ?? ""}: its time was over`, database, runId: restore.runId, backupId: restore.backupId, sizeBytes: toNumber(restore.keptBytes) }),
  );
}
