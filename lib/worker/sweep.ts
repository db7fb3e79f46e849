import "server-only";
import { readSidecar } from "@/lib/backup/sidecar";
import { recordStored } from "@/lib/backup/record";
import { readFileName, rolesName, sidecarName } from "@/lib/backup/names";
import type { Context } from "@/lib/context";
import type { Run } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { listStored, removeStored, type LocalStore } from "@/lib/stores/local";
import { systemClock } from "@/lib/clock";
import { auditOutcome, runTag, type Worker } from "./execute";
import { isGone } from "./identity";
import { removeLeftovers } from "./leftovers";

/** A run without a heartbeat for this long is lost, wherever its worker was. */
const silentAfterMs = 45_000;

/**
 * Finds runs whose worker is gone, marks them lost, and removes what they left: processes in containers, temporary files,
 * working directories. A backup that was complete in its store when the worker died is taken into the record.
 */
export async function sweep(worker: Worker, isActive: (runId: number) => boolean): Promise<number[]> {
  const running = await worker.db.run.findMany({ where: { status: "running" } });
  const silentSince = Date.now() - silentAfterMs;
  const lost = running.filter((run) => {
    // One of ours that nobody works on any more could not record its end; its heartbeat has stopped too.
    const isOurs = run.workerId === worker.id && isActive(run.id);
    return !isOurs && ((run.workerId !== null && isGone(run.workerId, worker.id)) || (run.heartbeatAt ?? run.queuedAt).getTime() < silentSince);
  });
  for (const run of lost) await takeForLost(worker, run);
  return lost.map((run) => run.id);
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
  await cleanUp(worker, run);
}

async function cleanUp(worker: Worker, run: Run): Promise<void> {
  await removeLeftovers(worker.db, run, runTag(worker.installation, run.id));
  if (run.kind !== "backup" && run.kind !== "convert_backup") return;
  for (const store of await worker.db.store.findMany({ where: { removedAt: null } })) {
    await adoptOrRemove(worker, run, store).catch((error: unknown) => log.warn({ err: error, runId: run.id, store: store.name }, "a store could not be looked through"));
  }
}

/** Takes the whole backup of a lost run into the record, or removes a description whose file never got its name. */
async function adoptOrRemove(worker: Worker, run: Run, store: LocalStore & { id: string }): Promise<void> {
  const files = await listStored(store);
  const names = new Set(files.map((file) => file.key));
  for (const sidecarFile of files.filter((file) => file.key.endsWith(".json"))) {
    const key = sidecarFile.key.slice(0, -".json".length);
    if (!readFileName(key)) continue;
    const sidecar = await readSidecar(store, key);
    if (sidecar?.runId !== run.id || sidecar.database.id !== run.databaseId) continue;
    if (!names.has(key)) {
      // The crash came between the description and the file it describes.
      await removeStored(store, sidecarName(key));
      await removeStored(store, rolesName(key));
    } else if (!(await worker.db.copy.findUnique({ where: { storeId_key: { storeId: store.id, key } } }))) {
      await transaction(worker, async (tx) => {
        await recordStored(tx, { sidecar, storeId: store.id, key });
        await tx.run.update({ where: { id: run.id }, data: { backupId: sidecar.backupId } });
      });
      log.info({ runId: run.id, key }, "the backup of a lost run was complete and is now listed");
    }
  }
}
