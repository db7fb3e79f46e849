import "server-only";
import { databaseBytes, maintenance, namesByOid } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import { swapDatabases, type Swapped } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
import { restoreErrors } from "./errors";
import { beforeName, restoredStateName } from "./names";
import { identityOf, readRestore, updateOwnRestore, type RestoreRecord } from "./record";

/**
 * Both databases of the swap back by their OIDs. Throws `restore.nothing_to_undo` when one is gone or the live one is another: a later
 * restore took its place. `elsewhere` is connected to neither.
 */
export async function findSwapBack({ restore, database }: RestoreRecord, server: Server, signal: AbortSignal): Promise<{ elsewhere: Server; liveOid: string; incomingOid: string; incomingName: string }> {
  const [liveOid, incomingOid] = restore.state === "swapped" ? [restore.restoredOid, restore.previousOid] : [restore.previousOid, restore.restoredOid];
  if (!liveOid || !incomingOid || !restore.keptName) throw restoreErrors.nothing_to_undo({ name: database.name });
  const elsewhere = await maintenance(server, [restore.targetName, restore.keptName], signal);
  const names = await namesByOid(elsewhere, [liveOid, incomingOid], signal);
  const incomingName = names.get(incomingOid);
  if (names.get(liveOid) !== restore.targetName || incomingName === undefined) throw restoreErrors.nothing_to_undo({ name: database.name });
  return { elsewhere, liveOid, incomingOid, incomingName };
}

/**
 * The same swap the other way round: the kept database takes the name, the live one is kept instead. From `swapped` it undoes a
 * restore, from `undone` it does it again. `server` is any database of that server. Throws `restore.nothing_to_undo` when the
 * live database is not the one that this restore left, and nothing is renamed then.
 */
export async function swapBack(job: Job, { restoreId, server }: { restoreId: string; server: Server }, signal: AbortSignal): Promise<Swapped> {
  const record = await readRestore(job.ctx, restoreId);
  const { restore } = record;
  const isUndo = restore.state === "swapped";
  const { elsewhere, liveOid, incomingOid, incomingName } = await findSwapBack(record, server, signal);
  const keptName = (isUndo ? restoredStateName : beforeName)(restore.targetName, restore.runId, job.runId);
  await job.renewLease();
  // A crash from here on leaves a state that says so, and the names say which of the two is live.
  await updateOwnRestore(job, restore.id, { state: "swapping" });
  const swapped = await swapDatabases(elsewhere, { live: { oid: liveOid }, name: restore.targetName, incoming: { oid: incomingOid, name: incomingName }, keptName }, signal);
  const size = await databaseBytes(elsewhere, keptName).catch(() => null);
  const change = {
    state: isUndo ? "undone" : "swapped",
    undoneAt: isUndo ? job.ctx.clock.now() : null,
    keptName,
    ...(size === null ? {} : { keptBytes: BigInt(size) }),
  } as const;
  await updateOwnRestore(job, restore.id, change, identityOf(record, incomingOid, elsewhere));
  return swapped;
}
