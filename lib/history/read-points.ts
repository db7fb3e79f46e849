import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { BackupProblem } from "@/lib/backup/schemas";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import type { FailedRun } from "./causes";
import type { WorkerLife } from "./evidence";
import type { Interval } from "./intervals";
import type { Recoverable } from "./recovery-point";
import type { TrendPoint } from "./trends";

type Reading = Pick<Context, "db">;
/** Id, taken, readable, deleted, problem, size and milliseconds until stored. */
const Rows = z.array(z.tuple([z.string(), z.string(), z.string().nullable(), z.string().nullable(), z.string().nullable(), z.number(), z.number().nullable()]));
type Row = z.output<typeof Rows>[number];
const Answer = z.tuple([z.object({ rows: z.string() })]);

const mostFailures = 2_000;

/**
 * The backups that decide how old the newest recoverable data was, deleted ones for as long as they were there. A backup whose
 * proof broke counts until then if it could still be read to its end, and never did if it could not: nobody knows since when.
 */
export async function readRecoverable(ctx: Reading, databaseId: string, range: Interval): Promise<{ recoverable: Recoverable[]; trend: TrendPoint[] }> {
  const [rows, gone] = await Promise.all([readRows(ctx, databaseId, range), readGone(ctx, databaseId)]);
  return {
    recoverable: rows.flatMap((row) => toRecoverable(row, gone)),
    trend: rows
      .map(([backupId, takenAt, , , , sizeBytes, storedMs]) => ({ backupId, at: Date.parse(takenAt), sizeBytes, storedMs }))
      .filter(({ at }) => at >= range.from)
      .sort((a, b) => a.at - b.at),
  };
}

/**
 * The backups of a range and the one it begins with: what could be restored then and still can be makes every older one irrelevant. As
 * one text, because a year of backups every quarter of an hour is 35,000 rows, and one by one they take the client many times as long.
 */
async function readRows({ db }: Reading, databaseId: string, range: Interval): Promise<Row[]> {
  const from = new Date(range.from);
  const to = new Date(range.to);
  const [{ rows }] = Answer.parse(await db.$queryRaw`
    WITH "base" AS (SELECT coalesce((SELECT b."takenAt" FROM "Backup" b
      WHERE b."databaseId" = ${databaseId} AND b."deletedAt" IS NULL AND b."takenAt" <= ${from} AND b."readableAt" <= ${from} AND b."problem" IS NULL
        AND EXISTS (SELECT 1 FROM "Copy" c JOIN "Store" s ON s."id" = c."storeId" WHERE c."backupId" = b."id" AND c."missingAt" IS NULL AND c."problem" IS NULL AND s."removedAt" IS NULL)
      ORDER BY b."takenAt" DESC LIMIT 1), '') AS "since")
    SELECT json_group_array(json_array("id", "takenAt", "readableAt", "deletedAt", "problem", "sizeBytes", "storedMs")) AS "rows" FROM (
      SELECT * FROM "Backup" WHERE "databaseId" = ${databaseId} AND "deletedAt" IS NULL AND "takenAt" >= (SELECT "since" FROM "base") AND "takenAt" <= ${to}
      UNION ALL SELECT * FROM "Backup" WHERE "databaseId" = ${databaseId} AND "deletedAt" > ${from} AND "takenAt" >= (SELECT "since" FROM "base") AND "takenAt" <= ${to})`);
  return Rows.parse(JSON.parse(rows));
}

function toRecoverable([id, takenAt, readableAt, deletedAt, problem]: Row, gone: ReadonlyMap<string, number>): Recoverable[] {
  if (readableAt === null) return [];
  const broke = readJson(BackupProblem, problem)?.at;
  const ends = [deletedAt, broke].flatMap((at) => (at ? [Date.parse(at)] : []));
  const wentMissing = gone.get(id);
  if (wentMissing !== undefined) ends.push(wentMissing);
  return [{ id, takenAt: Date.parse(takenAt), from: Date.parse(readableAt), until: ends.length > 0 ? Math.min(...ends) : null }];
}

/** When the last copy of a backup went missing, or its store was taken out; only for backups without any left. */
async function readGone({ db }: Reading, databaseId: string): Promise<Map<string, number>> {
  const stores = await db.store.findMany({ select: { id: true, removedAt: true } });
  const removed = new Map(stores.flatMap(({ id, removedAt }) => (removedAt ? [[id, removedAt.getTime()] as const] : [])));
  const ofDatabase = { backup: { databaseId, deletedAt: null } };
  const [missing, inRemoved] = await Promise.all([
    // By store, so that an index leads to the few that are missing.
    db.copy.findMany({ where: { storeId: { in: stores.map(({ id }) => id) }, missingAt: { not: null }, ...ofDatabase }, select: { backupId: true, storeId: true, missingAt: true } }),
    removed.size === 0 ? [] : db.copy.findMany({ where: { storeId: { in: [...removed.keys()] }, missingAt: null, ...ofDatabase }, select: { backupId: true, storeId: true, missingAt: true } }),
  ]);
  const lost = [...missing, ...inRemoved];
  if (lost.length === 0) return new Map();
  const left = await db.copy.findMany({ where: { backupId: { in: [...new Set(lost.map(({ backupId }) => backupId))] }, missingAt: null, problem: null, storeId: { notIn: [...removed.keys()] } }, select: { backupId: true } });
  const stillThere = new Set(left.map(({ backupId }) => backupId));
  const gone = new Map<string, number>();
  for (const { backupId, storeId, missingAt } of lost) {
    if (stillThere.has(backupId)) continue;
    const at = Math.min(missingAt?.getTime() ?? Infinity, removed.get(storeId) ?? Infinity);
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
