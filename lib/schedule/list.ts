import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Occurrence, OccurrenceAttempt, Prisma } from "@/lib/db/generated/client";
import { BackupOptions } from "@/lib/databases/schemas";
import { isPaused, nextRun } from "./expansion";
import { missedPolicies, occurrenceStates, overlapPolicies, type OccurrenceState, type ScheduleSettings } from "./schemas";

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

/** A database, and when it is backed up by itself. */
export interface ScheduledDatabase {
  databaseId: string;
  name: string;
  /** How the database is dumped where its schedule says nothing else. */
  databaseOptions: BackupOptions;
  schedule: ScheduleSettings | null;
  pause: Pause | null;
  nextAt: string | null;
  /** The newest that is over, or under way. */
  last: OccurrenceRow | null;
}

type Reading = Pick<Context, "db" | "clock">;

/** Every protected database with its schedule, by name. */
export async function listSchedules({ db, clock }: Reading): Promise<ScheduledDatabase[]> {
  const rows = await db.database.findMany({ where: { removedAt: null }, orderBy: { name: "asc" }, include: withSchedule });
  return rows.map((row) => toRow(row, clock.now()));
}

/** One of them; null when it is not there or was removed. */
export async function findSchedule({ db, clock }: Reading, databaseId: string): Promise<ScheduledDatabase | null> {
  const row = await db.database.findUnique({ where: { id: databaseId, removedAt: null }, include: withSchedule });
  return row ? toRow(row, clock.now()) : null;
}

/** The newest times at which a database's schedule wanted a backup, also of one that was removed. What is still to come is not among them. */
export async function listOccurrences({ db, clock }: Reading, databaseId: string, many: number): Promise<OccurrenceRow[]> {
  const rows = await db.occurrence.findMany({ where: { schedule: { databaseId }, dueAt: { lte: clock.now() } }, orderBy: { dueAt: "desc" }, take: many, include: { attempts: { orderBy: { number: "asc" } } } });
  return rows.map(toOccurrence);
}

const withSchedule = {
  schedule: { include: { occurrences: { where: { state: { not: "expected" } }, orderBy: { dueAt: "desc" }, take: 1, include: { attempts: { orderBy: { number: "asc" } } } } } },
} as const satisfies Prisma.DatabaseInclude;

function toRow({ id, name, options, schedule }: Prisma.DatabaseGetPayload<{ include: typeof withSchedule }>, now: Date): ScheduledDatabase {
  const found = schedule && !schedule.removedAt ? schedule : null;
  const [last] = schedule?.occurrences ?? [];
  return {
    databaseId: id,
    name,
    databaseOptions: readJson(BackupOptions, options),
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
    pause: found?.pausedAt && isPaused(found, now) ? { by: found.pausedBy ?? "somebody", reason: found.pauseReason ?? "", since: found.pausedAt.toISOString(), until: found.pausedUntil?.toISOString() ?? null } : null,
    nextAt: found ? (nextRun(found, now)?.toISOString() ?? null) : null,
    last: last ? toOccurrence(last) : null,
  };
}

function toOccurrence({ id, dueAt, state, why, retryAt, attempts }: Occurrence & { attempts: OccurrenceAttempt[] }): OccurrenceRow {
  return { id, dueAt: dueAt.toISOString(), state: occurrenceStates.find((one) => one === state) ?? "expected", why, retryAt: retryAt?.toISOString() ?? null, runIds: attempts.map(({ runId }) => runId) };
}
