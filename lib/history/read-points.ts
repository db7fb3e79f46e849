import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Backup } from "@/lib/db/generated/client";
import { BackupProblem } from "@/lib/backup/schemas";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import type { FailedRun } from "./causes";
import type { WorkerLife } from "./evidence";
import type { Interval } from "./intervals";
import type { Recoverable } from "./recovery-point";
import type { TrendPoint } from "./trends";

type Reading = Pick<Context, "db">;
type Row = Pick<Backup, "id" | "takenAt" | "readableAt" | "deletedAt" | "problem" | "sizeBytes" | "storedMs">;

const wanted = { id: true, takenAt: true, readableAt: true, deletedAt: true, problem: true, sizeBytes: true, storedMs: true } as const;
const mostFailures = 2_000;

/**
 * The backups that decide how old the newest recoverable data was, deleted ones for as long as they were there. A backup whose
 * proof broke counts until then if it could still be read to its end, and never did if it could not: nobody knows since when.
 */
export async function readRecoverable(ctx: Reading, databaseId: string, range: Interval): Promise<{ recoverable: Recoverable[]; trend: TrendPoint[] }> {
  const { db } = ctx;
  // What could be restored at the beginning and still can be makes every older one irrelevant.
  const base = await db.backup.findFirst({
    where: { databaseId, deletedAt: null, rung: { gte: 3 }, problem: null, takenAt: { lte: new Date(range.from) }, readableAt: { lte: new Date(range.from) }, copies: { some: { missingAt: null, store: { removedAt: null } } } },
    orderBy: { takenAt: "desc" },
    select: wanted,
  });
  const takenAt = { lte: new Date(range.to), ...(base ? { gt: base.takenAt } : {}) };
  const [present, deleted, gone] = await Promise.all([
    db.backup.findMany({ where: { databaseId, deletedAt: null, takenAt }, select: wanted }),
    db.backup.findMany({ where: { databaseId, deletedAt: { gt: new Date(range.from) }, takenAt }, select: wanted }),
    readGone(ctx, databaseId),
  ]);
  const rows = [...(base ? [base] : []), ...present, ...deleted];
  return {
    recoverable: rows.flatMap((row) => toRecoverable(row, gone)),
    trend: rows
      .filter((row) => row.takenAt.getTime() >= range.from)
      .map((row) => ({ backupId: row.id, at: row.takenAt.getTime(), sizeBytes: toNumber(row.sizeBytes), storedMs: row.storedMs }))
      .sort((a, b) => a.at - b.at),
  };
}

function toRecoverable(row: Row, gone: ReadonlyMap<string, number>): Recoverable[] {
  if (!row.readableAt) return [];
  const broke = readJson(BackupProblem, row.problem)?.at;
  const ends = [row.deletedAt?.getTime(), broke === undefined ? undefined : Date.parse(broke), gone.get(row.id)].filter((at) => at !== undefined);
  return [{ id: row.id, takenAt: row.takenAt.getTime(), from: row.readableAt.getTime(), until: ends.length > 0 ? Math.min(...ends) : null }];
}

/** When the last copy of a backup went missing, or its store was taken out; only for backups without any left. */
async function readGone({ db }: Reading, databaseId: string): Promise<Map<string, number>> {
  const copies = await db.copy.findMany({
    where: { backup: { databaseId, deletedAt: null }, OR: [{ missingAt: { not: null } }, { store: { removedAt: { not: null } } }] },
    select: { backupId: true, missingAt: true, store: { select: { removedAt: true } } },
  });
  if (copies.length === 0) return new Map();
  const left = await db.copy.findMany({ where: { backup: { databaseId, deletedAt: null, copies: { some: { missingAt: { not: null } } } }, missingAt: null, store: { removedAt: null } }, select: { backupId: true } });
  const stillThere = new Set(left.map(({ backupId }) => backupId));
  const gone = new Map<string, number>();
  for (const { backupId, missingAt, store } of copies) {
    if (stillThere.has(backupId)) continue;
    const at = Math.min(missingAt?.getTime() ?? Infinity, store.removedAt?.getTime() ?? Infinity);
    gone.set(backupId, Math.max(gone.get(backupId) ?? 0, at));
  }
  return gone;
}

/** Every worker that lived in the range: what vouches for it. */
export async function readWorkers({ db }: Reading, range: Interval): Promise<WorkerLife[]> {
  const rows = await db.worker.findMany({ where: { heartbeatAt: { gte: new Date(range.from) }, startedAt: { lte: new Date(range.to) } }, select: { startedAt: true, heartbeatAt: true, stoppedAt: true } });
  return rows.map(({ startedAt, heartbeatAt, stoppedAt }) => ({ startedAt: startedAt.getTime(), heartbeatAt: heartbeatAt.getTime(), stoppedAt: stoppedAt?.getTime() ?? null }));
}

/** The backup runs of a stretch that left nothing to restore, oldest first. */
export async function readFailedRuns({ db }: Reading, databaseId: string, during: Interval): Promise<FailedRun[]> {
  const statuses = ["failed", "lost", "cancelled"] as const;
  const rows = await db.run.findMany({
    where: { databaseId, kind: "backup", status: { in: [...statuses] }, queuedAt: { gte: new Date(during.from), lte: new Date(during.to) } },
    select: { id: true, status: true, queuedAt: true, finishedAt: true, error: true },
    orderBy: { id: "desc" },
    take: mostFailures,
  });
  return rows.reverse().map(({ id, status, queuedAt, finishedAt, error }) => ({
    id,
    at: (finishedAt ?? queuedAt).getTime(),
    status: statuses.find((known) => known === status) ?? "failed",
    message: readJson(PublicErrorSchema, error)?.message ?? (status === "lost" ? "The worker stopped reporting, so how it ended is not known." : null),
  }));
}
