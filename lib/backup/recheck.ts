import "server-only";
import type { z } from "zod";
import { toNumber } from "@/lib/db/codecs";
import { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import type { Job, JobResult } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import { backupErrors } from "./errors";
import { isBeingDeleted } from "./being-deleted";
import { readBack } from "./proof";
import { recordProblem, recordRung, speaksAgainst } from "./record";
import type { RecheckInput } from "./schemas";

interface Read {
  files: number;
  bytes: number;
  damaged: string[];
  /** Why files could not be read. That says nothing of what is in them. */
  unreadable: AppError[];
}

/**
 * Reads stored files to their last byte, one after the other, and compares their SHA-256 with what was stored. One that is missing or
 * changed loses what it no longer shows and ends the run as failed, after the others were read. So does one that cannot be read, and keeps
 * what it showed.
 */
export async function runRecheck(job: Job<z.output<typeof RecheckInput>>): Promise<JobResult> {
  const read: Read = { files: 0, bytes: 0, damaged: [], unreadable: [] };
  await job.step(
    "read_back",
    async () => {
      for (const copyId of job.input.copyIds) {
        job.signal.throwIfAborted();
        await readOne(job, copyId, read);
      }
    },
    () => sentenceOf(read),
  );
  const [first] = read.damaged;
  if (first) throw backupErrors.recheck_failed({ damaged: read.damaged.length, read: read.files, first });
  if (read.unreadable[0]) throw read.unreadable[0];
  return { sentence: `Read ${plural(read.files, "stored file")} again, as they were stored`, sizeBytes: read.bytes, result: { ...read }, after: { files: read.files, damaged: 0 } };
}

function sentenceOf({ files, bytes: size, damaged, unreadable }: Read): string {
  const found = damaged.length > 0 ? `${damaged.length} not what was stored` : "SHA-256 equal";
  return [`${plural(files, "file")} read, ${bytes(size)}`, ...(files > 0 ? [found] : []), ...(unreadable.length > 0 ? [`${unreadable.length} could not be read`] : [])].join("; ");
}

async function readOne(job: Job, copyId: string, read: Read): Promise<void> {
  const copy = await job.ctx.db.copy.findUnique({ where: { id: copyId, backup: { databaseId: job.databaseId, deletedAt: null } }, include: { store: true } });
  // Deleted since it was chosen.
  if (!copy?.sha256) return;
  const { store, key, backupId, rolesKey, rolesSha256 } = copy;
  job.detail(key);
  const from = Date.now();
  try {
    const expected = { sha256: copy.sha256, sizeBytes: toNumber(copy.sizeBytes) };
    const { sizeBytes } = await readBack(job, { store, key, expected, manifest: null, roles: rolesKey && rolesSha256 ? { key: rolesKey, sha256: rolesSha256 } : null });
    await ownTransaction(job, (tx) => recordRung(tx, { backupId, copyId, rung: "intact", at: job.ctx.clock.now(), ms: Date.now() - from }));
    read.bytes += sizeBytes;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "store.file_unreadable") {
      await job.warn(error.message);
      read.unreadable.push(error);
      return;
    }
    if (!speaksAgainst(error)) throw error;
    if (await isBeingDeleted(job.ctx.db, backupId)) return;
    await recordProblem(job, { backupId, copyId, error });
    await job.warn(error.message);
    read.damaged.push(error.message);
  }
  read.files += 1;
}
