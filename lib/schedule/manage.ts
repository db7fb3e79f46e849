import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { getDatabase } from "@/lib/databases/get";
import { describeSchedule } from "./describe";
import { scheduleErrors } from "./errors";
import { isPaused, pauseWords } from "./expansion";
import { closeRecord, type Named } from "./record";
import { dropSchedule } from "./remove";
import { ScheduleSettings, type PauseScheduleInput, type SaveScheduleInput } from "./schemas";

const neverPaused = { pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null };

/** Says when a database is backed up by itself. Counts from now on: what was due before was due by the old times. */
export async function saveSchedule(ctx: Context, input: SaveScheduleInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const now = ctx.clock.now();
    const { options, ...settings } = ScheduleSettings.parse(input);
    const data = { ...settings, options: options ? writeJson(options) : null };
    const existing = await tx.schedule.findUnique({ where: { databaseId: database.id }, include: { database: true } });
    const before = existing && !existing.removedAt ? existing : null;
    if (before && writeJson(describeSchedule(before)) === writeJson(describeSchedule(data))) return;
    if (before) await closeRecord(tx, ctx, before);
    await tx.schedule.upsert({
      where: { databaseId: database.id },
      create: { databaseId: database.id, ...data, recordedUntil: now, createdAt: now },
      update: { ...data, ...(before ? {} : { recordedUntil: now, removedAt: null }) },
    });
    const sentence = before ? `Changed the schedule of ${database.name}` : `Gave ${database.name} a schedule`;
    await recordAudit(tx, ctx, { action: "schedule.saved", outcome: "succeeded", sentence, database, before: before && describeSchedule(before), after: describeSchedule(data) });
  });
}

/** Turns a schedule off for a reason, for some hours or until it is resumed. A run that is under way goes on. Throws `schedule.already_paused`. */
export async function pauseSchedule(ctx: Context, input: PauseScheduleInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const schedule = await getSchedule(tx, input.databaseId);
    const now = ctx.clock.now();
    if (isPaused(schedule, now)) throw scheduleErrors.already_paused({ by: schedule.pausedBy ?? "somebody" });
    await closeRecord(tx, ctx, schedule);
    const pause = { pausedAt: now, pausedBy: ctx.actor.name, pauseReason: input.reason, pausedUntil: input.hours === null ? null : new Date(now.getTime() + input.hours * 3_600_000) };
    await tx.schedule.update({ where: { id: schedule.id }, data: pause });
    await tx.occurrence.updateMany({ where: { scheduleId: schedule.id, state: "expected" }, data: { state: "skipped", why: pauseWords(pause), settledAt: now } });
    const { database } = schedule;
    await recordAudit(tx, ctx, { action: "schedule.paused", outcome: "succeeded", sentence: `Paused the schedule of ${database.name}`, database, reason: input.reason, before: { paused: false }, after: { paused: true, until: pause.pausedUntil?.toISOString() ?? null } });
  });
}

/** Turns a paused schedule on again, from its next time. Throws `schedule.not_paused`. */
export async function resumeSchedule(ctx: Context, input: { databaseId: string }): Promise<void> {
  await transaction(ctx, async (tx) => {
    const schedule = await getSchedule(tx, input.databaseId);
    if (!isPaused(schedule, ctx.clock.now())) throw scheduleErrors.not_paused({});
    await closeRecord(tx, ctx, schedule);
    await tx.schedule.update({ where: { id: schedule.id }, data: neverPaused });
    const { database, pausedBy, pauseReason, pausedAt } = schedule;
    await recordAudit(tx, ctx, { action: "schedule.resumed", outcome: "succeeded", sentence: `Resumed the schedule of ${database.name}`, database, before: { paused: true, pausedBy, reason: pauseReason, since: pausedAt?.toISOString() ?? null }, after: { paused: false } });
  });
}

/** Ends a schedule: from now on only people start backups. What it did stays on record. */
export async function removeSchedule(ctx: Context, input: { databaseId: string }): Promise<void> {
  await transaction(ctx, async (tx) => dropSchedule(tx, ctx, await getSchedule(tx, input.databaseId), null));
}

async function getSchedule(tx: Tx, databaseId: string): Promise<Named> {
  const database = await getDatabase(tx, databaseId);
  const schedule = await tx.schedule.findUnique({ where: { databaseId, removedAt: null }, include: { database: { select: { id: true, name: true } } } });
  if (!schedule) throw scheduleErrors.not_found({ name: database.name });
  return schedule;
}
