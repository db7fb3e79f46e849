import "server-only";
import { Manifest } from "@/lib/backup/schemas";
import { choosePart } from "@/lib/convert/run";
import { loadGuarded, lock } from "@/lib/convert/guarded";
import { inspect } from "@/lib/convert/inspect";
import { imageFor, localeOf, readSource, type Source } from "@/lib/convert/source";
import { readJson, toNumber } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { readRelations } from "@/lib/postgres/catalogue";
import { postgresErrors } from "@/lib/postgres/errors";
import { loadArchive } from "@/lib/postgres/load";
import { reserveOf } from "@/lib/postgres/reserve";
import { requireRoom } from "@/lib/postgres/room";
import { startScratch, type Scratch } from "@/lib/postgres/scratch";
import { connect, psqlWith, run, type Server } from "@/lib/postgres/server";
import { openSession } from "@/lib/postgres/session";
import { whileRoomLasts, type VolumeSpace } from "@/lib/postgres/volumes";
import { readFileBack, takeBackProof } from "@/lib/restore/read-file-back";
import type { StagedFile } from "@/lib/restore/stage";
import { openVerified } from "@/lib/restore/verified-file";
import type { Job, JobResult } from "@/lib/runs/job";
import type { z } from "zod";
import { lookErrors } from "./errors";
import { databaseInside, readerOf } from "./reader";
import { idleMs, questionSeconds, type LookContents, type RunOpenLookInput } from "./schemas";
import { createOwners, grantReading, prepareReader } from "./scripts";

type Input = z.output<typeof RunOpenLookInput>;

/**
 * Reads a backup's file back, loads it into a throwaway server without network and leaves it open for questions: after this only one role
 * gets in, and that one can only read. A file that Holdfast did not make is loaded under guard.
 */
export async function runOpenLook(job: Job<Input>): Promise<JobResult> {
  const { lookId } = job.input;
  try {
    const opened = await open(job);
    const now = job.ctx.clock.now();
    await job.renewLease();
    const { count } = await job.ctx.db.look.updateMany({
      where: { id: lookId, state: "opening" },
      data: { state: "open", container: opened.scratch.container, lastUsedAt: now, closesAt: new Date(now.getTime() + idleMs) },
    });
    if (count !== 1) {
      await opened.scratch.remove();
      throw lookErrors.not_open({});
    }
    return { result: { ...opened.contents }, sentence: `Looked inside ${opened.key}`, after: { file: opened.key, tables: opened.contents.tables.length } };
  } catch (error) {
    const problem = error instanceof AppError ? error.message : "It could not be opened.";
    await job.ctx.db.look.updateMany({ where: { id: lookId, state: "opening" }, data: { state: "failed", closedAt: job.ctx.clock.now(), problem } });
    throw error;
  }
}

async function open(job: Job<Input>): Promise<{ scratch: Scratch; contents: LookContents; key: string }> {
  const stored = await readSource(job.ctx, job.input.backupId);
  const file = fileOf(stored);
  // What is loaded is held to what was compared: whoever can write to the store could exchange the file between the two.
  const source = { ...stored, archive: { ...stored.archive, open: () => openVerified(file) } };
  const manifest = await readManifestOf(job, source);
  await job.step("read_back", () => readFileBack(job, file), () => readBackSentence(source));
  const image = manifest?.server.image ?? (await imageFor(job.ctx, job.input.databaseId ?? source.backup.databaseId)).image;
  const scratch = await job.step("scratch", () => start(job, image, source), ({ server }) => `PostgreSQL ${server.facts.version} of ${image}, without network`);
  try {
    const { key } = source.copy;
    if (manifest) await requireRoom(scratch.server, { archive: source.archive, fileBytes: toNumber(source.copy.sizeBytes), databaseBytes: manifest.database.sizeBytes }, tooLittleSpace, job.signal);
    const loaded = await job.step("load", () => takeBackProof(job, file, () => (source.backup.origin === "foreign" ? loadForeign(job, scratch, source) : loadOwn(job, scratch, source, manifest))), () => `${bytes(toNumber(source.copy.sizeBytes))} loaded`);
    const contents = await job.step("look", () => readContents(job, scratch, loaded, manifest), ({ tables }) => `${plural(tables.length, "table")} and views can be read; nothing can be written`);
    return { scratch, contents, key };
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

/** As it was stored: what is shown has to be the backup, not what became of its file. */
function fileOf({ backup, copy }: Source): StagedFile {
  return { store: copy.store, key: copy.key, sizeBytes: toNumber(copy.sizeBytes), sha256: copy.sha256, backupId: backup.id, copyId: copy.id };
}

function readBackSentence({ copy }: Source): string {
  return `${bytes(toNumber(copy.sizeBytes))} read back from ${copy.store.name}; ${copy.sha256 ? "SHA-256 equal" : "no hash was known"}`;
}

function tooLittleSpace({ freeBytes, totalBytes }: VolumeSpace): AppError {
  return lookErrors.too_little_space({ freeBytes, neededBytes: reserveOf(totalBytes) });
}

async function readManifestOf(job: Job, { backup }: Source): Promise<Manifest | null> {
  const row = await job.ctx.db.manifest.findUnique({ where: { backupId: backup.id } });
  return readJson(Manifest, row?.content ?? null);
}

async function start(job: Job<Input>, image: string, { backup }: Source): Promise<Scratch> {
  const engine = await findEngine();
  const spec = { image, tag: job.tag, purpose: "look" as const, databaseName: databaseInside };
  const like = backup.databaseId ? await localeOf(job.ctx, backup.databaseId) : undefined;
  try {
    return await startScratch(engine, { ...spec, like }, job.signal);
  } catch (error) {
    if (!like || !(error instanceof AppError) || error.code !== "postgres.not_alike") throw error;
    await job.warn(`${image} does not have the locale of ${backup.databaseName}; its own is used, so sorting may differ.`);
    return startScratch(engine, spec, job.signal);
  }
}

interface LoadedLook {
  /** As the role that may grant reading. */
  server: Server;
  notes: string[];
}

/** Our own dump: nothing in it is foreign, but nobody needs a superuser afterwards either. */
async function loadOwn(job: Job<Input>, scratch: Scratch, { archive }: Source, manifest: Manifest | null): Promise<LoadedLook> {
  const reader = readerOf(job.input.lookId);
  await script(scratch.server, { wanted: JSON.stringify(manifest?.roles ?? []) }, createOwners, job.signal);
  const { failures } = await whileRoomLasts(scratch.server, { filling: tooLittleSpace, isLaidDown: archive.format === "directory", signal: job.signal }, (signal) => loadArchive(scratch.server, archive, { jobs: 1, onBytes: job.progress }, signal));
  await script(scratch.server, { reader, database: databaseInside, seconds: String(questionSeconds) }, prepareReader, job.signal);
  await grant(scratch.server, reader, job.signal);
  await lock(scratch.server, [reader], job.signal);
  return { server: scratch.server, notes: failures.map((failure) => `Not loaded: ${failure}`) };
}

async function loadForeign(job: Job<Input>, scratch: Scratch, source: Source): Promise<LoadedLook> {
  const reader = readerOf(job.input.lookId);
  const found = await inspect(job, source, () => Promise.resolve(scratch.server));
  const file = { archive: source.archive, part: choosePart(found, job.input.part), owner: source.backup.database?.role ?? "postgres", alsoLetIn: [reader], onBytes: job.progress };
  const setUp = { sql: prepareReader, variables: { reader, seconds: String(questionSeconds) } };
  const { server, omissions } = await loadGuarded(scratch, file, job.signal, setUp);
  await grant(server, reader, job.signal);
  return { server, notes: omissions.map(({ what, text }) => `Left out, ${what}: ${text}`) };
}

async function grant(server: Server, reader: string, signal: AbortSignal): Promise<void> {
  // Errors of single tables do not stop it: what cannot be granted stays unreadable, and says so when it is asked.
  if (server.facts.versionNumber < 140_000) await run(server, [...psqlWith({ reader }), "-v", "ON_ERROR_STOP=0"], { stdin: grantReading }, signal);
}

async function script(server: Server, variables: Record<string, string>, sql: string, signal: AbortSignal): Promise<void> {
  const answer = await run(server, psqlWith(variables), { stdin: sql }, signal);
  if (answer.exitCode !== 0) throw postgresErrors.query_failed({ what: "the throwaway server was prepared", container: server.container.name, stderr: answer.stderr });
}

async function readContents(job: Job<Input>, scratch: Scratch, { notes }: LoadedLook, manifest: Manifest | null): Promise<LookContents> {
  const server = await connect(scratch.server.engine, { container: scratch.container, role: readerOf(job.input.lookId), database: databaseInside }, { tag: job.tag }, job.signal);
  const session = await openSession(server, "its tables were listed", job.signal);
  try {
    const counted = new Map(manifest?.tables.map((table) => [`${table.schema}.${table.name}`, table.rows]));
    const tables = (await readRelations(session)).map(({ schema, name, kind, sizeBytes }) => ({ schema, name, kind, sizeBytes, rows: counted.get(`${schema}.${name}`) ?? null }));
    return { serverVersion: server.facts.version, tables, notes };
  } finally {
    await session.close();
  }
}
