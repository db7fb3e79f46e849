import "server-only";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/generated/client";
import { describePointBreaches, describeTimeBreaches, explains, type Breach } from "./breaches";
import { findGaps, type Gap } from "./evidence";
import type { Interval } from "./intervals";
import { lastMeasured } from "./measured";
import { procedures, type Procedure } from "./procedures";
import { evidenced, findPointBreaches, newestOverTime, nothingRecoverable, pointDays, type PointBreach, type PointDay, type PointSpan } from "./recovery-point";
import { measure, type Measured } from "./recovery-time";
import { readFailedRuns, readRecoverable, readWorkers } from "./read-points";
import { readMeasurements, readNewestTableRestore } from "./read-times";
import { objectiveColumns, objectives, type Objective } from "./schemas";
import { beginningAt } from "./search";
import { rangeOf, type HistoryRange } from "./search-params";
import { targetsWithin, type Target } from "./targets";
import type { TrendPoint } from "./trends";

/** How it went with one database: what could have been lost, how long it took to get back, and against which promises. */
export interface History {
  database: { id: string; name: string; registeredAt: number };
  /** Ends now. */
  range: Interval;
  targets: Record<Objective, Target[]>;
  gaps: Gap[];
  /** The age where there is evidence for it: `at - takenAt`. */
  seen: (Interval & { takenAt: number; backupId: string })[];
  /** Where nothing at all could be restored. */
  nothing: Interval[];
  pointBreaches: PointBreach[];
  days: PointDay[];
  measured: Measured[];
  failed: { drills: number; restores: number };
  breaches: Breach[];
  trend: TrendPoint[];
  procedures: Procedure[];
}

type Reading = Pick<Context, "db" | "clock">;

/** Everything the history of one database shows. */
export async function readHistory(ctx: Reading, database: Database, wanted: HistoryRange): Promise<History> {
  const range = rangeOf(wanted, ctx.clock.now());
  const registeredAt = database.createdAt.getTime();
  const [targets, workers, { recoverable, trend }, { measurements, failed }, table] = await Promise.all([
    readTargets(ctx, database),
    readWorkers(ctx, range),
    readRecoverable(ctx, database.id, range),
    readMeasurements(ctx, database.id, range),
    readNewestTableRestore(ctx, database.id),
  ]);
  const gaps = findGaps(range, workers, registeredAt);
  // From the oldest backup on, so that a breach which began before the range is known from its beginning.
  const spans = newestOverTime(recoverable, { from: Math.min(range.from, ...recoverable.map(({ from }) => from)), to: range.to });
  const seen = evidenced(spans, gaps, range);
  const pointBreaches = findPointBreaches(spans, targets.rpo, gaps, range);
  const measured = measure(measurements, targets.rto);
  const whole = (await lastMeasured(ctx, [{ databaseId: database.id, backupId: spans.at(-1)?.backupId ?? null }])).get(database.id) ?? null;
  return {
    database: { id: database.id, name: database.name, registeredAt },
    range,
    targets,
    gaps,
    seen,
    nothing: nothingRecoverable(spans, range),
    pointBreaches,
    days: pointDays(seen, pointBreaches, { from: Math.max(range.from, Math.min(registeredAt, range.to)), to: range.to }),
    measured,
    failed,
    breaches: [...(await withCauses(ctx, database.id, pointBreaches, { spans, gaps, targets: targets.rpo })), ...describeTimeBreaches(measured)].sort((a, b) => b.from - a.from),
    trend,
    procedures: procedures({ targets: nowOf(database), whole, table, ...ageNow(spans, gaps, range), now: range.to }),
  };
}

/** The promises in order; a database from before they were recorded has had its present ones all along. */
async function readTargets({ db }: Reading, database: Database): Promise<Record<Objective, Target[]>> {
  const rows = await db.objectiveChange.findMany({ where: { databaseId: database.id }, orderBy: [{ from: "asc" }, { id: "asc" }] });
  return Object.fromEntries(
    objectives.map((objective) => {
      const changes = rows.filter((row) => row.objective === objective).map(({ from, seconds }) => ({ from: from.getTime(), seconds }));
      return [objective, changes.length > 0 ? changes : [{ from: database.createdAt.getTime(), seconds: database[objectiveColumns[objective]] }]];
    }),
  ) as Record<Objective, Target[]>;
}

function nowOf(database: Database): Record<Objective, number> {
  return Object.fromEntries(objectives.map((objective) => [objective, database[objectiveColumns[objective]]])) as Record<Objective, number>;
}

async function withCauses(ctx: Reading, databaseId: string, breaches: readonly PointBreach[], known: { spans: PointSpan[]; gaps: Gap[]; targets: Target[] }): Promise<Breach[]> {
  if (breaches.length === 0) return [];
  const stretches = breaches.map((breach) => explains(breach, known.spans));
  const enders = breaches.flatMap((breach) => beginningAt(known.spans, breach.to)?.backupId ?? []);
  const [failed, runs] = await Promise.all([
    readFailedRuns(ctx, databaseId, { from: Math.min(...stretches.map(({ from }) => from)), to: Math.max(...stretches.map(({ to }) => to)) }),
    ctx.db.run.findMany({ where: { kind: "backup", backupId: { in: enders } }, select: { id: true, backupId: true } }),
  ]);
  return describePointBreaches(breaches, { ...known, failed, runOf: new Map(runs.map(({ id, backupId }) => [backupId ?? "", id])) });
}

function ageNow(spans: readonly PointSpan[], gaps: readonly Gap[], range: Interval): { ageMs: number | null; whyNoAge: string } {
  if (gaps.some(({ to, why }) => to >= range.to && why !== "unregistered")) return { ageMs: null, whyNoAge: "no evidence: no worker is heard" };
  const newest = spans.at(-1);
  if (!newest) return { ageMs: null, whyNoAge: "no backup can be restored yet" };
  if (newest.takenAt === null) return { ageMs: null, whyNoAge: "nothing could be restored now" };
  return { ageMs: range.to - newest.takenAt, whyNoAge: "" };
}

/** The different targets that held within the range, in order. */
export function targetsOf(targets: readonly Target[], range: Interval): number[] {
  return [...new Set(targetsWithin(targets, range).map(({ seconds }) => seconds))];
}

/** The databases there is a history of, registered ones first, and the one that is asked for, else the first. */
export async function chooseDatabase({ db }: Reading, id: string | null): Promise<{ all: { id: string; name: string }[]; chosen: Database | null }> {
  const rows = await db.database.findMany({ orderBy: [{ name: "asc" }] });
  const all = [...rows.filter(({ removedAt }) => !removedAt), ...rows.filter(({ removedAt }) => removedAt)];
  return { all: all.map(({ id: each, name }) => ({ id: each, name })), chosen: all.find((row) => row.id === id) ?? all[0] ?? null };
}
