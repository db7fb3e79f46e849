import "server-only";
import { readFileName, rolesName, sidecarName } from "@/lib/backup/names";
import { recordStored } from "@/lib/backup/record";
import { readSidecar } from "@/lib/backup/sidecar";
import type { Run } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import type { RunKind } from "@/lib/runs/schemas";
import { listStored } from "@/lib/stores/listing";
import { removeStored, type LocalStore } from "@/lib/stores/local";
import { inTime } from "@/lib/stores/patience";
import type { Worker } from "./execute";

/** Runs that may have given a backup its name in a store and ended before it was on record: a restore backs up first, a disaster drill too. */
const takesBackups: readonly RunKind[] = ["backup", "convert_backup", "restore", "disaster_drill"];
/** A store that cannot be read for longer than this has its rescan. */
const patienceMs = 24 * 3_600_000;
/** A large store takes its time. */
const listingMs = 60_000;

/** Ended runs of which every store was looked through, by installation and number. */
const settled = new Set<string>();

/**
 * Takes whole backups that ended runs left in a store into the record, and removes a description whose file never got its name. A store
 * that cannot be read now is looked through again at the next call.
 */
export async function adoptLeft(worker: Worker): Promise<void> {
  const ended = await worker.db.run.findMany({ where: { kind: { in: [...takesBackups] }, status: { in: ["failed", "cancelled", "lost"] }, finishedAt: { gte: new Date(Date.now() - patienceMs) } } });
  const nameOf = (id: number) => `${worker.installation} ${id}`;
  const runs = new Map(ended.filter(({ id }) => !settled.has(nameOf(id))).map((run) => [run.id, run]));
  if (runs.size === 0) return;
  let isWhole = true;
  for (const store of await worker.db.store.findMany({ where: { removedAt: null } })) {
    await lookThrough(worker, runs, store).catch((error: unknown) => {
      isWhole = false;
      log.warn({ err: error, store: store.name }, "a store could not be looked through for what ended runs left");
    });
  }
  if (isWhole) for (const id of runs.keys()) settled.add(nameOf(id));
}

async function lookThrough(worker: Worker, runs: ReadonlyMap<number, Run>, store: LocalStore & { id: string }): Promise<void> {
  const listed = new Set((await worker.db.copy.findMany({ where: { storeId: store.id }, select: { key: true } })).map(({ key }) => key));
  const { files, unread } = await inTime(store, () => listStored(store), listingMs);
  if (unread.length > 0) log.warn({ store: store.name, unread }, "directories of a store may not be read, so they were not looked through for what ended runs left");
  const names = new Set(files.map(({ key }) => key));
  for (const name of names) {
    const key = name.slice(0, -".json".length);
    if (!name.endsWith(".json") || listed.has(key) || !readFileName(key)) continue;
    const sidecar = await readSidecar(store, key);
    const run = runs.get(sidecar?.runId ?? -1);
    if (!sidecar || !run || sidecar.database.id !== run.databaseId) continue;
    if (!names.has(key)) {
      // The end came between the description and the file it describes.
      await removeStored(store, sidecarName(key));
      await removeStored(store, rolesName(key));
      continue;
    }
    await transaction(worker, async (tx) => {
      if (await tx.copy.findUnique({ where: { storeId_key: { storeId: store.id, key } }, select: { id: true } })) return;
      await recordStored(tx, { sidecar, storeId: store.id, key });
      await tx.run.updateMany({ where: { id: run.id, backupId: null }, data: { backupId: sidecar.backupId } });
    });
    log.info({ runId: run.id, key }, "the backup of a run that had ended was complete and is now listed");
  }
}
