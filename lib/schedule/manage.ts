import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { requireUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { getDatabase } from "@/lib/databases/get";
import { describeSchedule } from "./describe";
import { scheduleErrors } from "./errors";
import { isPaused, pauseWords } from "./expansion";
import { closeRecord, settleDowntime, type Named } from "./record";
import { dropSchedule } from "./remove";
import { ScheduleSettings, type PauseScheduleInput, type SaveScheduleInput, type ScheduleOfInput } from "./schemas";
import { scheduleName, scheduleWords } from "./words";

const neverPaused = { pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null };
const withDatabase = { database: { select: { id: true, name: true } } } as const;

/** Says when something is done with a database by itself. Counts from now on: what was due before was due by the old times. */
export async function saveSchedule(ctx: Context, input: SaveScheduleInput): Promise<void> {
  await transaction(ctx, (tx) => putSchedule(tx, ctx, input));
}

/** The same within the transaction of what wants it. */
export async function putSchedule(tx: Tx, ctx: Pick<Context, "actor" | "clock">, input: SaveScheduleInput): Promise<void> {
  const database = await getDatabase(tx, input.databaseId);
  const now = ctx.clock.now();
  const { kind } = input;
  const { options, ...settings } = ScheduleSettings.parse(input);
  const data = { ...settings, kind, options: options && kind === "backup" ? writeJson(options) : null };
  const key = { databaseId_kind: { databaseId: database.id, kind } };
  const existing = await tx.schedule.findUnique({ where: key, include: withDatabase });
  const before = existing && !existing.removedAt ? existing : null;
  if (before && writeJson(describeSchedule(before)) === writeJson(describeSchedule(data))) return;
  await requireUnmanaged(tx, ctx, database, [`schedules.${kind}`]);
  if (before) await closeRecord(tx, ctx, before);
  await tx.schedule.upsert({
    where: key,
    create: { databaseId: database.id, ...data, recordedUntil: now, createdAt: now },
    update: { ...data, ...(before ? {} : { recordedUntil: now, removedAt: null }) },
  });
  const sentence = before ? `Changed the ${scheduleName({ kind, database })}` : `Gave ${database.name} a ${scheduleWords[kind].adjective}schedule`;
  await recordAudit(tx, ctx, { action: "schedule.saved", outcome: "succeeded", sentence, database, before: before && describeSchedule(before), after: describeSchedule(data) });
}

/** Turns a schedule off for a reason, for some hours or until it is resumed. A run that is under way goes on. Throws `schedule.already_paused`. */
export async function pauseSchedule(ctx: Context, input: PauseScheduleInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const schedule = await getSchedule(tx, input);
    const now = ctx.clock.now();
    if (isPaused(schedule, now)) throw scheduleErrors.already_paused({ by: schedule.pausedBy ?? "somebody" });
    await closeRecord(tx, ctx, schedule);
    await settleDowntime(tx, ctx, schedule);
    const pause = { pausedAt: now, pausedBy: ctx.actor.name, pauseReason: input.reason, pausedUntil: input.hours === null ? null : new Date(now.getTime() + input.hours * 3_600_000) };
    await tx.schedule.update({ where: { id: schedule.id }, data: pause });
    await tx.occurrence.updateMany({ where: { scheduleId: schedule.id, state: "expected" }, data: { state: "skipped", why: pauseWords(pause), settledAt: now } });
    const { database } = schedule;
    await recordAudit(tx, ctx, { action: "schedule.paused", outcome: "succeeded", sentence: `Paused the ${scheduleName(schedule)}`, database, reason: input.reason, before: { paused: false }, after: { paused: true, until: pause.pausedUntil?.toISOString() ?? null } });
  });
}

/** Turns a paused schedule on again, from its next time. Throws `schedule.not_paused`. */
export async function resumeSchedule(ctx: Context, input: ScheduleOfInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const schedule = await getSchedule(tx, input);
    if (!isPaused(schedule, ctx.clock.now())) throw scheduleErrors.not_paused({});
    await closeRecord(tx, ctx, schedule);
    await tx.schedule.update({ where: { id: schedule.id }, data: neverPaused });
    const { database, pausedBy, pauseReason, pausedAt } = schedule;
    await recordAudit(tx, ctx, { action: "schedule.resumed", outcome: "succeeded", sentence: `Resumed the ${scheduleName(schedule)}`, database, before: { paused: true, pausedBy, reason: pauseReason, since: pausedAt?.toISOString() ?? null }, after: { paused: false } });
  });
}

/** Ends a schedule: from now on it is done when people start it, or where there is one when something happens. What it did stays on record. */
export async function removeSchedule(ctx: Context, input: ScheduleOfInput): Promise<void> {
  await transaction(ctx, async (tx) => {
    const schedule = await getSchedule(tx, input);
    await requireUnmanaged(tx, ctx, schedule.database, [`schedules.${input.kind}`]);
    await dropSchedule(tx, ctx, schedule, null);
  });
}

async function getSchedule(tx: Tx, { databaseId, kind }: ScheduleOfInput): Promise<Named> {
  const database = await getDatabase(tx, databaseId);
  const schedule = await tx.schedule.findUnique({ where: { databaseId_kind: { databaseId, kind }, removedAt: null }, include: withDatabase });
  if (!schedule) throw scheduleErrors.not_found({ what: scheduleName({ kind, database }) });
  return schedule;
}
