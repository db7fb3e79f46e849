import "server-only";
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { toPublicError } from "@/lib/errors";
import { hashStream } from "@/lib/pipeline/hash";
import type { Job, JobResult } from "@/lib/runs/job";
import { bytes } from "@/lib/format/bytes";
import { toBigInt } from "@/lib/db/codecs";
import { storeErrors } from "./errors";
import { createFile, pathOf, readStored, removeStored, spaceOf, type LocalStore } from "./local";
import type { StoreCheck } from "./schemas";

const sampleBytes = 1 << 20;

/** Writes a real object, reads it back, compares and deletes it, and notes the space. A failure is a result, not an error. */
export async function runCheckStore(job: Job<{ storeId: string }>): Promise<JobResult> {
  const store = await job.ctx.db.store.findUnique({ where: { id: job.input.storeId, removedAt: null } });
  if (!store) throw storeErrors.not_found({});
  const { problem, ...result } = await job.step("check", () => check(job, store), (found) => found.detail);
  await job.ctx.db.store.update({
    where: { id: store.id },
    data: { checkedAt: job.ctx.clock.now(), problem, totalBytes: toBigInt(result.totalBytes), freeBytes: toBigInt(result.freeBytes) },
  });
  return { result: { ...result }, sentence: `Tested the store ${store.name}: ${result.outcome}` };
}

/** `problem` is what makes everything in the store doubtful. That it is full does not: what is there can be read, and has to be cleaned up. */
async function check(job: Job, store: LocalStore): Promise<StoreCheck & { problem: string | null }> {
  try {
    await writeReadDelete(job, store);
    const space = await spaceOf(store);
    const sharesDisk = await sharesDiskWithDocker(store);
    return { path: store.path, outcome: "passed", detail: `wrote, read, compared and deleted ${bytes(sampleBytes)}`, ...space, sharesDisk, problem: null };
  } catch (error) {
    const space = await spaceOf(store).catch(() => ({ totalBytes: null, freeBytes: null }));
    const { code, message } = toPublicError(error);
    return { path: store.path, outcome: "failed", detail: message, ...space, sharesDisk: null, problem: code === storeErrors.full({ path: store.path }).code ? null : message };
  }
}

async function writeReadDelete(job: Job, store: LocalStore): Promise<void> {
  const key = `holdfast-test-${job.tag}`;
  const sample = randomBytes(sampleBytes);
  const sink = await createFile(store, key, job.tag);
  try {
    sink.stream.end(sample);
    await (await sink.stage()).commit();
    const found = await hashStream((await readStored(store, key)).stream);
    const { createHash } = await import("node:crypto");
    if (found.sha256 !== createHash("sha256").update(sample).digest("hex")) throw storeErrors.unreadable({ path: store.path, why: "what was read is not what was written" });
  } finally {
    await sink.discard();
    await removeStored(store, key);
  }
}

/** A store on the disk of Docker's volumes is lost with them. Null when Docker's data is not visible from here. */
async function sharesDiskWithDocker(store: LocalStore): Promise<boolean | null> {
  try {
    const [here, docker] = await Promise.all([stat(pathOf(store, ".")).catch(() => stat(store.path)), stat("/var/lib/docker")]);
    return here.dev === docker.dev;
  } catch {
    return null;
  }
}
