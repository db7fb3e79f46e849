import "server-only";
import { hostname } from "node:os";
import { systemClock, type Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { advanceSchedule } from "@/lib/schedule/advance";

/** What is behind after that many moves goes on at the next look, so that one schedule does not keep the others waiting. */
const mostMoves = 20;

/** Starts what is due by any schedule and looks after what was started. Any number of workers may do so at the same time. */
export async function runSchedules(db: Db, clock: Clock = systemClock): Promise<void> {
  const ctx: Context = { actor: { kind: "schedule", id: null, name: "Schedule", origin: hostname() }, clock, db };
  const schedules = await db.schedule.findMany({ where: { OR: [{ removedAt: null }, { occurrences: { some: { state: "claimed" } } }] }, select: { id: true } });
  for (const { id } of schedules) {
    try {
      for (let moves = 0; moves < mostMoves && (await advanceSchedule(ctx, id)); moves += 1) continue;
    } catch (error) {
      log.error({ err: error, scheduleId: id }, "a schedule could not be looked after");
    }
  }
}
