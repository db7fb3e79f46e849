import "server-only";
import { isOlder } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { rungOf, type Rung } from "@/lib/backup/schemas";
import { readJson } from "@/lib/db/codecs";
import type { Database, Drill, Schedule } from "@/lib/db/generated/client";
import { isActive, runStatuses, type RunStatus } from "@/lib/runs/schemas";
import { nextRun } from "@/lib/schedule/expansion";
import { drillPolicyOf } from "./policy";
import { withSchedule } from "./schedule";
import { drillKinds, drillOutcomes, DrillPhases, type DrillKind, type DrillOutcome, type DrillPolicy } from "./schemas";

type Reading = Pick<Context, "db" | "clock">;

/** A drill as lists show it. */
export interface DrillRow {
  id: string;
  runId: number;
  kind: DrillKind;
  /** Null while it runs. */
  outcome: DrillOutcome | null;
  databaseId: string | null;
  databaseName: string;
  backupId: string;
  backupTakenAt: string;
  startedAt: string;
  finishedAt: string | null;
  /** From the first byte to a checked copy, without cleaning up. */
  totalMs: number | null;
  phases: DrillPhases;
  startedBy: { kind: string; name: string };
}

/** One database on the drills page. */
export interface DatabaseDrills {
  id: string;
  name: string;
  container: string;
  objectiveRpoSeconds: number;
  objectiveRtoSeconds: number;
  /** Null: registered before there were drills, and nobody has chosen since. */
  policy: DrillPolicy | null;
  /** When its schedule starts the next one; null without a schedule, and while it is paused. */
  nextAt: string | null;
  /** The newest backup that a drill proved, and the drill that did. */
  proven: { backupId: string; takenAt: string; provenAt: string; drill: DrillRow | null } | null;
  /** No proven backup is as young as the objective wants it. */
  isOverdue: boolean;
  /** The newest drill that is over, whatever came of it. */
  last: DrillRow | null;
  /** Queued or running. */
  active: { runId: number; status: RunStatus } | null;
  /** The backup that "run a drill now" would take; null when there is none that can be drilled. */
  newest: { backupId: string; takenAt: string; rung: Rung } | null;
}

const withSubject = { run: { select: { initiatorKind: true, initiatorName: true } }, backup: { select: { takenAt: true, databaseName: true } }, database: { select: { name: true } } } as const;
type Found = Drill & { run: { initiatorKind: string; initiatorName: string }; backup: { takenAt: Date; databaseName: string }; database: { name: string } | null };

/** Every registered database with its newest drill and proof: overdue first, then the oldest proof first. */
export async function listDatabaseDrills(ctx: Reading): Promise<DatabaseDrills[]> {
  const databases = await ctx.db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: withSchedule });
  const all = await Promise.all(databases.map((database) => describe(ctx, database)));
  const age = (one: DatabaseDrills) => (one.proven ? Date.parse(one.proven.takenAt) : 0);
  return all.sort((a, b) => Number(b.isOverdue) - Number(a.isOverdue) || age(a) - age(b) || a.name.localeCompare(b.name, "en"));
}

async function describe({ db, clock }: Reading, database: Database & { schedules: Schedule[] }): Promise<DatabaseDrills> {
  const { id, name, container, objectiveRpoSeconds, objectiveRtoSeconds } = database;
  const listed = { databaseId: id, deletedAt: null, problem: null } as const;
  const [proven, newest, last, active] = await Promise.all([
    db.backup.findFirst({ where: { ...listed, rung: 4 }, orderBy: { takenAt: "desc" }, select: { id: true, takenAt: true, provenAt: true } }),
    db.backup.findFirst({ where: { ...listed, origin: "holdfast" }, orderBy: { takenAt: "desc" }, select: { id: true, takenAt: true, rung: true } }),
    db.drill.findFirst({ where: { databaseId: id, outcome: { not: null } }, orderBy: { startedAt: "desc" }, include: withSubject }),
    db.run.findFirst({ where: { databaseId: id, kind: { in: ["drill", "disaster_drill"] }, status: { in: ["queued", "running"] } }, orderBy: { id: "asc" }, select: { id: true, status: true } }),
  ]);
  const by = proven ? await db.drill.findFirst({ where: { backupId: proven.id, outcome: "passed" }, orderBy: { startedAt: "desc" }, include: withSubject }) : null;
  const now = clock.now();
  const policy = drillPolicyOf(database);
  const schedule = database.schedules.find(({ removedAt }) => removedAt === null);
  const status = runStatuses.find((known) => known === active?.status);
  return {
    id, name, container, objectiveRpoSeconds, objectiveRtoSeconds,
    policy: policy && { when: policy.when, which: policy.which, hour: policy.hour },
    nextAt: schedule ? (nextRun(schedule, now)?.toISOString() ?? null) : null,
    proven: proven?.provenAt ? { backupId: proven.id, takenAt: proven.takenAt.toISOString(), provenAt: proven.provenAt.toISOString(), drill: by && toRow(by) } : null,
    isOverdue: !proven || isOlder(proven.takenAt, objectiveRpoSeconds * 1_000, now),
    last: last && toRow(last),
    active: active && status && isActive(status) ? { runId: active.id, status } : null,
    newest: newest && { backupId: newest.id, takenAt: newest.takenAt.toISOString(), rung: rungOf(newest.rung) ?? "stored" },
  };
}

const perPage = 25;

/** Drills of one database, or of all, newest first. */
export async function listDrills({ db }: Pick<Context, "db">, options: { databaseId?: string | null; backupId?: string | null; page?: number } = {}): Promise<{ rows: DrillRow[]; total: number; page: number; pages: number }> {
  const where = { ...(options.databaseId ? { databaseId: options.databaseId } : {}), ...(options.backupId ? { backupId: options.backupId } : {}) };
  const total = await db.drill.count({ where });
  const pages = Math.max(1, Math.ceil(total / perPage));
  const page = Math.min(Math.max(1, options.page ?? 1), pages);
  const found = await db.drill.findMany({ where, orderBy: { startedAt: "desc" }, skip: (page - 1) * perPage, take: perPage, include: withSubject });
  return { rows: found.map(toRow), total, page, pages };
}

function toRow(drill: Found): DrillRow {
  return {
    id: drill.id,
    runId: drill.runId,
    kind: drillKinds.find((kind) => kind === drill.kind) ?? "drill",
    outcome: drillOutcomes.find((outcome) => outcome === drill.outcome) ?? null,
    databaseId: drill.databaseId,
    databaseName: drill.database?.name ?? drill.backup.databaseName,
    backupId: drill.backupId,
    backupTakenAt: drill.backup.takenAt.toISOString(),
    startedAt: drill.startedAt.toISOString(),
    finishedAt: drill.finishedAt?.toISOString() ?? null,
    totalMs: drill.totalMs,
    phases: readJson(DrillPhases, drill.phases) ?? {},
    startedBy: { kind: drill.run.initiatorKind, name: drill.run.initiatorName },
  };
}

export { toRow as toDrillRow, withSubject as drillSubject };
