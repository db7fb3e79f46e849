import "server-only";
import { earliest } from "@/lib/clock";
import { rungNumber } from "@/lib/backup/schemas";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import type { AttemptFacts } from "./attempts";
import { recordAheadSince } from "./behind";
import { isRecordAhead } from "./expansion";
import { decideMoves, type Moves } from "./moves";
import type { Named } from "./record";
import { kindOf, missedPolicies, overlapPolicies, type ScheduleKind } from "./schemas";
import { starters } from "./starters";

export interface NextMoves extends Moves {
  schedule: Named;
  kind: ScheduleKind;
  /** Its database was removed, so there is nothing to do for it any more. */
  isOrphan: boolean;
}

/** What is to be done for a schedule at this moment, from what is on record; null when nothing is. */
export async function readMoves(tx: Tx, scheduleId: string, now: Date): Promise<NextMoves | null> {
  const schedule = await tx.schedule.findUnique({ where: { id: scheduleId }, include: { database: { select: { id: true, name: true, removedAt: true } } } });
  const kind = schedule && kindOf(schedule);
  if (!schedule || !kind) return null;
  if (schedule.database.removedAt && !schedule.removedAt) return { schedule, kind, isOrphan: true, rewindsTo: null, found: [], due: [], attempts: [], isPauseOver: false };
  const [active, expected, claimed] = await Promise.all([
    starters[kind].busy(tx, schedule.databaseId),
    tx.occurrence.findMany({ where: { scheduleId, state: "expected" }, orderBy: { dueAt: "asc" }, select: { id: true, dueAt: true, startAt: true, waitsFor: true } }),
    tx.occurrence.findMany({
      where: { scheduleId, state: "claimed" },
      orderBy: { dueAt: "asc" },
      include: { attempts: { orderBy: { number: "asc" }, include: { run: { select: { id: true, status: true, startedAt: true, finishedAt: true, cancelRequestedBy: true, error: true, backup: { select: { rung: true, problem: true } } } } } } },
    }),
  ]);
  const moves = decideMoves(
    {
      ...schedule,
      missed: missedPolicies.find((one) => one === schedule.missed) ?? "catch_up",
      overlap: overlapPolicies.find((one) => one === schedule.overlap) ?? "skip",
      isRemoved: schedule.removedAt !== null,
      aheadSince: recordAheadSince(scheduleId, now >= earliest && isRecordAhead(schedule, now), now),
      activeRunId: active?.id ?? null,
      expected,
      claimed: claimed.map(({ id, startAt, why, retryAt, attempts }) => ({ id, startAt, why, retryAt, attempts: attempts.map(({ run }) => factsOf(kind, run)) })),
    },
    now,
  );
  return moves && { ...moves, schedule, kind, isOrphan: false };
}

function factsOf(scheduled: ScheduleKind, run: { id: number; status: string; startedAt: Date | null; finishedAt: Date | null; cancelRequestedBy: string | null; error: string | null; backup: { rung: number; problem: string | null } | null }): AttemptFacts {
  const { id, status, startedAt, finishedAt, cancelRequestedBy, error, backup } = run;
  const isReadable = backup !== null && backup.rung >= rungNumber("readable") && backup.problem === null;
  return { runId: id, status, startedAt, finishedAt, cancelledBy: cancelRequestedBy, message: readJson(PublicErrorSchema, error)?.message ?? null, hasBackup: scheduled === "backup" && isReadable };
}
