import "server-only";
import { z } from "zod";
import type { Actor, Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { lastMeasured } from "@/lib/history/measured";
import { nextRun } from "@/lib/schedule/expansion";
import { readStoreUse, type StoreUse } from "@/lib/stores/read";
import { reaches } from "@/lib/tokens/reaches";
import { assessDatabase, type Assessment } from "../assess-database";
import { assessHealth } from "../assess-health";
import type { DatabaseFacts } from "../facts";
import { readFacts } from "../read-facts";
import { workerStatus, type WorkerStatus } from "../worker-status";

/** What is on record of one database. */
export interface DatabaseFigures {
  name: string;
  facts: DatabaseFacts;
  assessment: Assessment;
  withinObjective: boolean;
  objectiveRtoSeconds: number;
  /** The newest that can be restored. */
  last: { sizeBytes: number; rows: number | null; durationMs: number | null } | null;
  measuredMs: number | null;
  nextRunAt: Date | null;
}

/** What belongs to no single database: only for who may see all of them. */
export interface WholeFigures {
  runs: { kind: string; status: string; many: number }[];
  drills: { outcome: string; many: number }[];
  occurrences: { kind: string; state: string; many: number }[];
  stores: { name: string; problem: string | null; checkedAt: Date | null; totalBytes: number | null; freeBytes: number | null; use: StoreUse[] }[];
  worker: WorkerStatus;
  tokens: { name: string; expiresAt: Date }[];
}

export interface Figures {
  databases: DatabaseFigures[];
  whole: WholeFigures | null;
}

/** All that metrics are made of, in a number of queries that grows with nothing. */
export async function readFigures(ctx: Context): Promise<Figures> {
  const [databases, whole] = await Promise.all([readDatabases(ctx), isLimited(ctx.actor) ? null : readWhole(ctx)]);
  return { databases, whole };
}

function isLimited(actor: Actor): boolean {
  return actor.kind === "token" && actor.databaseIds !== null;
}

async function readDatabases(ctx: Context): Promise<DatabaseFigures[]> {
  const now = ctx.clock.now();
  const [all, worker] = await Promise.all([readFacts(ctx), workerStatus(ctx)]);
  const records = all.filter(({ row }) => reaches(ctx.actor, row.id)).map((one) => ({ ...one, assessment: assessDatabase(one.facts, now) }));
  const ids = records.flatMap(({ facts }) => facts.newestReadable?.id ?? []);
  const [backups, runs, measured] = await Promise.all([
    ctx.db.backup.findMany({ where: { id: { in: ids } }, select: { id: true, sizeBytes: true, rows: true } }),
    ctx.db.run.findMany({ where: { backupId: { in: ids }, kind: { in: ["backup", "convert_backup"] }, status: "succeeded" }, select: { backupId: true, startedAt: true, finishedAt: true } }),
    lastMeasured(ctx, records.map(({ row, assessment }) => ({ databaseId: row.id, backupId: assessment.countsOn?.id ?? null }))),
  ]);
  return records.map(({ row, facts, assessment }) => {
    const backup = backups.find(({ id }) => id === facts.newestReadable?.id);
    const run = runs.find(({ backupId }) => backupId === backup?.id);
    return {
      name: row.name,
      facts,
      assessment,
      withinObjective: assessHealth({ id: row.id, facts }, { workerStopped: worker.isStopped }, now).healthy,
      objectiveRtoSeconds: row.objectiveRtoSeconds,
      last: backup ? { sizeBytes: toNumber(backup.sizeBytes), rows: toNumber(backup.rows), durationMs: run?.startedAt && run.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null } : null,
      measuredMs: measured.get(row.id)?.totalMs ?? null,
      nextRunAt: row.schedule && !row.schedule.removedAt ? nextRun(row.schedule, now) : null,
    };
  });
}

const Many = z.coerce.number();
const RunRows = z.array(z.object({ kind: z.string(), status: z.string(), many: Many }));
const DrillRows = z.array(z.object({ outcome: z.string(), many: Many }));
const OccurrenceRows = z.array(z.object({ kind: z.string(), state: z.string(), many: Many }));

/** Counted anew each time: runs, drills and occurrences are never deleted, so these only grow. Each has an index that holds all it asks. */
async function readWhole({ db, clock }: Context): Promise<WholeFigures> {
  const [runs, drills, occurrences, stores, use, worker, tokens] = await Promise.all([
    db.$queryRaw`SELECT "kind", "status", count(*) AS "many" FROM "Run" GROUP BY "kind", "status"`,
    db.$queryRaw`SELECT "outcome", count(*) AS "many" FROM "Drill" WHERE "outcome" IS NOT NULL GROUP BY "outcome"`,
    db.$queryRaw`
      SELECT s."kind" AS "kind", o."state" AS "state", sum(o."many") AS "many"
      FROM (SELECT "scheduleId", "state", count(*) AS "many" FROM "Occurrence" GROUP BY "scheduleId", "state") o JOIN "Schedule" s ON s."id" = o."scheduleId"
      GROUP BY s."kind", o."state"`,
    db.store.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } }),
    readStoreUse({ db }),
    workerStatus({ db, clock }),
    db.apiToken.findMany({ where: { revokedAt: null, expiresAt: { gt: clock.now() } }, select: { name: true, expiresAt: true }, orderBy: { name: "asc" } }),
  ]);
  return {
    runs: RunRows.parse(runs),
    drills: DrillRows.parse(drills),
    occurrences: OccurrenceRows.parse(occurrences),
    stores: stores.map(({ id, name, problem, checkedAt, totalBytes, freeBytes }) => ({ name, problem, checkedAt, totalBytes: toNumber(totalBytes), freeBytes: toNumber(freeBytes), use: use.get(id) ?? [] })),
    worker,
    tokens,
  };
}
