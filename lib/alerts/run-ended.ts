import "server-only";
import { z } from "zod";
import type { AuditOutcome } from "@/lib/audit/schemas";
import type { Context } from "@/lib/context";
import { countsFor } from "@/lib/databases/partial";
import { toNumber } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { PublicError } from "@/lib/errors";
import { readRecords, readRetained } from "@/lib/retention/read";
import type { SizeRecord } from "@/lib/retention/schemas";
import { suspiciouslySmall } from "@/lib/retention/suspicious";
import type { RunKind } from "@/lib/runs/schemas";
import { isRedo } from "@/lib/runs/subject";
import { isEndedByPerson } from "@/lib/schedule/attempts";
import { raiseBackupFailed, raiseBackupRecovered } from "./backup-failed";
import type { AlertFacts } from "./facts";
import { readGood } from "./good";
import { hasGrown } from "./growth";
import { raiseDrillFailed, raiseDrillPassed } from "./drill-failed";
import { raise } from "./raise";

/** Enough to know what is usual. */
const compared = 40;

interface Ended {
  run: Run;
  outcome: AuditOutcome;
  /** Null for a run that succeeded. */
  error: Pick<PublicError, "message" | "hint"> | null;
  /** The backup it made or worked on. */
  backupId: string | null;
  /** Null: it belongs to none that is registered. */
  database: { id: string; name: string } | null;
}

interface End extends Ended {
  database: { id: string; name: string };
  now: Date;
}

/** Tells how a run ended, in the transaction that ends it. Only kinds that people wait for or rely on. */
export async function raiseRunEnded(tx: Tx, ctx: Pick<Context, "clock">, end: Ended): Promise<void> {
  const { database, run } = end;
  if (run.kind === "drill" || run.kind === "disaster_drill") return drillEnded(tx, ctx, end);
  if (!database || (await isWished(tx, end))) return;
  if (run.kind === "backup") await tellOfFailure(tx, ctx, { ...end, database });
  const facts = await (teller[run.kind as RunKind] ?? nothing)(tx, { ...end, database, now: ctx.clock.now() });
  for (const one of facts) await raise(tx, ctx, { cause: `run:${run.id}:${one.event}`, facts: one });
}

/**
 * Whether a run was cancelled and nobody is to be told: a person wished it, or its worker was stopped and its schedule tries again. One that
 * its time limit ended, or that went with its worker and comes not again by itself, was nobody's wish.
 */
async function isWished(tx: Tx, { run, outcome }: Ended): Promise<boolean> {
  if (outcome !== "cancelled") return false;
  const { cancelRequestedBy: cancelledBy } = await tx.run.findUniqueOrThrow({ where: { id: run.id }, select: { cancelRequestedBy: true } });
  if (isEndedByPerson({ status: outcome, cancelledBy })) return true;
  return cancelledBy === null && (await tx.occurrenceAttempt.count({ where: { runId: run.id } })) > 0;
}

/** What a schedule started may be tried again: whether it failed is known, and told, when its time is settled. */
async function tellOfFailure(tx: Tx, ctx: Pick<Context, "clock">, { run, outcome, error, database, backupId }: Omit<End, "now">): Promise<void> {
  if (outcome === "succeeded") {
    const isGood = backupId === null || (await counts(tx, database.id, backupId));
    return isGood ? raiseBackupRecovered(tx, ctx, { database, runId: run.id }) : undefined;
  }
  if ((await tx.occurrenceAttempt.count({ where: { runId: run.id } })) > 0) return;
  await raiseBackupFailed(tx, ctx, { database, runId: run.id, attempts: 1, error, isLost: outcome === "lost" });
}

/** Whether a backup is one of the good ones of its database; a partial one by hand is not, of a database that is backed up whole. */
async function counts(tx: Tx, databaseId: string, backupId: string): Promise<boolean> {
  return (await tx.backup.count({ where: { id: backupId, ...(await countsFor(tx, databaseId)) } })) > 0;
}

type Teller = (tx: Tx, end: End) => Promise<AlertFacts[]>;

const nothing: Teller = () => Promise.resolve([]);

const teller: Partial<Record<RunKind, Teller>> = {
  backup: backupEnded,
  restore: restoreEnded,
  resolve_staged: async (tx, end) => (Decision.safeParse(JSON.parse(end.run.input)).data?.decide === "swap" ? restoreEnded(tx, end) : []),
  apply_tables: restoreEnded,
  undo_restore: restoreEnded,
  undo_tables: restoreEnded,
};

const Decision = z.object({ decide: z.enum(["swap", "drop"]) });

async function backupEnded(tx: Tx, end: End): Promise<AlertFacts[]> {
  const { run, database, backupId } = end;
  if (end.outcome !== "succeeded") return [];
  const backup = await tx.backup.findUnique({ where: { id: backupId ?? "" }, select: { id: true, takenAt: true, sizeBytes: true, rows: true } });
  if (!backup) return [];
  const size = { takenAt: backup.takenAt.toISOString(), sizeBytes: toNumber(backup.sizeBytes), rows: toNumber(backup.rows) };
  const base = { database, runId: run.id, backupId: backup.id, ...size };
  const isLesser = !(await counts(tx, database.id, backup.id));
  const newest = (await readRetained(tx, database.id, end.now, compared)).sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  // What was removed since says what is usual too; files that others made do not.
  const all = [...newest, ...(await readRecords(tx, database.id, compared))].filter(({ isForeign }) => !isForeign).sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const small = suspiciouslySmall(all);
  const isPartial = newest.find(({ id }) => id === backup.id)?.isPartial ?? false;
  const isUsual = (one: SizeRecord) => one.takenAt < backup.takenAt && !small.has(one.id) && one.isPartial === isPartial && !one.hasProblem;
  const way = small.has(backup.id) ? "smaller" : hasGrown(size, all.filter(isUsual)) ? "larger" : null;
  const succeeded = { event: "backup_succeeded", isLesser, ...base } as const;
  if (way === null) return [succeeded];
  const before = newest.find(isUsual);
  return [succeeded, { event: "backup_unusual", way, ...base, before: before ? { takenAt: before.takenAt.toISOString(), sizeBytes: before.sizeBytes, rows: before.rows } : null }];
}

/**
 * What a drill proved stands in its own record, and holds however its run ended: one that failed or was lost may have proved something, for
 * or against, and one that was cancelled too late as well. A backup that belongs to no database any more is drilled under its own name.
 */
async function drillEnded(tx: Tx, ctx: Pick<Context, "clock">, end: Ended): Promise<void> {
  const drill = await tx.drill.findUnique({ where: { runId: end.run.id }, select: { id: true, backupId: true, outcome: true, startedAt: true, backup: { select: { takenAt: true, databaseName: true } } } });
  const database = end.database ?? (drill ? { id: null, name: drill.backup.databaseName } : null);
  if (!database) return;
  if (drill?.outcome === "passed") return raiseDrillPassed(tx, ctx, database, drill.startedAt);
  const isFailed = drill?.outcome === "failed";
  if (!isFailed && (end.outcome === "succeeded" || (await isWished(tx, end)))) return;
  const good = database.id ? await readGood(tx, database.id, ctx.clock.now()) : null;
  const facts = { database, backupId: drill?.backupId ?? null, good, takenAt: drill?.backup.takenAt.toISOString() ?? null, ...ended(end) };
  if (drill && isFailed) return raiseDrillFailed(tx, ctx, { drillId: drill.id, facts: { event: "drill_failed", ...facts } });
  await raise(tx, ctx, { cause: `run:${end.run.id}:drill_inconclusive`, facts: { event: "drill_inconclusive", ...facts } });
}

function restoreEnded(_: Tx, end: End): Promise<AlertFacts[]> {
  const { run, database } = end;
  const again = isRedo(run);
  const isUndo = !again && (run.kind === "undo_restore" || run.kind === "undo_tables");
  const what = run.kind === "apply_tables" || run.kind === "undo_tables" ? ("tables" as const) : ("database" as const);
  const base = { database, runId: run.id, by: run.initiatorName, what };
  if (end.outcome === "succeeded") return Promise.resolve([isUndo ? { event: "restore_undone", ...base } : { event: "restore_finished", isRedo: again, ...base }]);
  return Promise.resolve([{ event: "restore_failed", isUndo, isRedo: again, ...base, ...ended(end) }]);
}

function ended({ run, outcome, error }: Ended) {
  return { runId: run.id, reason: error?.message ?? "No reason is on record.", hint: error?.hint ?? null, isLost: outcome === "lost" };
}
