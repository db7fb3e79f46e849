import "server-only";
import { latestBy, type Clock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";

export interface WorkerStatus {
  /** Newest heartbeat of any worker; null when none was ever heard. */
  heartbeatAt: Date | null;
  /** What keeps it from working although it is there. */
  problem: string | null;
  /** It said itself that it was going away. */
  isStopped: boolean;
  /** When it last looked after the schedules, or began; null when none was ever heard. */
  scheduledAt: Date | null;
}

/** What is known of the worker. Several may share the record; the one heard last speaks for them. A word from ahead of the clock is none. */
export async function workerStatus({ db, clock }: { db: Context["db"] | Tx; clock: Clock }): Promise<WorkerStatus> {
  const newest = await db.worker.findFirst({ where: { heartbeatAt: { lte: latestBy(clock.now()) } }, orderBy: { heartbeatAt: "desc" } });
  if (!newest) return { heartbeatAt: null, problem: null, isStopped: false, scheduledAt: null };
  const { heartbeatAt, stoppedAt, engineProblem, scheduledAt, startedAt } = newest;
  return { heartbeatAt, problem: stoppedAt ? "The worker was stopped" : engineProblem, isStopped: stoppedAt !== null, scheduledAt: scheduledAt ?? startedAt };
}
