import "server-only";
import { z } from "zod";
import { latestBy } from "@/lib/clock";
import { BackupProblem } from "@/lib/backup/schemas";
import { readJson, toNumber } from "@/lib/db/codecs";
import { backedUpInPart } from "@/lib/databases/partial";
import type { Db, Tx } from "@/lib/db/client";
import { storeErrors } from "@/lib/stores/errors";
import { readFacts } from "@/lib/monitoring/read-facts";
import { workerStatus } from "@/lib/monitoring/worker-status";
import { toWishes } from "./channels";
import type { Observation } from "./conditions";
import { readFailedDrills } from "./drill-failed";
import type { AlertEvent } from "./events";
import { AlertFacts } from "./facts";
import { readGood } from "./good";
import { judgeDatabase, judgeStore, judgeWorker } from "./judge";
import type { AlertSettings } from "./schemas";
import { wants } from "./wants";

/** A condition as it is found, with what its words are made of. */
export type Found = Observation & { event: AlertEvent; facts: AlertFacts };

/** Problems that speak of the file itself. What a drill finds is told as a drill. */
const fileProblems = ["store.file_missing", "backup.empty_file", "backup.wrong_size", "backup.changed", "restore.changed_file", "backup.roles_damaged", "backup.not_gzip", "backup.truncated", "backup.undecodable", "backup.rows_differ"];
const mostDamaged = 5_000;

/** Looks at everything that can hold for a while. `startedAt`: since when somebody listens for the worker. */
export async function observe(db: Db | Tx, settings: AlertSettings, { now, startedAt }: { now: Date; startedAt: Date }): Promise<Found[]> {
  const drills = (await readFailedDrills(db, now)).map((held): Bare => ({ ...held, state: "active" }));
  const found = [...(await observeDatabases(db, settings, now)), ...drills, ...(await observeFiles(db, now)), ...(await observeStores(db)), await observeWorker(db, now, startedAt)];
  const channels = (await db.alertChannel.findMany({ where: { removedAt: null, isOn: true } })).map(toWishes);
  return found.map(({ databaseId, ...one }) => ({ ...one, isWanted: channels.some((channel) => wants(channel, { event: one.event, databaseId })) }));
}

type Bare = Omit<Found, "isWanted"> & { databaseId: string | null };

async function observeDatabases(db: Db | Tx, settings: AlertSettings, now: Date): Promise<Bare[]> {
  const records = await readFacts({ db, clock: { now: () => now } });
  const succeeded = await lastSuccesses(db, now);
  const found: Bare[] = [];
  for (const { row, facts } of records) {
    const database = { id: row.id, name: row.name };
    const hours = settings.ownHours[row.id] ?? settings.nothingHours;
    const lastAt = succeeded.get(row.id) ?? null;
    const { nothing, exposed, why } = judgeDatabase(facts, { hours, lastAt }, now);
    // Only where it will be said: a question for each database.
    const good = nothing === "active" || exposed === "active" ? await readGood(db, row.id, now) : null;
    const base = { members: [], databaseId: row.id };
    found.push(
      { ...base, key: `nothing_succeeded:${row.id}`, event: "nothing_succeeded", state: nothing, facts: { event: "nothing_succeeded", database, hours, lastAt: lastAt?.toISOString() ?? null, good, ahead: facts.ahead?.takenAt.toISOString() ?? null } },
      { ...base, key: `database_exposed:${row.id}`, event: "database_exposed", state: exposed, facts: { event: "database_exposed", database, why, good } },
    );
  }
  return found;
}

const Last = z.array(z.object({ databaseId: z.string(), runId: z.coerce.number().nullable() }));

/**
 * When the last backup of each database that succeeded ended, not counting what lies ahead of the clock, and a partial one only where that is
 * the rule. One index leads to each; see `readFacts` for the sign that keeps it so.
 */
async function lastSuccesses(db: Db | Tx, now: Date): Promise<Map<string, Date>> {
  const inPart = JSON.stringify([...(await backedUpInPart(db))]);
  const last = Last.parse(await db.$queryRaw`
    SELECT d."id" AS "databaseId",
      (SELECT r."id" FROM "Run" r WHERE r."databaseId" = d."id" AND r."kind" = 'backup' AND r."status" || '' = 'succeeded' AND r."finishedAt" <= ${latestBy(now)}
        AND (d."id" IN (SELECT "value" FROM json_each(${inPart})) OR NOT EXISTS (SELECT 1 FROM "Backup" b WHERE b."id" = r."backupId" AND b."isPartial")) ORDER BY r."id" DESC LIMIT 1) AS "runId"
    FROM "Database" d WHERE d."removedAt" IS NULL`);
  const runs = await db.run.findMany({ where: { id: { in: last.flatMap(({ runId }) => runId ?? []) } }, select: { databaseId: true, finishedAt: true } });
  return new Map(runs.flatMap(({ databaseId, finishedAt }) => (databaseId && finishedAt ? [[databaseId, finishedAt] as const] : [])));
}

/** Damaged and missing backups by database, removed ones too, because their backups are still kept; one that never was whole failed with its own run, which was told then. */
async function observeFiles(db: Db | Tx, now: Date): Promise<Bare[]> {
  const damaged = await readDamaged(db);
  const bySubject = new Map<string, Damaged[]>();
  for (const one of damaged) bySubject.set(one.key, [...(bySubject.get(one.key) ?? []), one]);
  const found: Bare[] = [];
  for (const [key, all] of bySubject) {
    const [first] = all;
    if (!first) continue;
    const database = { id: first.databaseId, name: first.name };
    found.push({ key, event: "file_damaged", state: "active", members: all.map(({ id }) => id).sort(), databaseId: database.id, facts: { event: "file_damaged", database, many: all.length, example: first.why, good: database.id ? await readGood(db, database.id, now) : null } });
  }
  // Nothing is left of what was told: that is over, and not out of sight.
  const open = await db.alertCondition.findMany({ where: { event: "file_damaged", closedAt: null }, select: { key: true, facts: true } });
  const over = open.filter(({ key }) => !bySubject.has(key)).map(({ key, facts }): Bare => ({ key, event: "file_damaged", state: "clear", members: [], databaseId: null, facts: readJson(AlertFacts, facts) }));
  return [...found, ...over];
}

interface Damaged {
  id: string;
  /** Of the condition it belongs to. */
  key: string;
  databaseId: string | null;
  name: string;
  why: string;
}

/** Backups with a problem of their file, and those of which one copy is damaged or gone; asked apart, so that each has its index. */
async function readDamaged(db: Db | Tx): Promise<Damaged[]> {
  const ofBackup = { id: true, databaseId: true, databaseName: true, database: { select: { name: true } } } as const;
  const neverWhole = { some: { kind: { in: ["backup", "convert_backup"] }, status: { not: "succeeded" } } };
  const ofCopy = { store: { removedAt: null }, backup: { deletedAt: null, NOT: { runs: neverWhole } } } as const;
  const [broken, missing, damaged] = await Promise.all([
    db.backup.findMany({ where: { deletedAt: null, problem: { not: null }, NOT: { runs: neverWhole } }, orderBy: { takenAt: "desc" }, take: mostDamaged, select: { ...ofBackup, problem: true } }),
    db.copy.findMany({ where: { missingAt: { not: null }, ...ofCopy }, orderBy: { storedAt: "desc" }, take: mostDamaged, select: { key: true, store: { select: { name: true } }, backup: { select: ofBackup } } }),
    db.copy.findMany({ where: { problem: { not: null }, ...ofCopy }, orderBy: { storedAt: "desc" }, take: mostDamaged, select: { problem: true, backup: { select: ofBackup } } }),
  ]);
  const all = [
    ...broken.flatMap(({ problem, ...backup }) => {
      const known = readJson(BackupProblem, problem);
      return known && fileProblems.includes(known.code) ? [{ ...backup, why: known.message }] : [];
    }),
    ...missing.map(({ key, store, backup }) => ({ ...backup, why: storeErrors.file_missing({ key, store: store.name }).message })),
    ...damaged.map(({ problem, backup }) => ({ ...backup, why: readJson(BackupProblem, problem)?.message ?? "" })),
  ];
  const once = new Map(all.map((one) => [one.id, one]));
  return [...once.values()].map(({ id, databaseId, databaseName, database, why }) => ({ id, key: `file_damaged:${databaseId ?? `name:${databaseName}`}`, databaseId, name: database?.name ?? databaseName, why }));
}

async function observeStores(db: Db | Tx): Promise<Bare[]> {
  const rows = await db.store.findMany({ where: { removedAt: null } });
  return rows.flatMap(({ id, name, problem, checkedAt, totalBytes, freeBytes }): Bare[] => {
    const store = { id, name };
    const space = { freeBytes: toNumber(freeBytes), totalBytes: toNumber(totalBytes) };
    const { unreadable, filling } = judgeStore({ problem, checkedAt, ...space });
    const base = { members: [], databaseId: null };
    return [
      { ...base, key: `store_unreadable:${id}`, event: "store_unreadable", state: unreadable, facts: { event: "store_unreadable", store, problem: problem ?? "" } },
      { ...base, key: `store_filling:${id}`, event: "store_filling", state: filling, facts: { event: "store_filling", store, freeBytes: space.freeBytes ?? 0, totalBytes: space.totalBytes ?? 0 } },
    ];
  });
}

async function observeWorker(db: Db | Tx, now: Date, startedAt: Date): Promise<Bare> {
  const { heartbeatAt } = await workerStatus({ db, clock: { now: () => now } });
  return { key: "worker_silent", event: "worker_silent", state: judgeWorker(heartbeatAt, startedAt, now), members: [], databaseId: null, facts: { event: "worker_silent", heardAt: heartbeatAt?.toISOString() ?? null } };
}
