import "server-only";
import type { Context } from "@/lib/context";
import type { Run } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { isAhead, systemClock } from "@/lib/clock";
import { adoptLeft } from "./adopt";
import { auditOutcome, runTag, type Worker } from "./execute";
import { isGone } from "./identity";
import { removeLeftovers } from "./leftovers";

/** A run without a heartbeat for this long is lost, wherever its worker was. */
const silentAfterMs = 45_000;

/**
 * Finds runs whose worker is gone, marks them lost, and removes what they left: processes in containers, temporary files,
 * working directories. A backup that was complete in its store when a run ended early is taken into the record.
 */
export async function sweep(worker: Worker, isActive: (runId: number) => boolean): Promise<number[]> {
  const running = await presentHeartbeats(worker, await worker.db.run.findMany({ where: { status: "running" } }));
  const silentSince = Date.now() - silentAfterMs;
  const lost = running.filter((run) => {
    // One of ours that nobody works on any more could not record its end; its heartbeat has stopped too.
    const isOurs = run.workerId === worker.id && isActive(run.id);
    return !isOurs && ((run.workerId !== null && isGone(run.workerId, worker.id)) || (run.heartbeatAt ?? run.queuedAt).getTime() < silentSince);
  });
  for (const run of lost) await takeForLost(worker, run);
  await adoptLeft(worker);
  return lost.map((run) => run.id);
}

/**
 * A heartbeat from ahead of a clock that was set right since would keep a dead run alive until then. It counts from now: whoever lives
 * overwrites it.
 */
async function presentHeartbeats({ db }: Worker, running: readonly Run[]): Promise<Run[]> {
  const now = systemClock.now();
  return Promise.all(running.map(async (run) => {
    if (!isAhead(run.heartbeatAt ?? run.queuedAt, now)) return run;
    const { count } = await db.run.updateMany({ where: { id: run.id, status: "running", heartbeatAt: run.heartbeatAt }, data: { heartbeatAt: now } });
    return count === 1 ? { ...run, heartbeatAt: now } : run;
  }));
}

async function takeForLost(worker: Worker, run: Run): Promise<void> {
  const ctx: Context = { actor: { kind: "system", id: null, name: "Holdfast", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db: worker.db };
  const moved = await transaction(ctx, async (tx) => {
    const { count } = await tx.run.updateMany({
      where: { id: run.id, status: "running", heartbeatAt: run.heartbeatAt },
      data: { status: "lost", finishedAt: ctx.clock.now(), activeKey: null },
    });
    // A drill that nobody saw end proves nothing.
    if (count === 1) await tx.drill.updateMany({ where: { runId: run.id, outcome: null }, data: { outcome: "inconclusive", finishedAt: ctx.clock.now() } });
    if (count === 1) await auditOutcome(tx, ctx, run, "lost", { error: { message: "The worker stopped reporting, so how it ended is not known." } });
    return count === 1;
  });
  if (!moved) return;
  log.warn({ runId: run.id, kind: run.kind, workerId: run.workerId }, "run lost: its worker is gone");
  await removeLeftovers(worker.db, run, runTag(worker.installation, run.id));
}
