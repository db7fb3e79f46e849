import "server-only";
import { findEngine } from "@/lib/docker/engine";
import type { Db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { sweepScratch, type IsNeeded } from "@/lib/postgres/scratch";
import type { Worker } from "./execute";

/**
 * Removes the scratch containers and volumes that no run needs any more: what a killed worker left, and what a worker that had
 * slept made after its run was given up. Those of a run under way stay, and those of a backup that somebody looks into.
 */
export async function removeUnneededScratch(worker: Worker): Promise<void> {
  const removed = await sweepScratch(await findEngine(), worker.installation, () => neededScratch(worker.db));
  if (removed > 0) log.info({ removed }, "removed scratch containers and volumes that a run had left");
}

/** Which scratch servers a run under way, or a look that is open, still needs. */
export async function neededScratch(db: Db): Promise<IsNeeded> {
  const [active, looks] = await Promise.all([
    db.run.findMany({ where: { status: { in: ["queued", "running"] } }, select: { id: true } }),
    db.look.findMany({ where: { state: { in: ["opening", "open"] } }, select: { runId: true } }),
  ]);
  const needed = new Set(active.map(({ id }) => id));
  const looked = new Set(looks.map(({ runId }) => runId));
  return ({ tag, purpose }) => {
    const runId = Number(/-r(\d+)$/.exec(tag)?.[1]);
    return needed.has(runId) || (purpose === "look" && looked.has(runId));
  };
}
