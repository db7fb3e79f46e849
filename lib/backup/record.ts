import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { AuditAction } from "@/lib/audit/schemas";
import type { Context } from "@/lib/context";
import { readJson, toBigInt, toNumber, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { toPublicError } from "@/lib/errors";
import { shortTime } from "@/lib/format/times";
import type { Job } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import { isPartial, totalRows } from "./manifest";
import { BackupProblem, rungNumber, rungOf, type Rung, type Sidecar } from "./schemas";
import { dumpedTables } from "./tables";

/**
 * Writes a backup that lies in a store into the record, with the proof its description claims. Also how a rescan rebuilds the
 * record, so everything comes from the sidecar. Returns the id of its copy.
 */
export async function recordStored(tx: Tx, found: { sidecar: Sidecar; storeId: string; key: string; databaseId?: string | null }): Promise<string> {
  const { sidecar } = found;
  const { manifest, proof, legalHold } = sidecar;
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
  await tx.backup.upsert({ where: { id: sidecar.backupId }, create: { id: sidecar.backupId, legalHold, ...facts }, update: { ...facts, ...(legalHold === null ? {} : { legalHold }) } });
  const content = writeJson(manifest);
  await tx.manifest.upsert({ where: { backupId: sidecar.backupId }, create: { backupId: sidecar.backupId, content }, update: { content } });
  return recordCopy(tx, found);
}

/** Writes where a backup lies, and returns the copy's id. A rescan may have seen the file first, so the place may be on record already. */
export async function recordCopy(tx: Tx, { sidecar, storeId, key }: { sidecar: Sidecar; storeId: string; key: string }): Promise<string> {
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
    problem: null,
  };
  const { id } = await tx.copy.upsert({ where: { storeId_key: { storeId, key } }, create: { ...copy, storeId, key }, update: copy, select: { id: true } });
  return id;
}

/** Raises a backup to `rung` and returns its description with the same proof. Throws `run.lease_lost`. */
export async function climb(job: Pick<Job, "ctx" | "runId">, step: { backupId: string; copyId: string; rung: "intact" | "readable"; ms: number }, sidecar: Sidecar): Promise<Sidecar> {
  const now = job.ctx.clock.now();
  await ownTransaction(job, async (tx) => {
    await recordRung(tx, { ...step, at: now });
    if (step.rung === "readable") await tx.manifest.update({ where: { backupId: step.backupId }, data: { content: writeJson(sidecar.manifest) } });
  });
  return { ...sidecar, proof: { ...sidecar.proof, [step.rung === "intact" ? "intactAt" : "readableAt"]: now.toISOString() } };
}

/**
 * Sets one rung's time and duration; a rung already above it stays. Where a file was read and is what was stored, what was said against files
 * of the backup is over. Inside a run's `ownTransaction`.
 */
export async function recordRung(tx: Tx, step: { backupId: string; copyId?: string; rung: Exclude<Rung, "stored">; at: Date; ms: number }): Promise<void> {
  const { backupId, copyId, rung, at, ms } = step;
  const number = rungNumber(rung);
  const times = rung === "intact" ? { intactAt: at, intactMs: ms } : rung === "readable" ? { readableAt: at, readableMs: ms } : { provenAt: at, provenMs: ms };
  await tx.backup.update({ where: { id: backupId }, data: times });
  await tx.backup.updateMany({ where: { id: backupId, rung: { lt: number } }, data: { rung: number } });
  if (rung !== "intact") return;
  await tx.copy.updateMany({ where: { backupId, ...(copyId ? { id: copyId } : {}) }, data: { readBackAt: at, missingAt: null, problem: null } });
  const { problem } = await tx.backup.findUniqueOrThrow({ where: { id: backupId }, select: { problem: true } });
  await tx.backup.update({ where: { id: backupId }, data: { problem: withoutFiles(problem) } });
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
  "restore.changed_file": "intact",
  "drill.not_loadable": "proven",
  "drill.incomplete": "proven",
  "drill.differs": "proven",
};

/**
 * What a file that is not what was stored leaves in the audit log. These speak of one copy only; all others of `contradicts` of what was
 * stored, so of every copy.
 */
const aboutFiles: Readonly<Record<string, { action: AuditAction; what: string }>> = {
  "store.file_missing": { action: "backup.file_missing", what: "is missing" },
  "backup.empty_file": { action: "backup.file_changed", what: "was changed" },
  "backup.wrong_size": { action: "backup.file_changed", what: "was changed" },
  "backup.changed": { action: "backup.file_changed", what: "was changed" },
  "backup.roles_damaged": { action: "backup.file_changed", what: "was changed" },
  "restore.changed_file": { action: "backup.file_changed", what: "was changed" },
};

/** Whether an error speaks against the file it met. */
export function speaksAgainst(error: unknown): boolean {
  return contradicts[toPublicError(error).code] !== undefined;
}

/** What was found against a backup, and in which of its copies. */
interface Finding {
  backupId: string;
  /** The copy that was read. */
  copyId: string;
  error: unknown;
}

/** Notes why a backup could not climb, and takes back every rung that the failure contradicts. */
export async function recordProblem(job: Pick<Job, "ctx" | "runId">, found: Finding): Promise<void> {
  if (speaksAgainst(found.error)) await transaction(job.ctx, (tx) => recordAgainst(tx, job.ctx, { ...found, runId: job.runId }));
}

/**
 * The same inside a transaction. A file that is gone or is not what was stored counts against its copy, and against the backup once no
 * copy is left that nothing is known against. Rungs rest on bytes that were read: where every copy that is left was never read, the backup
 * starts as stored. Whoever is first to find it leaves an entry in the audit log.
 */
export async function recordAgainst(tx: Tx, ctx: Pick<Context, "actor" | "clock">, found: Finding & { runId: number | null }): Promise<void> {
  const { backupId, copyId, runId } = found;
  const { code, message } = toPublicError(found.error);
  const rung = contradicts[code];
  const backup = await tx.backup.findUnique({ where: { id: backupId, deletedAt: null }, select: { databaseId: true, databaseName: true, sizeBytes: true, takenAt: true, rung: true, problem: true } });
  if (!rung || !backup) return;
  const at = ctx.clock.now();
  const problem: BackupProblem = { rung, code, message, at: at.toISOString() };
  const entry = aboutFiles[code];
  const isNews = entry !== undefined && (await recordAgainstCopy(tx, copyId, problem));
  const whole = entry === undefined ? [] : await tx.copy.findMany({ where: { backupId, missingAt: null, problem: null, store: { removedAt: null } }, select: { readBackAt: true } });
  const isShown = whole.some(({ readBackAt }) => readBackAt !== null);
  // What failed may have been a rung far above the ones that were shown: it takes rungs away, and never gives any.
  const left = isShown ? backup.rung : Math.max(1, Math.min(backup.rung, rungNumber(rung) - 1));
  if (!isShown) {
    const lost = { ...(left < 4 ? { provenAt: null } : {}), ...(left < 3 ? { readableAt: null } : {}), ...(left < 2 ? { intactAt: null } : {}) };
    await tx.backup.update({ where: { id: backupId }, data: { rung: left, ...lost, problem: whole.length > 0 ? withoutFiles(backup.problem) : writeJson(problem) } });
  }
  if (!isNews) return;
  await recordAudit(tx, ctx, { action: entry.action, outcome: "failed", sentence: `A file of ${backup.databaseName} ${shortTime(backup.takenAt)} ${entry.what}`, ...about(backupId, backup), runId, reason: message, before: { rung: rungFrom(backup.rung) }, after: { rung: rungFrom(left) } });
}

/** The problem of a backup of which there is a copy that nothing is known against: what was said of other copies is over. */
function withoutFiles(problem: string | null): string | null {
  return aboutFiles[readJson(BackupProblem, problem)?.code ?? ""] ? null : problem;
}

/**
 * A copy is missing or damaged, not both: what is said of a file that is gone does not hold for another one in its place, nor that it was
 * read. Returns whether it is news.
 */
async function recordAgainstCopy(tx: Tx, id: string, problem: BackupProblem): Promise<boolean> {
  if (problem.code === "store.file_missing") {
    const { count } = await tx.copy.updateMany({ where: { id, missingAt: null }, data: { missingAt: new Date(problem.at), readBackAt: null, problem: null } });
    return count > 0;
  }
  const before = await tx.copy.findUnique({ where: { id }, select: { problem: true } });
  if (!before) return false;
  await tx.copy.update({ where: { id }, data: { missingAt: null, problem: writeJson(problem) } });
  return readJson(BackupProblem, before.problem)?.code !== problem.code;
}

/** A file that was missing is there again. Nothing of it was read since, so a backup that had lost its rungs, for this file or another, starts as stored. */
export async function recordFound(tx: Tx, ctx: Pick<Context, "actor" | "clock">, copy: { id: string; backupId: string; key: string }, runId: number | null): Promise<void> {
  const { count } = await tx.copy.updateMany({ where: { id: copy.id, missingAt: { not: null } }, data: { missingAt: null } });
  const backup = await tx.backup.findUnique({ where: { id: copy.backupId, deletedAt: null }, select: { databaseId: true, databaseName: true, sizeBytes: true, takenAt: true, problem: true } });
  if (count === 0 || !backup) return;
  await tx.backup.update({ where: { id: copy.backupId }, data: { problem: withoutFiles(backup.problem) } });
  await recordAudit(tx, ctx, { action: "backup.file_found", outcome: "succeeded", sentence: `A file of ${backup.databaseName} ${shortTime(backup.takenAt)} is there again`, ...about(copy.backupId, backup), runId, reason: copy.key });
}

function about(backupId: string, { databaseId, databaseName, sizeBytes }: { databaseId: string | null; databaseName: string; sizeBytes: bigint }) {
  return { backupId, database: databaseId ? { id: databaseId, name: databaseName } : null, sizeBytes: toNumber(sizeBytes) };
}

/** The rung a stored number stands for; every listed backup has at least the first. */
export function rungFrom(value: number): Rung {
  return rungOf(value) ?? "stored";
}
