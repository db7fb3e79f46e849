import "server-only";
import { requireStored } from "@/lib/backup/proof";
import { recordProblem } from "@/lib/backup/record";
import type { Job } from "@/lib/runs/job";
import type { StagedFile } from "./stage";
import { openVerified } from "./verified-file";

/** Reads the backup's file to its last byte and compares it with what was stored. Throws `backup.changed` and its like; then the backup loses what it claims. */
export async function readFileBack(job: Job, file: StagedFile): Promise<void> {
  await takeBackProof(job, file, () => compareWithStored(job, file));
}

/** The same, and the backup's claims are the caller's to take back. Later readings for the load are held to this one. */
export async function compareWithStored(job: Job, file: StagedFile): Promise<void> {
  const { store, key, sizeBytes, sha256 } = file;
  const reading = await openVerified(file);
  for await (const _ of reading) {
    job.signal.throwIfAborted();
    job.progress(reading.sizeBytes);
  }
  requireStored({ store, key, expected: sha256 ? { sha256, sizeBytes } : null }, { sha256: reading.sha256 ?? "", sizeBytes: reading.sizeBytes });
}

/** Does something with a backup's file; when that shows that the file is not what was stored, the backup loses what it claims. */
export async function takeBackProof<T>(job: Job, { backupId, copyId }: StagedFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await recordProblem(job, { backupId, copyId, error });
    throw error;
  }
}
