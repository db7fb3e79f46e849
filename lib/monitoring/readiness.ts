import "server-only";
import { isOlder } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { span } from "@/lib/format/durations";
import { log } from "@/lib/log";
import { asSentence } from "./assess-database";
import { silentAfterMs, storeUnseenAfterMs } from "./schemas";
import { workerStatus, type WorkerStatus } from "./worker-status";

/** The scheduler looks every few seconds; after so long without a look it hangs. */
const schedulerSilentAfterMs = 60_000;

/** Why Holdfast cannot do its work now; empty when it can. For whoever watches it from outside. */
export async function unreadyReasons(ctx: Pick<Context, "db" | "clock">): Promise<string[]> {
  try {
    const worker = await workerStatus(ctx);
    if (!worker.heartbeatAt) return ["No worker was ever heard."];
    const now = ctx.clock.now();
    return [...whyNotWorking({ ...worker, heartbeatAt: worker.heartbeatAt }, now), ...(await whyNotStoring(ctx, now))];
  } catch (error) {
    log.error({ err: error }, "the metadata database cannot be read");
    return ["The metadata database cannot be read."];
  }
}

function whyNotWorking({ heartbeatAt, scheduledAt, problem }: WorkerStatus & { heartbeatAt: Date }, now: Date): string[] {
  const silentMs = now.getTime() - heartbeatAt.getTime();
  if (silentMs > silentAfterMs) return [`No word from the worker for ${whole(silentMs)}.`, ...(problem ? [asSentence(problem)] : [])];
  const unscheduledMs = scheduledAt ? heartbeatAt.getTime() - scheduledAt.getTime() : 0;
  return [
    ...(problem ? [asSentence(problem)] : []),
    ...(unscheduledMs > schedulerSilentAfterMs ? [`The worker has not looked after its schedules for ${whole(unscheduledMs)}.`] : []),
  ];
}

/** Stores that databases are backed up into. */
async function whyNotStoring({ db }: Pick<Context, "db">, now: Date): Promise<string[]> {
  const stores = await db.store.findMany({ where: { removedAt: null, databases: { some: { removedAt: null } } }, select: { name: true, problem: true, checkedAt: true }, orderBy: { name: "asc" } });
  return stores.flatMap(({ name, problem, checkedAt }) => {
    if (problem) return [`${name} cannot be used: ${asSentence(problem)}`];
    if (!checkedAt) return [`Nobody has looked into ${name} yet.`];
    const unseenMs = now.getTime() - checkedAt.getTime();
    return isOlder(checkedAt, storeUnseenAfterMs, now) ? [`Nobody has looked into ${name} for ${whole(unseenMs)}; it may not answer.`] : [];
  });
}

function whole(ms: number): string {
  return span(Math.max(0, Math.floor(ms / 1_000)));
}
