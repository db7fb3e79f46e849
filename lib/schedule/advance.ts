import "server-only";
import { raiseBackupFailed } from "@/lib/alerts/backup-failed";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import { isEndedByPerson } from "./attempts";
import { changesOf, settledWithoutRun, type Change } from "./changes";
import { readMoves, type NextMoves } from "./read-moves";
import { readDowntime, recordOccurrences, rewindRecord, tellDowntime, type Downtime, type Named } from "./record";
import { isOfDowntime } from "./due";
import { dropSchedule } from "./remove";
import type { ScheduleKind } from "./schemas";
import { starters } from "./starters";
import { scheduleName } from "./words";

/** A schedule and what it starts. */
type Known = { schedule: Named; kind: ScheduleKind };

/**
 * Does what is next for one schedule: writes down what was due, starts it, looks after its runs. False when nothing is to be done.
 * Decides again inside the transaction that acts, so any number of workers can call it at once, and one that dies leaves either all
 * of a move or nothing.
 */
export async function advanceSchedule(ctx: Context, scheduleId: string): Promise<boolean> {
  if (!(await readMoves(ctx.db, scheduleId, ctx.clock.now()))) return false;
  return transaction(ctx, async (tx) => {
    const moves = await readMoves(tx, scheduleId, ctx.clock.now());
    if (!moves) return false;
    const { schedule } = moves;
    if (moves.isOrphan) await dropSchedule(tx, ctx, schedule, "Its database was removed.");
    if (moves.rewindsTo) await rewindRecord(tx, ctx, schedule, moves.rewindsTo);
    await recordOccurrences(tx, ctx, schedule, moves.found);
    for (const { decision } of moves.attempts) if (decision.do === "stop_run") await endRun(tx, ctx, schedule, decision);
    // Before the changes are written, which make these missed as well.
    const downtime = await downtimeOf(tx, moves, ctx.clock.now());
    if (downtime) await tellDowntime(tx, ctx, schedule, downtime);
    for (const change of changesOf(moves, ctx.clock.now())) await apply(tx, ctx, moves, change);
    if (moves.isPauseOver) await endPause(tx, ctx, schedule);
    return true;
  });
}

function downtimeOf(tx: Tx, { schedule, due }: Pick<NextMoves, "schedule" | "due">, now: Date): Promise<Downtime | null> {
  const away = due.filter(isOfDowntime);
  return readDowntime(tx, schedule.id, away, away.some(({ to }) => to !== "missed"), now);
}

async function apply(tx: Tx, ctx: Context, known: Known, { ids, from, set, starts, failedAfter }: Change): Promise<void> {
  const { count } = await tx.occurrence.updateMany({ where: { id: { in: ids }, state: from }, data: set });
  const [id] = ids;
  if (count !== 1 || id === undefined) return;
  if (starts !== null) await startAttempt(tx, ctx, known, id, starts);
  if (failedAfter !== null && known.kind === "backup") await tellFailure(tx, ctx, known.schedule, id, failedAfter);
}

/** Starts what the kind stands for; where there is nothing to start the time is over at once. */
async function startAttempt(tx: Tx, ctx: Context, { schedule, kind }: Known, occurrenceId: number, number: number): Promise<void> {
  const started = await starters[kind].start(tx, ctx, schedule);
  if ("runId" in started) {
    await tx.occurrenceAttempt.create({ data: { runId: started.runId, occurrenceId, number } });
    return;
  }
  const occurrence = await tx.occurrence.findUniqueOrThrow({ where: { id: occurrenceId }, select: { startAt: true, why: true } });
  await tx.occurrence.update({ where: { id: occurrenceId }, data: settledWithoutRun(started, occurrence, ctx.clock.now()) });
}

/** Of the last attempt that no person cancelled: the ones before it were tried again, which is no reason to wake anybody. */
async function tellFailure(tx: Tx, ctx: Context, { database }: Named, occurrenceId: number, attempts: number): Promise<void> {
  const made = await tx.occurrenceAttempt.findMany({ where: { occurrenceId }, orderBy: { number: "desc" }, select: { run: { select: { id: true, status: true, error: true, cancelRequestedBy: true } } } });
  const last = made.find(({ run }) => !isEndedByPerson({ status: run.status, cancelledBy: run.cancelRequestedBy }));
  if (!last) return;
  const { id, status, error } = last.run;
  await raiseBackupFailed(tx, ctx, { database: { id: database.id, name: database.name }, runId: id, attempts, error: readJson(PublicErrorSchema, error), isLost: status === "lost" });
}

async function endRun(tx: Tx, ctx: Context, { database }: Named, { runId, by }: { runId: number; by: string }): Promise<void> {
  const { count } = await tx.run.updateMany({ where: { id: runId, status: "running", isFinal: false, cancelRequestedAt: null }, data: { cancelRequestedAt: ctx.clock.now(), cancelRequestedBy: by } });
  if (count === 1) await recordAudit(tx, ctx, { action: "run.cancelled", outcome: "succeeded", sentence: `Cancelled run ${runId}`, database, runId, reason: `It took longer than ${by}.` });
}

async function endPause(tx: Tx, ctx: Context, schedule: Named): Promise<void> {
  const { id, database, pausedBy, pauseReason } = schedule;
  await tx.schedule.update({ where: { id }, data: { pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null } });
  await recordAudit(tx, ctx, { action: "schedule.resumed", outcome: "succeeded", sentence: `Resumed the ${scheduleName(schedule)}: its pause was over`, database, before: { pausedBy, reason: pauseReason } });
}
