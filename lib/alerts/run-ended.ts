import "server-only";
import { z } from "zod";
import type { AuditOutcome } from "@/lib/audit/schemas";
import type { Context } from "@/lib/context";
import { countsFor } from "@/lib/databases/partial";
import { toNumber } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { PublicError } from "@/lib/errors";
import { readRetained } from "@/lib/retention/read";
import { suspiciouslySmall } from "@/lib/retention/suspicious";
import type { RunKind } from "@/lib/runs/schemas";
import { raiseBackupFailed, raiseBackupRecovered } from "./backup-failed";
import type { AlertFacts } from "./facts";
import { readGood } from "./good";
import { raise } from "./raise";

/** Enough to know what is usual. */
const compared = 40;

interface End {
  run: Run;
  outcome: AuditOutcome;
  /** Null for a run that succeeded. */
  error: Pick<PublicError, "message" | "hint"> | null;
  /** The backup it made or worked on. */
  backupId: string | null;
  database: { id: string; name: string };
  now: Date;
}

/** Tells how a run ended, in the transaction that ends it. Only kinds that people wait for or rely on; a cancelled one was somebody's wish. */
export async function raiseRunEnded(tx: Tx, ctx: Pick<Context, "clock">, end: Omit<End, "database" | "now"> & { database: { id: string; name: string } | null }): Promise<void> {
  const { database, run } = end;
  if (!database || end.outcome === "cancelled") return;
  if (run.kind === "backup") await tellOfFailure(tx, ctx, { ...end, database });
  const facts = await (teller[run.kind as RunKind] ?? nothing)(tx, { ...end, database, now: ctx.clock.now() });
  for (const one of facts) await raise(tx, ctx, { cause: `run:${run.id}:${one.event}`, facts: one });
}

/** What a schedule started may be tried again: whether it failed is known, and told, when its time is settled. */
async function tellOfFailure(tx: Tx, ctx: Pick<Context, "clock">, { run, outcome, error, database, backupId }: Omit<End, "now">): Promise<void> {
  if (outcome === "succeeded") {
    const counts = backupId === null || (await tx.backup.count({ where: { id: backupId, ...(await countsFor(tx, database.id)) } })) > 0;
    return counts ? raiseBackupRecovered(tx, ctx, { database, runId: run.id }) : undefined;
  }
  if ((await tx.occurrenceAttempt.count({ where: { runId: run.id } })) > 0) return;
  await raiseBackupFailed(tx, ctx, { database, runId: run.id, attempts: 1, error, isLost: outcome === "lost" });
}

type Teller = (tx: Tx, end: End) => Promise<AlertFacts[]>;

const nothing: Teller = () => Promise.resolve([]);

const teller: Partial<Record<RunKind, Teller>> = {
  backup: backupEnded,
  drill: drillEnded,
  disaster_drill: drillEnded,
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
  const newest = (await readRetained(tx, database.id, end.now, compared)).sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const small = suspiciouslySmall(newest);
  if (!small.has(backup.id)) return [{ event: "backup_succeeded", ...base }];
  const isPartial = newest.find(({ id }) => id === backup.id)?.isPartial ?? false;
  const before = newest.find((one) => one.takenAt < backup.takenAt && !small.has(one.id) && one.isPartial === isPartial && !one.hasProblem);
  return [
    { event: "backup_succeeded", ...base },
    { event: "backup_unusual", ...base, before: before ? { takenAt: before.takenAt.toISOString(), sizeBytes: before.sizeBytes, rows: before.rows } : null },
  ];
}

/** What a drill proved stands in its own record: a run that failed may have proved nothing. One that proved something against a backup is a condition. */
async function drillEnded(tx: Tx, end: End): Promise<AlertFacts[]> {
  const drill = await tx.drill.findUnique({ where: { runId: end.run.id }, select: { outcome: true, backup: { select: { takenAt: true } } } });
  if (end.outcome === "succeeded" || drill?.outcome === "failed") return [];
  return [{ event: "drill_inconclusive", database: end.database, good: await readGood(tx, end.database.id, end.now), takenAt: drill?.backup.takenAt.toISOString() ?? null, ...ended(end) }];
}

function restoreEnded(_: Tx, end: End): Promise<AlertFacts[]> {
  const { run, database } = end;
  const isUndo = run.kind === "undo_restore" || run.kind === "undo_tables";
  const what = run.kind === "apply_tables" || run.kind === "undo_tables" ? ("tables" as const) : ("database" as const);
  const base = { database, runId: run.id, by: run.initiatorName, what };
  if (end.outcome === "succeeded") return Promise.resolve([{ event: isUndo ? "restore_undone" : "restore_finished", ...base }]);
  return Promise.resolve([{ event: "restore_failed", isUndo, ...base, ...ended(end) }]);
}

function ended({ run, outcome, error }: End) {
  return { runId: run.id, reason: error?.message ?? "No reason is on record.", hint: error?.hint ?? null, isLost: outcome === "lost" };
}
