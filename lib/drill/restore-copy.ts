import "server-only";
import { isOtherMajor } from "@/lib/backup/compare";
import { readSmallFile } from "@/lib/stores/local";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { inspectContainer } from "@/lib/docker/containers";
import type { Engine } from "@/lib/docker/engine";
import { engineSize } from "@/lib/docker/labelled";
import { bytes } from "@/lib/format/bytes";
import { plural } from "@/lib/format/counts";
import { loadArchive } from "@/lib/postgres/load";
import { execute } from "@/lib/postgres/maintenance";
import { reserveOf } from "@/lib/postgres/reserve";
import { makeRoles } from "@/lib/postgres/roles";
import { requireRoom } from "@/lib/postgres/room";
import { startScratch, type Scratch } from "@/lib/postgres/scratch";
import { queryJson, type Server } from "@/lib/postgres/server";
import { whileRoomLasts, type VolumeSpace } from "@/lib/postgres/volumes";
import type { Job } from "@/lib/runs/job";
import { drillErrors } from "./errors";
import { checked, type Findings } from "./findings";
import { chooseImage, settingsFor, type Subject } from "./subject";

/** Starts a scratch server like the source's, with the backup's roles in it. Whatever fails here says nothing of the backup. */
export async function setUp(job: Job, engine: Engine, subject: Subject, findings: Findings): Promise<Scratch> {
  const { manifest, evidence } = subject;
  const image = await chooseImage(engine, subject);
  const like = await settingsFor(engine, subject, job.signal);
  const scratch = await startScratch(engine, { image, tag: job.tag, purpose: "drill", databaseName: manifest.database.name, like }, job.signal);
  try {
    findings.image = image.startsWith("sha256:") ? (manifest.server.image ?? image) : image;
    findings.serverVersion = scratch.server.facts.version;
    await job.log(`scratch container ${scratch.server.container.name} of ${findings.image} (${scratch.imageId.slice(0, 19)}), without network`);
    requireVersion(scratch.server, subject, findings.image);
    await requireExtensions(scratch.server, subject, findings.image, job.signal);
    await requireRoom(scratch.server, { archive: subject.archive, fileBytes: Number(subject.backup.sizeBytes), databaseBytes: manifest.database.sizeBytes }, tooLittleSpace, job.signal);
    const roles = evidence.roles ? await readSmallFile(evidence.store, evidence.roles.key) : null;
    await makeRoles(scratch.server, roles, manifest.roles, job.signal);
    return scratch;
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

/** A tag may have moved on to the next major version, whose definitions and tools are others. */
function requireVersion(server: Server, { manifest }: Subject, image: string): void {
  if (isOtherMajor(manifest, server)) throw drillErrors.other_version({ image, version: server.facts.version, wanted: manifest.server.version });
}

async function requireExtensions(server: Server, { manifest }: Subject, image: string, signal: AbortSignal): Promise<void> {
  const sql = `SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM pg_catalog.pg_available_extensions;`;
  const available = await queryJson(server, { what: "its extensions were listed", sql, schema: z.array(z.string()) }, signal);
  const missing = manifest.extensions.map(({ name }) => name).filter((name) => !available.includes(name));
  if (missing.length > 0) throw drillErrors.extension_missing({ image, missing });
}

function tooLittleSpace({ freeBytes, totalBytes }: VolumeSpace): AppError {
  return drillErrors.too_little_space({ freeBytes, neededBytes: reserveOf(totalBytes) });
}

/** Loads the backup into the scratch server's empty database. Throws `drill.not_loadable` only where the backup itself is why. */
export async function loadCopy(job: Job, engine: Engine, scratch: Scratch, subject: Subject, findings: Findings): Promise<string> {
  const { server } = scratch;
  const pulse = await readPulse(server);
  const { cores } = await engineSize(engine);
  const jobs = subject.archive.format === "directory" ? Math.max(1, Math.min(cores, 8)) : 1;
  try {
    const { failures } = await whileRoomLasts(server, { filling: tooLittleSpace, isLaidDown: subject.archive.format === "directory", signal: job.signal }, (signal) => loadArchive(server, subject.archive, { jobs, onBytes: job.progress }, signal));
    job.detail("statistics");
    await execute(server, "statistics were gathered", "ANALYZE;", {}, job.signal);
    if (!(await isTheSame(server, pulse))) throw drillErrors.interrupted({ stderr: "" });
    findings.failures = failures;
  } catch (error) {
    throw job.signal.aborted ? job.signal.reason : await explain(server, pulse, error);
  }
  const size = bytes(Number(subject.backup.sizeBytes));
  const { failures } = findings;
  findings.checks.push(
    failures.length === 0
      ? checked("load", "passed", "Loads into an empty server", `${size} loaded with the tools of PostgreSQL ${server.facts.version}, without an error.`)
      : checked("load", "failed", "Loads into an empty server", `Its rows were loaded; ${plural(failures.length, "thing")} behind them could not be.`),
  );
  return failures.length === 0 ? `${size} loaded without an error` : `${plural(failures.length, "error")} behind the rows`;
}

/**
 * Tells one life of the server from the next: when a process of it is killed, all others start anew under the same postmaster, and
 * what was being loaded is lost.
 */
async function readPulse(server: Server): Promise<string> {
  const sql = `SELECT to_json(coalesce(min(backend_start)::text, '')) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'checkpointer';`;
  return queryJson(server, { what: "its processes were listed", sql, schema: z.string() });
}

async function isTheSame(server: Server, pulse: string): Promise<boolean> {
  try {
    const { state, startedAt } = await inspectContainer(server.engine, server.container.id);
    return state === "running" && startedAt === server.container.startedAt && (await readPulse(server)) === pulse;
  } catch {
    return false;
  }
}

/** Exit codes with which the tools refuse what they were given; 6 is no room, and what is killed has 7 or one above 128. */
const refused = [1, 3, 4];

async function explain(server: Server, pulse: string, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  if (error.code !== "docker.exec_failed") return error;
  const stderr = String(error.details["stderr"] ?? "");
  const isWell = await isTheSame(server, pulse);
  if (isWell && refused.includes(Number(error.details["exitCode"]))) return drillErrors.not_loadable({ stderr }, { cause: error });
  return drillErrors.interrupted({ stderr }, { cause: error });
}
