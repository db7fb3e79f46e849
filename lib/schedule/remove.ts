import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { describeSchedule } from "./describe";
import { closeRecord, settleDowntime, type Named } from "./record";
import { scheduleName } from "./words";

/** Ends a schedule. Its occurrences stay; those that had not started are skipped, and a run that is under way is not touched. */
export async function dropSchedule(tx: Tx, ctx: Pick<Context, "actor" | "clock">, schedule: Named, reason: string | null): Promise<void> {
  const now = ctx.clock.now();
  await closeRecord(tx, ctx, schedule);
  await settleDowntime(tx, ctx, schedule);
  await tx.occurrence.updateMany({ where: { scheduleId: schedule.id, state: "expected" }, data: { state: "skipped", why: "The schedule was removed before it could start.", settledAt: now } });
  await tx.schedule.update({ where: { id: schedule.id }, data: { removedAt: now, pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null } });
  await recordAudit(tx, ctx, { action: "schedule.removed", outcome: "succeeded", sentence: `Removed the ${scheduleName(schedule)}`, database: schedule.database, reason, before: describeSchedule(schedule) });
}
