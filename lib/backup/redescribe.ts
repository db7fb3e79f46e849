import "server-only";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { log } from "@/lib/log";
import type { LocalStore } from "@/lib/stores/local";
import { readSidecar, writeSidecar } from "./sidecar";

/** Has the worker look at a backup's files within a minute, and carry what people said of it into the description beside them. */
export async function describeSoon(tx: Tx, backupId: string): Promise<void> {
  await tx.copy.updateMany({ where: { backupId }, data: { lookedAt: null } });
}

/**
 * Carries label, note, keep and legal hold into the description beside a file: from descriptions alone the list can be rebuilt, and what
 * was to be kept must still be kept then. One that is missing, damaged or another backup's is left as it is; a store that cannot be
 * written takes nothing from the backup, and the log says so. Returns false while a run works with the backup, which may be about to
 * write its proof into the same description: to be asked again.
 */
export async function redescribe({ db }: Pick<Context, "db">, store: LocalStore, copy: { backupId: string; key: string }): Promise<boolean> {
  if (await db.run.findFirst({ where: { backupId: copy.backupId, status: { in: ["queued", "running"] } }, select: { id: true } })) return false;
  try {
    const sidecar = await readSidecar(store, copy.key);
    if (sidecar?.backupId !== copy.backupId) return true;
    const { label, note, keep, legalHold } = await db.backup.findUniqueOrThrow({ where: { id: copy.backupId }, select: { label: true, note: true, keep: true, legalHold: true } });
    if (sidecar.label === label && sidecar.note === note && sidecar.keep === keep && sidecar.legalHold === legalHold) return true;
    await writeSidecar(store, copy.key, { ...sidecar, label, note, keep, legalHold }, `described-${copy.backupId}`);
  } catch (error) {
    log.warn({ err: error, key: copy.key }, "what is said of a backup could not be written beside its file");
  }
  return true;
}
