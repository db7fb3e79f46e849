import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import type { Occurrence, OccurrenceAttempt, Prisma } from "@/lib/db/generated/client";
import { BackupOptions } from "@/lib/databases/schemas";
import { drillPolicyOf } from "@/lib/drill/policy";
import { isPaused, nextRun } from "./expansion";
import { nextOccurrences } from "./occurrences";
import { missedPolicies, occurrenceStates, overlapPolicies, scheduleKinds, type OccurrenceState, type ScheduleKind, type ScheduleSettings } from "./schemas";

export interface Pause {
  by: string;
  reason: string;
  since: string;
  until: string | null;
}

export interface OccurrenceRow {
  id: number;
  dueAt: string;
  state: OccurrenceState;
  why: string | null;
  retryAt: string | null;
  /** Its runs, the last one last. */
  runIds: number[];
}

/** One thing that can be done with a database by itself, and when it is. */
export interface DatabaseSchedule {
  databaseId: string;
  name: string;
  kind: ScheduleKind;
  /** How the database is dumped where its schedule says nothing else. */
  databaseOptions: BackupOptions;
  schedule: ScheduleSettings | null;
  /** What holds while there is no schedule. */
  otherwise: string;
  pause: Pause | null;
  /** Its next three times; none while it is paused for good. */
  next: string[];
  /** The newest that are over, or under way, newest first. */
  last: OccurrenceRow[];
}

type Reading = Pick<Context, "db" | "clock">;

/** Every protected database with its schedules of all kinds, by name. */
export async function listSchedules({ db, clock }: Reading): Promise<{ databaseId: string; name: string; kinds: DatabaseSchedule[] }[]> {
  const rows = await db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: withSchedules });
  return rows.map((row) => ({ databaseId: row.id, name: row.name, kinds: scheduleKinds.map((kind) => toSchedule(row, kind, clock.now())) }));
}

/** One of them; null when the database is not there or was removed. */
export async function findSchedule({ db, clock }: { db: Context["db"] | Tx; clock: Context["clock"] }, databaseId: string, kind: ScheduleKind): Promise<DatabaseSchedule | null> {
  const row = await db.database.findUnique({ where: { id: databaseId, removedAt: null }, include: withSchedules });
  return row ? toSchedule(row, kind, clock.now()) : null;
}

/** The newest times at which a schedule wanted something done, also of one that was removed. What is still to come is not among them. */
export async function listOccurrences({ db, clock }: Reading, databaseId: string, kind: ScheduleKind, many: number): Promise<OccurrenceRow[]> {
  const rows = await db.occurrence.findMany({ where: { schedule: { databaseId, kind }, dueAt: { lte: clock.now() } }, orderBy: { dueAt: "desc" }, take: many, include: { attempts: { orderBy: { number: "asc" } } } });
  return rows.map(toOccurrence);
}

const lastShown = 5;
const withSchedules = {
  schedules: { include: { occurrences: { where: { state: { not: "expected" } }, orderBy: { dueAt: "desc" }, take: lastShown, include: { attempts: { orderBy: { number: "asc" } } } } } },
} as const satisfies Prisma.DatabaseInclude;
type Row = Prisma.DatabaseGetPayload<{ include: typeof withSchedules }>;

function toSchedule(row: Row, kind: ScheduleKind, now: Date): DatabaseSchedule {
  const stored = row.schedules.find((one) => one.kind === kind) ?? null;
  const found = stored && !stored.removedAt ? stored : null;
  const first = found && nextRun(found, now);
  return {
    databaseId: row.id,
    name: row.name,
    kind,
    databaseOptions: readJson(BackupOptions, row.options),
    schedule: found && {
      cron: found.cron,
      timeZone: found.timeZone,
      options: readJson(BackupOptions, found.options),
      jitterSeconds: found.jitterSeconds,
      retries: found.retries,
      retryDelaySeconds: found.retryDelaySeconds,
      timeoutSeconds: found.timeoutSeconds,
      missed: missedPolicies.find((one) => one === found.missed) ?? "catch_up",
      overlap: overlapPolicies.find((one) => one === found.overlap) ?? "skip",
    },
    otherwise: otherwise[kind](row),
    pause: found?.pausedAt && isPaused(found, now) ? { by: found.pausedBy ?? "somebody", reason: found.pauseReason ?? "", since: found.pausedAt.toISOString(), until: found.pausedUntil?.toISOString() ?? null } : null,
    next: found && first ? [first, ...nextOccurrences(found, first, 2)].map((at) => at.toISOString()) : [],
    last: stored?.occurrences.map(toOccurrence) ?? [],
  };
}

const otherwise: Record<ScheduleKind, (row: Row) => string> = {
  backup: () => "By hand only",
  drill: (row) => (drillPolicyOf({ drillPolicy: row.drillPolicy, schedules: [] })?.when === "after_backup" ? "After every backup" : "By hand only"),
  disaster_drill: () => "By hand only",
  clean_up: ({ retention }) => (retention === null ? "Never: everything is kept" : "After each backup, drill or verification"),
  recheck: () => "By hand only",
};

function toOccurrence({ id, dueAt, state, why, retryAt, attempts }: Occurrence & { attempts: OccurrenceAttempt[] }): OccurrenceRow {
  return { id, dueAt: dueAt.toISOString(), state: occurrenceStates.find((one) => one === state) ?? "expected", why, retryAt: retryAt?.toISOString() ?? null, runIds: attempts.map(({ runId }) => runId) };
}
