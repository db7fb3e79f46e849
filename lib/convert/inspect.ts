import "server-only";
import { Transform } from "node:stream";
import { createHash } from "node:crypto";
import { backupErrors } from "@/lib/backup/errors";
import { recordProblem } from "@/lib/backup/record";
import { findEngine } from "@/lib/docker/engine";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { startScratch, type Scratch } from "@/lib/postgres/scratch";
import type { Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import type { FileInspection, InspectForeignInput } from "./schemas";
import { SqlScan } from "./scan";
import { imageFor, readForeign, type Source } from "./source";
import { readSql } from "./sql-of";
import type { z } from "zod";

/**
 * Reads a foreign file to its last byte, in a throwaway container without network where it is an archive, and says what is in it and
 * what a person should see before anything of it is loaded. Nothing of it runs.
 */
export async function runInspectForeign(job: Job<z.output<typeof InspectForeignInput>>): Promise<JobResult> {
  const source = await readForeign(job.ctx, job.input.backupId);
  const needed = { scratch: null as Scratch | null };
  try {
    const found = await job.step("inspect", () => inspect(job, source, () => serverFor(job, needed)), inspectionSentence);
    return { result: { ...found }, backupId: source.backup.id, sentence: `Looked through ${source.copy.key}` };
  } finally {
    await needed.scratch?.remove();
  }
}

async function serverFor(job: Job, needed: { scratch: Scratch | null }): Promise<Server> {
  const { image } = await imageFor(job.ctx, null);
  needed.scratch ??= await startScratch(await findEngine(), { image, tag: job.tag, purpose: "convert", databaseName: "holdfast" }, job.signal);
  return needed.scratch.server;
}

/** "3 tables, 20,057 rows, 48.2 MiB of SQL". */
export function inspectionSentence({ parts, sqlBytes, findingsTotal }: FileInspection): string {
  const tables = parts.reduce((sum, part) => sum + part.tables, 0);
  const found = findingsTotal === 0 ? "nothing unusual" : `${plural(findingsTotal, "statement")} worth a look`;
  return `${plural(tables, "table")}${parts.length > 1 ? ` in ${plural(parts.length, "database")}` : ""}, ${bytes(sqlBytes)} of SQL, ${found}`;
}

/** Reads the file once: its hash, its statements. Throws `backup.changed` where it is not what was stored, and `backup.truncated`. */
export async function inspect(job: Job, source: Source, server: () => Promise<Server>): Promise<FileInspection> {
  try {
    return await readThrough(job, source, server);
  } catch (error) {
    // Otherwise a file that was found broken would go on being offered for a restore.
    await recordProblem(job, { backupId: source.backup.id, copyId: source.copy.id, error });
    throw error;
  }
}

async function readThrough(job: Job, { archive, copy }: Source, server: () => Promise<Server>): Promise<FileInspection> {
  const scan = new SqlScan();
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const open = async () => {
    const stream = await archive.open();
    const observed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        job.progress((sizeBytes += chunk.length));
        done(null, chunk);
      },
    });
    // Whoever reads sees a failure when they read. One that comes before they begin must not end the process as unheard.
    observed.on("error", () => undefined);
    stream.on("error", (error) => observed.destroy(error));
    observed.on("close", () => stream.destroy());
    return stream.pipe(observed);
  };
  await readSql(server, { ...archive, open }, (chunk) => scan.push(chunk), job.signal);
  scan.finish();
  const sha256 = hash.digest("hex");
  if (copy.sha256 && (copy.sha256 !== sha256 || Number(copy.sizeBytes) !== sizeBytes)) {
    throw backupErrors.changed({ key: copy.key, store: copy.store.name, expected: copy.sha256, found: sha256 });
  }
  if (scan.brokenOff) throw backupErrors.truncated({ where: scan.brokenOff, sqlBytes: scan.sqlBytes, isGzip: archive.format === "plain" && archive.unpack === "gzip" });
  const { sqlBytes, serverVersion, dumpVersion, parts, findings, findingsTotal } = scan;
  return { sizeBytes, sha256, sqlBytes, serverVersion, dumpVersion, parts, findings, findingsTotal };
}
