import "server-only";
import { readJson, toNumber, writeJson } from "@/lib/db/codecs";
import { bytes } from "@/lib/format/bytes";
import type { Job, JobResult } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import { bestCopy } from "./best-copy";
import { backupErrors } from "./errors";
import { withSequenceValues } from "./manifest";
import { decode, decodingServer, readBack, type Evidence } from "./proof";
import { recordProblem, recordRung } from "./record";
import { BackupProblem, Manifest } from "./schemas";
import { readSidecar, writeSidecar } from "./sidecar";

/**
 * Proves a stored backup anew: reads it back, decodes it, and records the rung it reaches. What an earlier proof claimed and the
 * file no longer supports is taken back.
 */
export async function runVerifyBackup(job: Job): Promise<JobResult> {
  const backup = await job.ctx.db.backup.findUnique({
    where: { id: job.backupId ?? "", deletedAt: null },
    include: { copies: { where: { store: { removedAt: null } }, include: { store: true }, orderBy: { storedAt: "asc" } }, manifest: true, database: true },
  });
  const copy = bestCopy(backup?.copies ?? []) ?? backup?.copies[0];
  if (!backup) throw backupErrors.not_found({});
  if (!copy) throw backupErrors.not_present({});
  const manifest = readJson(Manifest, backup.manifest?.content ?? null);
  const expected = copy.sha256 ? { sha256: copy.sha256, sizeBytes: toNumber(copy.sizeBytes) } : null;
  const evidence: Evidence = { store: copy.store, key: copy.key, expected, manifest, roles: copy.rolesKey && copy.rolesSha256 ? { key: copy.rolesKey, sha256: copy.rolesSha256 } : null };
  const { database } = backup;
  const address = database ? { container: database.container, role: database.role, database: database.databaseName } : null;
  try {
    const intactFrom = Date.now();
    const found = await job.step("read_back", () => readBack(job, evidence), (read) =>
      expected ? `${bytes(read.sizeBytes)} read back from ${copy.store.name}; SHA-256 equal` : `${bytes(read.sizeBytes)} read; no hash was known, this one is kept`,
    );
    const intactMs = Date.now() - intactFrom;
    // Without an earlier hash "intact" has to wait for the checksums inside the file, which decoding compares.
    if (expected) await ownTransaction(job, (tx) => recordRung(tx, { backupId: backup.id, copyId: copy.id, rung: "intact", at: job.ctx.clock.now(), ms: intactMs }));
    const readableFrom = Date.now();
    const decoded = await job.step("decode", () => decode(job, evidence, () => decodingServer(job, address)), (read) => read.how);
    const at = job.ctx.clock.now();
    await job.step("record", () =>
      ownTransaction(job, async (tx) => {
        await recordRung(tx, { backupId: backup.id, copyId: copy.id, rung: "intact", at, ms: intactMs });
        await recordRung(tx, { backupId: backup.id, rung: "readable", at, ms: Date.now() - readableFrom });
        await tx.backup.update({ where: { id: backup.id }, data: { problem: keptProblem(backup.problem), sizeBytes: BigInt(found.sizeBytes) } });
        await tx.copy.update({ where: { id: copy.id }, data: { sha256: found.sha256, sizeBytes: BigInt(found.sizeBytes) } });
        if (manifest) await tx.manifest.update({ where: { backupId: backup.id }, data: { content: writeJson(withSequenceValues(manifest, decoded.sequences)) } });
      }),
    );
    await describeProof(job, evidence, at);
    return { backupId: backup.id, sentence: `Verified ${copy.key}`, sizeBytes: found.sizeBytes, after: { rung: "readable", sha256: found.sha256 } };
  } catch (error) {
    await recordProblem(job, { backupId: backup.id, copyId: copy.id, error });
    throw error;
  }
}

/** What a drill found is not refuted by reading the file: only another drill can do that. */
function keptProblem(problem: string | null): string | null {
  return readJson(BackupProblem, problem)?.rung === "proven" ? problem : null;
}

/** Brings the description beside the file up to date. A store that cannot be written right now keeps the old one: it is not wrong. */
async function describeProof(job: Job, { store, key }: Evidence, at: Date): Promise<void> {
  const sidecar = await readSidecar(store, key);
  if (!sidecar) return;
  const proof = { ...sidecar.proof, intactAt: at.toISOString(), readableAt: at.toISOString() };
  await writeSidecar(store, key, { ...sidecar, proof }, job.tag).catch((error: Error) => job.warn(`The description beside the file could not be renewed: ${error.message}`));
}
