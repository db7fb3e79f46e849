import "server-only";
import path from "node:path";
import { compareSize } from "@/lib/backup/compare-size";
import { recordForeign } from "@/lib/backup/foreign";
import { recordCopy, recordFound, recordProblem, recordStored } from "@/lib/backup/record";
import { readFileName, type NamedFile } from "@/lib/backup/names";
import { readSidecar } from "@/lib/backup/sidecar";
import type { Sidecar } from "@/lib/backup/schemas";
import type { Store } from "@/lib/db/generated/client";
import { toNumber } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { plural } from "@/lib/format/counts";
import type { AppError } from "@/lib/errors";
import type { Job, JobResult } from "@/lib/runs/job";
import { storeErrors } from "./errors";
import { listStored, type StoredFile } from "./listing";
import { isStored } from "./local";
import { requireMounted } from "./mounted";
import type { RescanResult } from "./schemas";

/**
 * Brings the list in line with what lies in a store: a file with a description comes back with all that is known of it, one without
 * (the old script's, say) as a foreign backup with what its name tells, and a listed one that is gone or has another size is marked so.
 */
export async function runRescanStore(job: Job<{ storeId: string }>): Promise<JobResult> {
  const store = await job.ctx.db.store.findUnique({ where: { id: job.input.storeId, removedAt: null } });
  if (!store) throw storeErrors.not_found({});
  const result = await job.step("scan", () => scan(job, store), sentenceOf);
  return { result: { ...result }, sentence: `Rescanned ${store.name}: ${sentenceOf(result)}`, after: { ...result } };
}

function sentenceOf(result: RescanResult): string {
  return `${plural(result.files, "file")}, ${result.added} added, ${result.missing} missing`;
}

async function scan(job: Job, store: Store): Promise<RescanResult> {
  // In this order: a backup that is stored in between is a file without a place on record, which is looked up again, and not one
  // that seems to be missing.
  const listed = await job.ctx.db.copy.findMany({ where: { storeId: store.id }, include: { backup: { select: { databaseId: true, origin: true } } } });
  const { files, unread } = await listStored(store);
  for (const directory of unread) await job.warn(`${directory} in ${store.name} may not be read by Holdfast's user, so it was left out. What is listed there stays as it is.`);
  const copies = new Map(listed.filter(({ key }) => !unread.some((directory) => key.startsWith(directory + path.sep))).map((copy) => [copy.key, copy]));
  const keys = new Set(files.map(({ key }) => key));
  requireMounted(store, [...copies.values()].filter(({ missingAt }) => missingAt === null), keys);
  const result: RescanResult = { files: 0, known: 0, added: 0, missing: 0, foreign: 0, ignored: 0 };
  const present = new Set<string>();
  for (const file of files) {
    job.signal.throwIfAborted();
    const named = readFileName(file.key);
    if (!named) {
      if (!isCompanion(file.key, keys)) result.ignored += 1;
      continue;
    }
    result.files += 1;
    present.add(file.key);
    const copy = copies.get(file.key);
    if (copy) {
      result.known += 1;
      const error = compareSize({ key: file.key, store: store.name, expected: toNumber(copy.sizeBytes), found: file.sizeBytes });
      if (error) await markDamaged(job, copy, error);
      else if (copy.missingAt) await foundAgain(job, copy);
      if (copy.backup.databaseId === null && copy.backup.origin === "holdfast") await join(job, store, copy);
      continue;
    }
    if (await changedMeanwhile(job, store, file)) continue;
    const sidecar = await believable(job, store, file.key);
    if (sidecar) await adopt(job, store, file, sidecar);
    else {
      await addForeign(job, store, file, named);
      result.foreign += 1;
    }
    result.added += 1;
    await job.log(`${file.key} ${sidecar ? "taken in with its description" : "taken in, foreign"}`);
  }
  for (const copy of copies.values()) {
    if (present.has(copy.key)) continue;
    result.missing += 1;
    if (!copy.missingAt) await markMissing(job, store, copy);
  }
  return result;
}

/**
 * A file's description, if it does not contradict the record: one that names a backup whose file is known to be another one describes
 * something else, whoever wrote it, and its file is no copy of that backup.
 */
async function believable(job: Job, store: Store, key: string): Promise<Sidecar | null> {
  const sidecar = await readSidecar(store, key);
  if (!sidecar) return null;
  const other = await job.ctx.db.copy.findFirst({ where: { backupId: sidecar.backupId, sha256: { not: sidecar.file.sha256 } }, select: { key: true } });
  if (other) await job.warn(`${key} says that it is the backup of ${other.key}, which is on record with another SHA-256. It is taken in as foreign.`);
  return other ? null : sidecar;
}

/** A file that a run has put on record, or deleted, since the list was read. */
async function changedMeanwhile(job: Job, store: Store, file: StoredFile): Promise<boolean> {
  const copy = await job.ctx.db.copy.findUnique({ where: { storeId_key: { storeId: store.id, key: file.key } }, select: { id: true } });
  return copy !== null || !(await isStored(store, file.key));
}

function isCompanion(key: string, keys: ReadonlySet<string>): boolean {
  const base = key.replace(/\.json$|\.roles\.sql$/, "");
  return base !== key && keys.has(base);
}

type CopyRow = { id: string; backupId: string; key: string };

async function foundAgain(job: Job, copy: CopyRow): Promise<void> {
  await transaction(job.ctx, (tx) => recordFound(tx, job.ctx, copy, job.runId));
  await job.log(`${copy.key} is back; verify it before you rely on it`);
}

/** One that a run deleted meanwhile has no copy any more, and stays as it is. */
async function markMissing(job: Job, store: Store, copy: CopyRow): Promise<void> {
  const error = storeErrors.file_missing({ key: copy.key, store: store.name });
  await recordProblem(job, { backupId: copy.backupId, copyId: copy.id, error });
  await job.warn(error.message);
}

async function markDamaged(job: Job, { id: copyId, backupId }: Pick<CopyRow, "id" | "backupId">, error: AppError): Promise<void> {
  await recordProblem(job, { backupId, copyId, error });
  await job.warn(error.message);
}

/**
 * Takes a described backup back into the record. What the description says of an earlier proof is not proof of the bytes that lie here
 * now, so it starts as stored: verify it to climb. A file of another size than described is damaged, and still the one described.
 */
async function adopt(job: Job, store: Store, file: StoredFile, sidecar: Sidecar): Promise<void> {
  const id = await transaction(job.ctx, async (tx) => {
    const known = await tx.backup.findUnique({ where: { id: sidecar.backupId, deletedAt: null }, select: { id: true } });
    if (known) return recordCopy(tx, { sidecar, storeId: store.id, key: file.key });
    const proof = { ...sidecar.proof, intactAt: null, readableAt: null, provenAt: null };
    return recordStored(tx, { sidecar: { ...sidecar, proof }, storeId: store.id, key: file.key, databaseId: await ownerOf(tx, sidecar) });
  });
  const error = compareSize({ key: file.key, store: store.name, expected: sidecar.file.sizeBytes, found: file.sizeBytes });
  if (error) await markDamaged(job, { id, backupId: sidecar.backupId }, error);
}

/** The database that a description names by its id, else by container and name, unless the server is known to be another one. */
async function ownerOf(tx: Tx, { database, manifest }: Sidecar): Promise<string | null> {
  const byId = await tx.database.findUnique({ where: { id: database.id }, select: { id: true } });
  if (byId) return byId.id;
  const found = await tx.database.findFirst({ where: { databaseName: manifest.database.name, container: database.container, removedAt: null }, select: { id: true, systemIdentifier: true } });
  const { systemIdentifier } = manifest.server;
  const isAnother = found?.systemIdentifier && systemIdentifier && found.systemIdentifier !== systemIdentifier;
  return isAnother ? null : (found?.id ?? null);
}

/** A backup that was taken in before its database was registered joins it. */
async function join(job: Job, store: Store, copy: CopyRow): Promise<void> {
  const sidecar = await readSidecar(store, copy.key);
  if (!sidecar) return;
  await transaction(job.ctx, async (tx) => {
    const databaseId = await ownerOf(tx, sidecar);
    if (!databaseId) return;
    await tx.backup.update({ where: { id: copy.backupId }, data: { databaseId } });
    await tx.copy.updateMany({ where: { backupId: copy.backupId }, data: { databaseKey: databaseId } });
  });
}

async function addForeign(job: Job, store: Store, file: StoredFile, named: NamedFile): Promise<void> {
  const found = { key: file.key, sizeBytes: file.sizeBytes, named, takenAt: named.takenAt ?? file.modifiedAt, storedAt: file.modifiedAt };
  await transaction(job.ctx, (tx) => recordForeign(tx, { ...found, storeId: store.id, sha256: null, initiator: { kind: "unknown", name: "unknown" } }));
}
