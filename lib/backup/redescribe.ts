import "server-only";
import { randomUUID } from "node:crypto";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { log } from "@/lib/log";
import type { LocalStore } from "@/lib/stores/local";
import { inTime } from "@/lib/stores/patience";
import { readSidecar, writeSidecar } from "./sidecar";

/** Has the worker look at a backup's files within a minute, and carry what people said of it into the description beside them. */
export async function describeSoon(tx: Tx, backupId: string): Promise<void> {
  await tx.copy.updateMany({ where: { backupId, store: { removedAt: null } }, data: { lookedAt: null } });
}

/**
 * Carries label, note, keep and legal hold into the description beside a file: from descriptions alone the list can be rebuilt, and what
 * was to be kept must still be kept then. One that is missing, damaged or another backup's is left as it is; a store that cannot be
 * written takes nothing from the backup, and the log says so. Returns false where it is to be asked again: it could not be written, or a run
 * works with the backup and may be about to write its proof into the same description.
 */
export async function redescribe({ db }: Pick<Context, "db">, store: LocalStore, copy: { backupId: string; key: string }): Promise<boolean> {
  const { backupId, key } = copy;
  try {
    const sidecar = await inTime(store, () => readSidecar(store, key));
    if (sidecar?.backupId !== backupId) return true;
    // A restore that backs up first names the backup that it restores, so the run that made this one counts too.
    const isUsed = await db.run.findFirst({ where: { OR: [{ backupId }, { id: sidecar.runId }], status: { in: ["queued", "running"] } }, select: { id: true } });
    if (isUsed) return false;
    const { label, note, keep, legalHold } = await db.backup.findUniqueOrThrow({ where: { id: backupId }, select: { label: true, note: true, keep: true, legalHold: true } });
    if (sidecar.label === label && sidecar.note === note && sidecar.keep === keep && sidecar.legalHold === legalHold) return true;
    await inTime(store, () => writeSidecar(store, key, { ...sidecar, label, note, keep, legalHold }, `described-${randomUUID()}`));
  } catch (error) {
    log.warn({ err: error, key }, "what is said of a backup could not be written beside its file");
    return false;
  }
  return true;
}
