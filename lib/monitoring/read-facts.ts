import "server-only";
import { cache } from "react";
import { z } from "zod";
import { latestBy, type Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { readJson } from "@/lib/db/codecs";
import { backedUpInPart } from "@/lib/databases/partial";
import type { Backup, Database, Schedule, Store } from "@/lib/db/generated/client";
import { BackupProblem } from "@/lib/backup/schemas";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import { timeLimit } from "@/lib/schedule/attempts";
import type { BackupFact, DatabaseFacts } from "./facts";
import { workerStatus } from "./worker-status";

export interface DatabaseRecord {
  row: Database & { store: Store; schedule: Schedule | null };
  facts: DatabaseFacts;
}

const Pointers = z.array(
  z.object({
    databaseId: z.string(),
    newestId: z.string().nullable(),
    aheadId: z.string().nullable(),
    /** The newest that is readable and not proven: one rung, so that an index leads straight to it. */
    readId: z.string().nullable(),
    provenId: z.string().nullable(),
    lastRunId: z.coerce.number().nullable(),
    activeRunId: z.coerce.number().nullable(),
    failures: z.coerce.number(),
    drillId: z.string().nullable(),
  }),
);

/** What is on record about every registered database, in eight queries whatever their number. Asked once for each page that is drawn. */
export async function readFacts({ db, clock }: { db: Context["db"] | Tx; clock: Clock }): Promise<DatabaseRecord[]> {
  return readOnce(db, clock);
}

// A page's title, its frame and the page itself all want to know.
const readOnce = cache(async (db: Context["db"] | Tx, clock: Clock): Promise<DatabaseRecord[]> => {
  const [rows, worker, pointers] = await Promise.all([
    db.database.findMany({ where: { removedAt: null }, include: { store: true, schedules: { where: { kind: "backup", removedAt: null } } }, orderBy: { name: "asc" } }),
    workerStatus({ db, clock }),
    readPointers({ db }, latestBy(clock.now())),
  ]);
  const ids = pointers.flatMap((one) => [one.newestId, one.aheadId, one.readId, one.provenId]).filter((id) => id !== null);
  const runIds = pointers.flatMap(({ lastRunId }) => (lastRunId === null ? [] : [lastRunId]));
  const drillIds = pointers.flatMap(({ drillId }) => drillId ?? []);
  const [backups, runs, drills, missed] = await Promise.all([
    db.backup.findMany({ where: { id: { in: [...new Set(ids)] } } }),
    db.run.findMany({ where: { id: { in: runIds } }, select: { id: true, status: true, finishedAt: true, error: true } }),
    db.drill.findMany({ where: { id: { in: drillIds } }, select: { id: true, outcome: true, startedAt: true, run: { select: { status: true, error: true } } } }),
    db.occurrence.groupBy({ by: ["scheduleId"], where: { state: "missed" }, _max: { dueAt: true } }),
  ]);
  const missedAt = new Map(missed.map((one) => [one.scheduleId, one._max.dueAt]));
  const backup = new Map(backups.map((one) => [one.id, toFact(one)]));
  const run = new Map(runs.map((one) => [one.id, { id: one.id, failed: one.status !== "succeeded", finishedAt: one.finishedAt, message: readMessage(one) }]));
  const drill = new Map(drills.map((one) => [one.id, { id: one.id, failed: one.outcome === "failed", at: one.startedAt, message: readMessage(one.run) }]));
  return rows.map(({ schedules: [schedule = null], ...fields }) => {
    const row = { ...fields, schedule };
    const found = pointers.find((one) => one.databaseId === row.id);
    const get = (id: string | null | undefined) => backup.get(id ?? "") ?? null;
    return {
      row,
      facts: {
        name: row.name,
        objectiveRpoSeconds: row.objectiveRpoSeconds,
        registeredAt: row.createdAt,
        workerHeardAt: worker.heartbeatAt,
        store: { name: row.store.name, problem: row.store.problem, checkedAt: row.store.checkedAt },
        newest: get(found?.newestId),
        ahead: get(found?.aheadId),
        newestReadable: later(get(found?.readId), get(found?.provenId)),
        newestProven: get(found?.provenId),
        lastRun: run.get(found?.lastRunId ?? -1) ?? null,
        failuresInARow: found?.failures ?? 0,
        activeRunId: found?.activeRunId ?? null,
        lastDrill: drill.get(found?.drillId ?? "") ?? null,
        schedule: schedule && { ...schedule, missedAt: missedAt.get(schedule.id) ?? null },
      },
    };
  });
});

/**
 * Which backups and runs matter. One statement with subqueries, each of which stops at the first row of an index. The signs that
 * change nothing (`+`, `|| ''`) keep SQLite from choosing an index that it would have to sort: with 100,000 backups that took
 * seconds, and the frame asks this every second while something runs. Where no store with a copy can be read, no backup is looked at:
 * otherwise each of them would be, in vain. A run that its schedule's time limit ended has failed; one that a person cancelled has not. What is dated after `latest` lies ahead of the clock, and is the newest of nothing.
 */
async function readPointers({ db }: { db: Context["db"] | Tx }, latest: Date) {
  const inPart = JSON.stringify([...(await backedUpInPart(db))]);
  const overdue = `${timeLimit}%`;
  return Pointers.parse(await db.$queryRaw`
    SELECT d."id" AS "databaseId",
      (SELECT b."id" FROM "Backup" b WHERE b."databaseId" = d."id" AND b."deletedAt" IS NULL AND b."takenAt" <= ${latest} ORDER BY b."takenAt" DESC LIMIT 1) AS "newestId",
      (SELECT b."id" FROM "Backup" b WHERE b."databaseId" = d."id" AND b."deletedAt" IS NULL AND b."takenAt" > ${latest} ORDER BY b."takenAt" DESC LIMIT 1) AS "aheadId",
      CASE WHEN k."isUsable" THEN (SELECT b."id" FROM "Backup" b WHERE b."databaseId" = d."id" AND b."rung" = 3 AND b."deletedAt" IS NULL AND b."problem" IS NULL AND (b."isPartial" = 0 OR k."isPart") AND b."takenAt" <= ${latest}
        AND EXISTS (SELECT 1 FROM "Copy" c JOIN "Store" s ON s."id" = c."storeId" WHERE c."backupId" = b."id" AND c."missingAt" IS NULL AND c."problem" IS NULL AND s."removedAt" IS NULL AND s."problem" IS NULL)
        ORDER BY b."takenAt" DESC LIMIT 1) END AS "readId",
      CASE WHEN k."isUsable" THEN (SELECT b."id" FROM "Backup" b WHERE b."databaseId" = d."id" AND b."rung" = 4 AND b."deletedAt" IS NULL AND b."problem" IS NULL AND (b."isPartial" = 0 OR k."isPart") AND b."takenAt" <= ${latest}
        AND EXISTS (SELECT 1 FROM "Copy" c JOIN "Store" s ON s."id" = c."storeId" WHERE c."backupId" = b."id" AND c."missingAt" IS NULL AND c."problem" IS NULL AND s."removedAt" IS NULL AND s."problem" IS NULL)
        ORDER BY b."takenAt" DESC LIMIT 1) END AS "provenId",
      (SELECT r."id" FROM "Run" r WHERE r."databaseId" = d."id" AND r."kind" = 'backup' AND (r."status" || '' IN ('succeeded', 'failed', 'lost') OR (r."status" || '' = 'cancelled' AND r."cancelRequestedBy" LIKE ${overdue}))
        AND (k."isPart" OR NOT EXISTS (SELECT 1 FROM "Backup" m WHERE m."id" = r."backupId" AND m."isPartial")) ORDER BY r."id" DESC LIMIT 1) AS "lastRunId",
      (SELECT r."id" FROM "Run" r WHERE r."activeKey" = 'backup:' || d."id") AS "activeRunId",
      (SELECT count(*) FROM "Run" r WHERE r."databaseId" = d."id" AND r."kind" = 'backup' AND (r."status" || '' IN ('failed', 'lost') OR (r."status" || '' = 'cancelled' AND r."cancelRequestedBy" LIKE ${overdue}))
        AND r."id" > coalesce((SELECT g."id" FROM "Run" g WHERE g."databaseId" = d."id" AND g."kind" = 'backup' AND g."status" || '' = 'succeeded'
          AND (k."isPart" OR NOT EXISTS (SELECT 1 FROM "Backup" m WHERE m."id" = g."backupId" AND m."isPartial")) ORDER BY g."id" DESC LIMIT 1), 0)) AS "failures",
      (SELECT x."id" FROM "Drill" x WHERE x."databaseId" = d."id" AND x."outcome" || '' IN ('passed', 'failed') AND x."startedAt" <= ${latest} ORDER BY x."startedAt" DESC LIMIT 1) AS "drillId"
    FROM "Database" d JOIN (SELECT o."id", EXISTS (
        SELECT 1 FROM "Store" s JOIN "Copy" c ON c."storeId" = s."id" WHERE s."removedAt" IS NULL AND s."problem" IS NULL AND c."missingAt" IS NULL AND c."databaseKey" = o."id"
        UNION ALL SELECT 1 FROM "Copy" c WHERE c."missingAt" IS NULL AND c."databaseKey" IS NULL) AS "isUsable", o."id" IN (SELECT "value" FROM json_each(${inPart})) AS "isPart" FROM "Database" o) k ON k."id" = d."id"
    WHERE d."removedAt" IS NULL`);
}

function later(one: BackupFact | null, other: BackupFact | null): BackupFact | null {
  return !one || (other && other.takenAt > one.takenAt) ? other : one;
}

function toFact(backup: Backup): BackupFact {
  const { id, takenAt, rung, isPartial, problem } = backup;
  return { id, takenAt, rung, isPartial, problem: readJson(BackupProblem, problem)?.message ?? null };
}

function readMessage({ status, error }: { status: string; error: string | null }): string | null {
  if (error) return readJson(PublicErrorSchema, error)?.message ?? null;
  return status === "lost" ? "the worker stopped reporting, so its outcome is not known" : null;
}
