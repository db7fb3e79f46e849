import "server-only";
import { raiseBackupFailed } from "@/lib/alerts/backup-failed";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { PublicErrorSchema } from "@/lib/runs/schemas";
import type { AttemptDecision } from "./attempts";
import { lateAfterMs, type DueDecision } from "./due";
import { readMoves } from "./read-moves";
import { auditMissed, recordOccurrences, rewindRecord, type Named } from "./record";
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
    if (moves.isRewound) await rewindRecord(tx, ctx, schedule);
    await recordOccurrences(tx, ctx, schedule, moves.found);
    for (const { occurrenceId, decision, number } of moves.attempts) await moveOn(tx, ctx, moves, occurrenceId, decision, number);
    await decideDue(tx, ctx, moves, moves.due);
    if (moves.isPauseOver) await endPause(tx, ctx, schedule);
    return true;
  });
}

async function decideDue(tx: Tx, ctx: Context, known: Known, decisions: readonly (DueDecision & { dueAt: Date })[]): Promise<void> {
  const settledAt = ctx.clock.now();
  const over = decisions.filter(({ to }) => to === "missed" || to === "skipped");
  // After a long downtime there are hundreds that end alike: one statement for all of them.
  for (const to of ["missed", "skipped"] as const) {
    for (const why of new Set(over.map((one) => one.why))) {
      const same = over.filter((one) => one.to === to && one.why === why).map(({ id }) => id);
      if (same.length > 0) await tx.occurrence.updateMany({ where: { id: { in: same }, state: "expected" }, data: { state: to, why, settledAt } });
    }
  }
  await auditMissed(tx, ctx, known.schedule, over.filter(({ to }) => to === "missed").map(({ dueAt }) => dueAt));
  for (const decision of decisions) {
    const { id, to, why } = decision;
    if (to === "expected") await tx.occurrence.updateMany({ where: { id, state: "expected" }, data: { why, waitsFor: decision.waitsFor } });
    if (to !== "claimed") continue;
    const { count } = await tx.occurrence.updateMany({ where: { id, state: "expected" }, data: { state: to, why } });
    if (count === 1) await startAttempt(tx, ctx, known, id, 1);
  }
}

/** Starts what the kind stands for; where there is nothing to start the time is over at once. */
async function startAttempt(tx: Tx, ctx: Context, { schedule, kind }: Known, occurrenceId: number, number: number): Promise<void> {
  const started = await starters[kind].start(tx, ctx, schedule);
  if ("runId" in started) {
    await tx.occurrenceAttempt.create({ data: { runId: started.runId, occurrenceId, number } });
    return;
  }
  const now = ctx.clock.now();
  const { startAt, why } = await tx.occurrence.findUniqueOrThrow({ where: { id: occurrenceId }, select: { startAt: true, why: true } });
  const isLate = started.state === "done" && now.getTime() - startAt.getTime() > lateAfterMs;
  await tx.occurrence.update({ where: { id: occurrenceId }, data: { state: isLate ? "late" : started.state, why: [why, started.why].filter(Boolean).join(" "), retryAt: null, settledAt: now } });
}

async function moveOn(tx: Tx, ctx: Context, known: Known, occurrenceId: number, decision: AttemptDecision, number: number): Promise<void> {
  const where = { id: occurrenceId, state: "claimed" };
  switch (decision.do) {
    case "nothing":
      return;
    case "wait":
      await tx.occurrence.updateMany({ where, data: { retryAt: decision.until } });
      return;
    case "settle":
      if ((await tx.occurrence.updateMany({ where, data: { state: decision.state, why: decision.why, retryAt: null, settledAt: ctx.clock.now() } })).count !== 1) return;
      if (decision.state === "failed" && known.kind === "backup") await tellFailure(tx, ctx, known.schedule, occurrenceId, number);
      return;
    case "retry":
      if ((await tx.occurrence.updateMany({ where, data: { retryAt: null } })).count === 1) await startAttempt(tx, ctx, known, occurrenceId, number + 1);
      return;
    case "stop_run":
      return endRun(tx, ctx, known.schedule, decision);
  }
}

/** Of the last attempt: the ones before it were tried again, which is no reason to wake anybody. */
async function tellFailure(tx: Tx, ctx: Context, { database }: Named, occurrenceId: number, attempts: number): Promise<void> {
  const last = await tx.occurrenceAttempt.findFirst({ where: { occurrenceId }, orderBy: { number: "desc" }, select: { run: { select: { id: true, status: true, error: true } } } });
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
