import "server-only";
import { z } from "zod";
import { countSentence, describe, proveStored, store, type Plan } from "@/lib/backup/run";
import { readTools } from "@/lib/backup/prepare";
import { StartBackupInput } from "@/lib/backup/schemas";
import { defaultBackupOptions } from "@/lib/databases/schemas";
import type { Store } from "@/lib/db/generated/client";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { startScratch, type Scratch, type ScratchSpec } from "@/lib/postgres/scratch";
import { queryJson, type Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { convertErrors } from "./errors";
import type { Omission } from "./guard";
import { loadGuarded, type Loaded } from "./guarded";
import { inspect, inspectionSentence } from "./inspect";
import type { FileInspection, FilePart, StartConvertInput } from "./schemas";
import { findingWords } from "./words";
import { imageFor, localeOf, readForeign, type Source } from "./source";

/**
 * Turns a foreign file into a backup of Holdfast's own: loads it in a throwaway container without network and without a superuser's
 * rights, then dumps the result as any database. Only that dump is ever restored; no live server is asked or touched here.
 */
export async function runConvertBackup(job: Job<StartConvertInput>): Promise<JobResult> {
  const source = await readForeign(job.ctx, job.input.backupId);
  const { image, database } = await imageFor(job.ctx, job.input.databaseId);
  const target = await job.ctx.db.store.findUniqueOrThrow({ where: { id: database.storeId } });
  const scratch = await job.step("scratch", () => startAlike(job, image, database), ({ server }) => `PostgreSQL ${server.facts.version} of ${image}, without network`);
  try {
    const found = await job.step("inspect", () => inspect(job, source, () => Promise.resolve(scratch.server)), inspectionSentence);
    for (const { kind, line, text } of found.findings) await job.warn(`${findingWords[kind].title}, line ${line}: ${text}`);
    const part = choosePart(found, job.input.part);
    const loaded = await job.step("load", () => load(job, scratch, source, part, database.role), ({ omissions }) =>
      `as a role without a superuser's rights${omissions.length === 0 ? "" : `, ${plural(omissions.length, "thing")} left out`}`,
    );
    return await dumpResult(job, { source, found, loaded, target, database });
  } finally {
    await scratch.remove();
  }
}

/** With the database's own locale where the image has it, else with the image's. */
async function startAlike(job: Job, image: string, database: { id: string; databaseName: string }): Promise<Scratch> {
  const engine: Engine = await findEngine();
  const spec: ScratchSpec = { image, tag: job.tag, purpose: "convert", databaseName: database.databaseName };
  const like = await localeOf(job.ctx, database.id);
  try {
    return await startScratch(engine, { ...spec, like }, job.signal);
  } catch (error) {
    if (!like || !(error instanceof AppError) || error.code !== "postgres.not_alike") throw error;
    await job.warn(`${image} does not have the locale of ${database.databaseName}; its own is used.`);
    return startScratch(engine, spec, job.signal);
  }
}

/** The database of the file to load. Throws `convert.which_part` where there are several and none was chosen. */
export function choosePart({ parts }: Pick<FileInspection, "parts">, wanted: string | null): FilePart {
  const [only] = parts;
  if (wanted === null) {
    if (parts.length > 1 || !only) throw convertErrors.which_part({ names: parts.map((part) => part.databaseName ?? "") });
    return only;
  }
  const part = parts.find((one) => one.databaseName === wanted);
  if (!part) throw convertErrors.no_part({ name: wanted });
  return part;
}

async function load(job: Job, scratch: Scratch, { archive }: Source, part: FilePart, owner: string): Promise<Loaded> {
  const guarded = await loadGuarded(scratch, { archive, part, owner, onBytes: job.progress }, job.signal);
  const loaded = { ...guarded, omissions: [...guarded.omissions, ...(await keptRows(guarded.server, job.signal))] };
  for (const { what, text } of loaded.omissions) await job.log(`Left out, ${what}: ${text}`);
  return loaded;
}

/** What a restore of tables keeps beside the live ones for a while is in no dump of Holdfast's; a plain pg_dump takes it along. */
async function keptRows(server: Server, signal: AbortSignal): Promise<Omission[]> {
  const sql = "SELECT coalesce(json_agg(nspname ORDER BY nspname), '[]') FROM pg_catalog.pg_namespace WHERE nspname ~ '^holdfast_restore_r[0-9]+$';";
  const schemas = await queryJson(server, { what: "schemas of earlier restores were looked for", sql, schema: z.array(z.string()) }, signal);
  return schemas.map((schema) => ({ what: "rows that a restore of tables had kept for a while", text: `schema ${schema}` }));
}

interface Result {
  source: Source;
  found: FileInspection;
  loaded: Loaded;
  target: Store;
  database: Awaited<ReturnType<typeof imageFor>>["database"];
}

async function dumpResult(job: Job, { source, loaded, target, database }: Result): Promise<JobResult> {
  const { backup, copy } = source;
  const plan: Plan = {
    database,
    store: target,
    options: defaultBackupOptions,
    input: StartBackupInput.parse({ databaseId: database.id, label: `converted from ${copy.key}`.slice(0, 80) }),
    converted: {
      fromId: backup.id,
      takenAt: backup.takenAt,
      strangers: loaded.strangers,
      omissions: loaded.omissions.map(({ what, text }) => `Left out of ${copy.key}, ${what}: ${text}`),
    },
  };
  const server = { ...loaded.server, ...(await readTools(loaded.server, plan.options, job.signal)) };
  const described = await job.step("snapshot", () => describe(job, plan, server), ({ manifest }) => countSentence(manifest));
  const stored = await job
    .step("dump", () => store(job, plan, server, described), (s) => `${bytes(s.sidecar.file.sizeBytes)} stored as ${s.key}`)
    .finally(() => described.close());
  const result = await proveStored(job, plan, server, stored);
  return { ...result, sentence: `Converted ${copy.key} into a backup of ${database.name}`, after: { ...result.after, from: copy.key } };
}
