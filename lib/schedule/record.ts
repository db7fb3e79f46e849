import "server-only";
import { readGood } from "@/lib/alerts/good";
import { raise } from "@/lib/alerts/raise";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import type { Schedule } from "@/lib/db/generated/client";
import { plural } from "@/lib/format/counts";
import { fullTime } from "@/lib/format/times";
import { newRows } from "./changes";
import { lateAfterMs } from "./due";
import { newOccurrences, pauseWords, type NewOccurrence } from "./expansion";
import { kindOf } from "./schemas";
import { scheduleName, scheduleWords } from "./words";

export type Named = Schedule & { database: { id: string; name: string } };

/** Writes down occurrences, in the order of their times, and how far that is done now. One that has its record already keeps it. */
export async function recordOccurrences(tx: Tx, ctx: Pick<Context, "actor" | "clock">, schedule: Named, found: readonly NewOccurrence[]): Promise<void> {
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last) return;
  const known = await tx.occurrence.findMany({ where: { scheduleId: schedule.id, dueAt: { gte: first.dueAt, lte: last.dueAt } }, select: { dueAt: true } });
  const added = found.filter(({ dueAt }) => !known.some((one) => one.dueAt.getTime() === dueAt.getTime()));
  await tx.occurrence.createMany({
    data: newRows(schedule, added, ctx.clock.now()).map((row) => ({ scheduleId: schedule.id, ...row })),
  });
  await tx.schedule.update({ where: { id: schedule.id }, data: { recordedUntil: last.dueAt } });
}

/**
 * Brings the record up to now by the rules that hold, before they change: what was due is due by the old ones, and what is ahead
 * will be by the new ones.
 */
export async function closeRecord(tx: Tx, ctx: Pick<Context, "actor" | "clock">, schedule: Named): Promise<void> {
  const now = ctx.clock.now();
  let { recordedUntil } = schedule;
  for (let found = due({ ...schedule, recordedUntil }, now); found.length > 0; found = due({ ...schedule, recordedUntil }, now)) {
    await recordOccurrences(tx, ctx, schedule, found);
    recordedUntil = found.at(-1)?.dueAt ?? now;
  }
  await tx.occurrence.deleteMany({ where: { scheduleId: schedule.id, state: "expected", dueAt: { gt: now } } });
  await tx.schedule.update({ where: { id: schedule.id }, data: { recordedUntil: now } });
}

/**
 * Takes back what was written down while the clock was ahead, so that the record goes on from when it was seen to be: what would still
 * start, and what is written down again in the same words if it comes to that. What was started stays, and is not started again.
 */
export async function rewindRecord(tx: Tx, ctx: Pick<Context, "actor" | "clock">, schedule: Named, since: Date): Promise<void> {
  await tx.occurrence.deleteMany({
    where: { scheduleId: schedule.id, dueAt: { gt: since }, attempts: { none: {} }, OR: [{ state: { in: ["expected", "missed"] } }, { state: "skipped", why: pauseWords(schedule) }] },
  });
  await tx.schedule.update({ where: { id: schedule.id }, data: { recordedUntil: since } });
  await recordAudit(tx, ctx, { action: "schedule.rewound", outcome: "succeeded", sentence: `Counts the times of the ${scheduleName(schedule)} from now`, database: schedule.database, reason: `They were written down up to ${fullTime(schedule.recordedUntil)}: the clock was ahead, or is behind.` });
}

/**
 * Settles what came while Holdfast was not there, before a pause or an end settles the rest: that would say of it that somebody had wanted
 * it so. The record is closed already.
 */
export async function settleDowntime(tx: Tx, ctx: Pick<Context, "actor" | "clock">, schedule: Named): Promise<void> {
  const now = ctx.clock.now();
  const where = { scheduleId: schedule.id, state: "expected", waitsFor: null, startAt: { lt: new Date(now.getTime() - lateAfterMs) } };
  const missed = await tx.occurrence.findMany({ where, orderBy: { dueAt: "asc" }, select: { dueAt: true, startAt: true } });
  const downtime = await readDowntime(tx, schedule.id, missed, false, now);
  if (!downtime) return;
  await tx.occurrence.updateMany({ where, data: { state: "missed", why: "Holdfast was not running.", settledAt: now } });
  await tellDowntime(tx, ctx, schedule, downtime);
}

function due(schedule: Schedule, now: Date): NewOccurrence[] {
  return newOccurrences(schedule, now).filter(({ dueAt }) => dueAt <= now);
}

/** The times of one schedule that came while Holdfast was not there: how many, from when to when. */
export interface Downtime {
  many: number;
  first: Date;
  last: Date;
  /** One run starts now in place of them all. */
  isMadeUp: boolean;
}

/**
 * The downtime that `times`, oldest first, belong to; null when there are none. After a long one its record is written in parts, whose
 * times are missed by then and nobody was told of them. Those were settled after Holdfast was back, so after these should have started,
 * and those of an earlier one before that.
 */
export async function readDowntime(tx: Tx, scheduleId: string, times: readonly { dueAt: Date; startAt: Date }[], isMadeUp: boolean, now: Date): Promise<Downtime | null> {
  const [first, last] = [times[0]?.dueAt, times.at(-1)?.dueAt];
  if (!first || !last) return null;
  const since = new Date(Math.min(...times.map(({ startAt }) => startAt.getTime())));
  const untold = await tx.occurrence.aggregate({ where: { scheduleId, state: "missed", settledAt: { gte: since, lte: now } }, _count: true, _min: { dueAt: true } });
  return { many: times.length + untold._count, first: untold._min.dueAt && untold._min.dueAt < first ? untold._min.dueAt : first, last, isMadeUp };
}

/** Says in the audit log for what Holdfast was not there, also when that is made up for, and tells people of backups: nobody may have looked at the list. */
export async function tellDowntime(tx: Tx, ctx: Pick<Context, "actor" | "clock">, { kind, database }: Pick<Named, "kind" | "database">, { many, first, last, isMadeUp }: Downtime): Promise<void> {
  const when = many === 1 ? fullTime(first) : `${fullTime(first)} to ${fullTime(last)}`;
  const reason = `Holdfast was not running.${isMadeUp ? ` ${many === 1 ? "It" : "The last of them"} is made up for.` : ""}`;
  await recordAudit(tx, ctx, { action: "schedule.missed", outcome: "failed", sentence: `Missed ${plural(many, scheduleWords[kindOf({ kind }) ?? "backup"].noun)} of ${database.name}, ${when}`, database, reason });
  if (kindOf({ kind }) !== "backup") return;
  const facts = { event: "backup_missed", database: { id: database.id, name: database.name }, many, first: first.toISOString(), last: last.toISOString(), isMadeUp, good: await readGood(tx, database.id, ctx.clock.now()) } as const;
  await raise(tx, ctx, { cause: `missed:${database.id}:${last.toISOString()}`, facts });
}
