import "server-only";
import { z } from "zod";
import { readAlertStatus } from "@/lib/alerts/status";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import { rungOf } from "@/lib/backup/schemas";
import { DatabaseCheck } from "@/lib/databases/schemas";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import { lastMeasured, type SizedMeasurement } from "@/lib/history/measured";
import { fillsIn } from "@/lib/stores/forecast-words";
import { readStoreUse, readSharedDisks } from "@/lib/stores/read";
import type { StoreForecast } from "@/lib/stores/read-storage";
import { recentForecasts } from "@/lib/stores/recent-forecasts";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { isPaused, nextRun } from "@/lib/schedule/expansion";
import { scheduleSentence } from "@/lib/schedule/sentence";
import { assessDatabase } from "./assess-database";
import { assessDays } from "./assess-days";
import { listAttention } from "./attention";
import { readDays } from "./read-days";
import { readFacts, type DatabaseRecord } from "./read-facts";
import type { FirstSteps, Overview, OverviewDatabase } from "./schemas";
import { bySeverity, decideVerdict, type Assessed } from "./verdict";
import { workerStatus } from "./worker-status";

type Reading = Pick<Context, "db" | "clock">;

/**
 * Everything the overview shows. The number of queries does not grow with databases or runs. `lookedAt` is when whoever asks has
 * looked at the stores itself, which is as good as a worker's word: the command line where no worker runs.
 */
export async function readOverview(ctx: Reading, { lookedAt }: { lookedAt?: Date | undefined } = {}): Promise<Overview> {
  const now = ctx.clock.now();
  const [found, days, stores, use, shared, worker, damaged, active, alerts, forecasts] = await Promise.all([
    readFacts(ctx),
    readDays(ctx),
    ctx.db.store.findMany({ where: { removedAt: null }, orderBy: { createdAt: "asc" } }),
    readStoreUse(ctx),
    readSharedDisks(ctx),
    workerStatus(ctx),
    readDamaged(ctx),
    ctx.db.run.count({ where: { status: { in: ["queued", "running"] }, interactive: false } }),
    readAlertStatus(ctx),
    recentForecasts(ctx),
  ]);
  const records = lookedAt ? found.map(({ row, facts }) => ({ row, facts: { ...facts, workerHeardAt: lookedAt } })) : found;
  const assessed = records.map(({ row, facts }) => ({ id: row.id, facts, row, assessment: assessDatabase(facts, now) })).sort(bySeverity);
  const [toolOutputs, measured] = await Promise.all([readToolOutputs(ctx, assessed), lastMeasured(ctx, assessed.map(({ id, assessment }) => ({ databaseId: id, backupId: assessment.countsOn?.id ?? null })))]);
  const hasBackups = assessed.some(({ facts }) => facts.newest);
  return {
    now: now.toISOString(),
    verdict: decideVerdict(assessed),
    firstSteps: hasBackups ? null : firstSteps(records, stores),
    databases: assessed.map((one) => toDatabase(one, assessDays(days.get(one.id) ?? { backups: [], failures: [] }, now), measured.get(one.id) ?? null, now)),
    attention: listAttention(
      {
        databases: assessed,
        toolOutputs,
        worker: { heartbeatAt: lookedAt ?? worker.heartbeatAt, engineProblem: worker.isStopped ? null : worker.problem },
        stores: stores.map((store) => ({ name: store.name, problem: store.problem, checkedAt: store.checkedAt, totalBytes: toNumber(store.totalBytes), freeBytes: toNumber(store.freeBytes), sharesDisk: shared.has(store.id) })),
        damaged,
        alerts,
      },
      now,
    ),
    stores: stores.map((store) => {
      const used = use.get(store.id) ?? [];
      return {
        id: store.id,
        name: store.name,
        problem: store.problem,
        checkedAt: store.checkedAt?.toISOString() ?? null,
        totalBytes: toNumber(store.totalBytes),
        freeBytes: toNumber(store.freeBytes),
        backups: used.reduce((sum, one) => sum + one.backups, 0),
        use: used.map(({ name, bytes: size }) => ({ name, bytes: size })),
        fillsIn: fillsInOf(forecasts.get(store.id), now),
      };
    }),
    isActive: active > 0,
  };
}

function toDatabase({ row, facts, assessment }: Assessed & Pick<DatabaseRecord, "row">, days: OverviewDatabase["days"], measured: SizedMeasurement | null, now: Date): OverviewDatabase {
  const { countsOn: shown, state } = assessment;
  const rung = shown ? rungOf(shown.rung) : null;
  return {
    id: row.id,
    name: row.name,
    container: row.container,
    serverVersion: row.serverVersion,
    state,
    newest: state === "unknown" || !shown || !rung ? null : { backupId: shown.id, rung, takenAt: shown.takenAt.toISOString() },
    unknownWhy: shortWhy(facts, assessment.reasons[0]?.code),
    unknownSince: assessment.unknownSince?.toISOString() ?? null,
    objectiveRpoSeconds: row.objectiveRpoSeconds,
    objectiveRtoSeconds: row.objectiveRtoSeconds,
    measured: measured && { kind: measured.kind, totalMs: measured.totalMs, sizeBytes: measured.sizeBytes, at: new Date(measured.from).toISOString(), runId: measured.runId },
    activeRunId: facts.activeRunId,
    nextRun: nextRunOf(row.schedule, now),
    days,
  };
}

function fillsInOf(found: StoreForecast | undefined, now: Date): string | null {
  return found ? fillsIn(found.forecast, now.getTime()) : null;
}

function nextRunOf(schedule: DatabaseRecord["row"]["schedule"], now: Date): OverviewDatabase["nextRun"] {
  if (!schedule) return null;
  return { at: nextRun(schedule, now)?.toISOString() ?? null, sentence: scheduleSentence(schedule), pausedBy: isPaused(schedule, now) ? (schedule.pausedBy ?? "somebody") : null };
}

function shortWhy({ store, activeRunId }: DatabaseRecord["facts"], code: string | undefined): string | null {
  if (code === "worker_silent") return "worker silent";
  if (code === "store_unreadable") return `${store.name} cannot be read`;
  if (code === "never_backed_up") return activeRunId ? "first backup under way" : "no backup yet";
  if (code === "none_restorable") return "none can be restored";
  if (code === "dated_ahead") return "dated ahead of the clock";
  return null;
}

async function readToolOutputs({ db }: Reading, all: readonly Assessed[]): Promise<Map<number, string>> {
  const ids = all.flatMap(({ facts }) => (facts.lastRun?.failed ? [facts.lastRun.id] : []));
  const runs = await db.run.findMany({ where: { id: { in: ids } }, select: { id: true, error: true } });
  return new Map(runs.flatMap(({ id, error }) => {
    const words = readJson(PublicErrorSchema, error)?.toolOutput?.split("\n").at(0);
    return words ? [[id, words] as const] : [];
  }));
}

const Damaged = z.array(z.object({ databaseId: z.string().nullable(), name: z.string(), many: z.coerce.number() }));

async function readDamaged({ db }: Reading) {
  return Damaged.parse(await db.$queryRaw`
    SELECT b."databaseId" AS "databaseId", coalesce(max(d."name"), max(b."databaseName")) AS "name", count(*) AS "many"
    FROM "Backup" b LEFT JOIN "Database" d ON d."id" = b."databaseId"
    WHERE b."deletedAt" IS NULL AND b."problem" IS NOT NULL
    GROUP BY b."databaseId", CASE WHEN b."databaseId" IS NULL THEN b."databaseName" END`);
}

function firstSteps(records: readonly DatabaseRecord[], stores: readonly { name: string; path: string; checkedAt: Date | null; problem: string | null }[]): FirstSteps {
  const [first] = records;
  const store = stores.find(({ checkedAt, problem }) => checkedAt && !problem) ?? stores[0];
  const check = readJson(DatabaseCheck, first?.row.lastCheck ?? null);
  const detail = first
    ? [
        `${first.row.databaseName} in ${first.row.container}`,
        [check?.facts.serverVersion ? `PostgreSQL ${check.facts.serverVersion}` : null, check?.facts.sizeBytes ? bytes(check.facts.sizeBytes) : null, check?.facts.tables ? `${check.facts.readableTables} of ${plural(check.facts.tables, "table")} readable` : null].filter(Boolean).join(", "),
      ].filter(Boolean).join(": ")
    : "";
  return {
    database: first ? { name: first.row.name, id: first.row.id, detail: `${detail}.`, testedAt: first.row.checkedAt?.toISOString() ?? null } : null,
    store: store ? { name: store.name, path: store.path, testedAt: store.problem ? null : (store.checkedAt?.toISOString() ?? null) } : null,
    activeRunId: first?.facts.activeRunId ?? null,
    failedRunId: first?.facts.lastRun?.failed ? first.facts.lastRun.id : null,
  };
}
