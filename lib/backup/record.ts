import "server-only";
import { toBigInt, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { toPublicError } from "@/lib/errors";
import type { Job } from "@/lib/runs/job";
import { dumpedTables, isPartial, totalRows } from "./manifest";
import { rungNumber, rungOf, type BackupProblem, type Rung, type Sidecar } from "./schemas";

/**
 * Writes a backup that lies in a store into the record, with the proof its description claims. Also how a rescan rebuilds the
 * record, so everything comes from the sidecar.
 */
export async function recordStored(tx: Tx, found: { sidecar: Sidecar; storeId: string; key: string; databaseId?: string | null }): Promise<void> {
  const { sidecar } = found;
  const { manifest, proof } = sidecar;
  const at = (text: string | null) => (text ? new Date(text) : null);
  const rung: Rung = proof.provenAt ? "proven" : proof.readableAt ? "readable" : proof.intactAt ? "intact" : "stored";
  // A record that was lost does not know the foreign file again, which has an id of its own then.
  const from = sidecar.convertedFromId ? await tx.backup.findUnique({ where: { id: sidecar.convertedFromId }, select: { id: true } }) : null;
  const facts = {
    convertedFromId: from?.id ?? null,
    databaseId: found.databaseId === undefined ? sidecar.database.id : found.databaseId,
    databaseName: sidecar.database.name,
    origin: "holdfast",
    format: sidecar.format,
    takenAt: new Date(sidecar.takenAt),
    sizeBytes: BigInt(sidecar.file.sizeBytes),
    databaseBytes: BigInt(manifest.database.sizeBytes),
    rows: toBigInt(totalRows(manifest)),
    tables: dumpedTables(manifest).length,
    isPartial: isPartial(manifest),
    serverVersion: manifest.server.version,
    toolVersion: manifest.tools.dump,
    label: sidecar.label,
    note: sidecar.note,
    keep: sidecar.keep,
    initiatorKind: sidecar.initiator.kind,
    initiatorName: sidecar.initiator.name,
    rung: rungNumber(rung),
    storedAt: at(proof.storedAt),
    storedMs: sidecar.storedMs,
    intactAt: at(proof.intactAt),
    readableAt: at(proof.readableAt),
    provenAt: at(proof.provenAt),
    problem: null,
    deletedAt: null,
  };
  await tx.backup.upsert({ where: { id: sidecar.backupId }, create: { id: sidecar.backupId, ...facts }, update: facts });
  const content = writeJson(manifest);
  await tx.manifest.upsert({ where: { backupId: sidecar.backupId }, create: { backupId: sidecar.backupId, content }, update: { content } });
  await recordCopy(tx, found);
}

/** Writes where a backup lies. A rescan may have seen the file first, so the place may be on record already. */
export async function recordCopy(tx: Tx, { sidecar, storeId, key }: { sidecar: Sidecar; storeId: string; key: string }): Promise<void> {
  const { databaseId, databaseName } = await tx.backup.findUniqueOrThrow({ where: { id: sidecar.backupId }, select: { databaseId: true, databaseName: true } });
  const copy = {
    backupId: sidecar.backupId,
    sizeBytes: BigInt(sidecar.file.sizeBytes),
    databaseKey: databaseId ?? databaseName,
    sha256: sidecar.file.sha256,
    rolesKey: sidecar.roles?.name ?? null,
    rolesSha256: sidecar.roles?.sha256 ?? null,
    storedAt: new Date(sidecar.proof.storedAt),
    missingAt: null,
  };
  await tx.copy.upsert({ where: { storeId_key: { storeId, key } }, create: { ...copy, storeId, key }, update: copy });
}

/** Raises a backup to `rung` and returns its description with the same proof. */
export async function climb(job: Job, step: { backupId: string; rung: "intact" | "readable"; ms: number }, sidecar: Sidecar): Promise<Sidecar> {
  const now = job.ctx.clock.now();
  await transaction(job.ctx, async (tx) => {
    await recordRung(tx, { ...step, at: now });
    if (step.rung === "readable") await tx.manifest.update({ where: { backupId: step.backupId }, data: { content: writeJson(sidecar.manifest) } });
  });
  return { ...sidecar, proof: { ...sidecar.proof, [step.rung === "intact" ? "intactAt" : "readableAt"]: now.toISOString() } };
}

/** Sets one rung's time and duration; a rung already above it stays, a problem at or below it is over. */
export async function recordRung(tx: Tx, step: { backupId: string; copyId?: string; rung: Exclude<Rung, "stored">; at: Date; ms: number }): Promise<void> {
  const { backupId, copyId, rung, at, ms } = step;
  const number = rungNumber(rung);
  const times = rung === "intact" ? { intactAt: at, intactMs: ms } : rung === "readable" ? { readableAt: at, readableMs: ms } : { provenAt: at, provenMs: ms };
  await tx.backup.update({ where: { id: backupId }, data: times });
  await tx.backup.updateMany({ where: { id: backupId, rung: { lt: number } }, data: { rung: number } });
  if (rung === "intact") await tx.copy.updateMany({ where: { backupId, ...(copyId ? { id: copyId } : {}) }, data: { readBackAt: at, missingAt: null } });
}

/** Which rung an error speaks against; null for errors that say nothing of the file (cancelled, engine away). */
const contradicts: Readonly<Record<string, Rung>> = {
  "store.file_missing": "stored",
  "backup.empty_file": "intact",
  "backup.wrong_size": "intact",
  "backup.changed": "intact",
  "backup.roles_damaged": "intact",
  "backup.not_gzip": "readable",
  "backup.truncated": "readable",
  "backup.undecodable": "readable",
  "backup.rows_differ": "readable",
  "backup.not_a_backup": "readable",
  "drill.not_loadable": "proven",
  "drill.incomplete": "proven",
  "drill.differs": "proven",
};

/** Notes why a backup could not climb, and takes back every rung that the failure contradicts. */
export async function recordProblem(job: Job, backupId: string, error: unknown): Promise<void> {
  const { code, message } = toPublicError(error);
  const rung = contradicts[code];
  if (!rung) return;
  const problem: BackupProblem = { rung, code, message, at: job.ctx.clock.now().toISOString() };
  const left = Math.max(1, rungNumber(rung) - 1);
  const gone = { ...(left < 4 ? { provenAt: null } : {}), ...(left < 3 ? { readableAt: null } : {}), ...(left < 2 ? { intactAt: null } : {}) };
  await transaction(job.ctx, async (tx) => {
    await tx.backup.update({ where: { id: backupId }, data: { problem: writeJson(problem), rung: left, ...gone } });
    if (code === "store.file_missing") await tx.copy.updateMany({ where: { backupId }, data: { missingAt: job.ctx.clock.now() } });
  });
}

/** The rung a stored number stands for; every listed backup has at least the first. */
export function rungFrom(value: number): Rung {
  return rungOf(value) ?? "stored";
}
