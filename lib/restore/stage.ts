import "server-only";
import { readFileName } from "@/lib/backup/names";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { endSessions } from "@/lib/postgres/end-sessions";
import { loadArchive, type StoredArchive } from "@/lib/postgres/load";
import { dropDatabase, execute, maintenance } from "@/lib/postgres/maintenance";
import { createLike, readProperties, type DatabaseProperties } from "@/lib/postgres/properties";
import { floorOf } from "@/lib/postgres/reserve";
import { withDatabase, type Server } from "@/lib/postgres/server";
import { roomToLayDown, whileRoomLasts, type VolumeSpace } from "@/lib/postgres/volumes";
import type { Job } from "@/lib/runs/job";
import type { LocalStore } from "@/lib/stores/local";
import { restoreErrors } from "./errors";
import { losesOwners, ownersLost } from "./plan";
import { compareWithStored } from "./read-file-back";
import { createRoles, settleRoles } from "./roles";
import type { RestoreDecision, RestoreEvidence } from "./schemas";
import { openVerified, type Marks } from "./verified-file";

/** The file to load: a copy of the backup in a store that can be read. */
export interface StagedFile {
  store: LocalStore;
  key: string;
  sizeBytes: number;
  sha256: string | null;
  /** On record, so that a file which is not what was stored loses what it claims. */
  backupId: string;
  copyId: string;
  /** What the reading found that was equal to what was stored; missing before there was one. */
  marks?: Marks;
}

export interface Staged {
  name: string;
  oid: string;
  /** Connected to the staging database. */
  server: Server;
  /** What failed behind the data. */
  failures: string[];
  /** What the restored database has to be like: the live one, or the one the backup was taken of. */
  properties: DatabaseProperties;
}

const mostJobs = 8;
const mostIndexJobs = 4;

/**
 * Creates a staging database and loads the backup into it. Nothing live is touched; what fails leaves a staging database that the
 * caller drops. `remember` hears its OID as soon as it exists, before anything is loaded into it. A file that is not what was stored may hold
 * anything, and a role of the live server loads it: so nothing of it is used before its hash is known to be equal.
 */
export async function stage(
  job: Job,
  target: { server: Server; evidence: RestoreEvidence; decision: RestoreDecision; name: string; file: StagedFile; properties?: DatabaseProperties },
  remember: (staging: { name: string; oid: string }) => Promise<void>,
): Promise<Staged> {
  const { server, evidence, decision, name, file } = target;
  const layDownBytes = layDownLimit(evidence, await roomToLayDown(server, job.signal));
  const jobs = jobsFor(evidence, layDownBytes);
  const indexJobs = indexJobsFor(evidence);
  const archive = openFile(file);
  // What is laid down as one file is compared on its way there.
  if (!file.marks && !(archive.format === "custom" && jobs > 1)) await compareWithStored(job, file);
  const elsewhere = await maintenance(server, [evidence.target.databaseName, name], job.signal);
  await createRoles(elsewhere, decision.roles, job.tag, job.signal);
  const properties = target.properties ?? (await propertiesToTake(elsewhere, evidence, decision, job.signal));
  const create = async () => {
    try {
      const created = await createLike(elsewhere, name, properties, job.signal);
      await remember({ name, oid: created });
      return created;
    } catch (error) {
      // Where another worker has settled the restore, it looked before this was there, and nobody else drops it.
      await dropUnknown(elsewhere, name, job.tag).catch((failure: unknown) => log.warn({ err: failure, name }, "a staging database that is not on record could not be dropped"));
      throw error;
    }
  };
  let oid = await create();
  const staging = withDatabase(server, name);
  await job.log(`loading ${file.key} into ${name}${jobs > 1 ? ` with ${jobs} jobs` : indexJobs > 1 ? `, its indexes with ${indexJobs} jobs` : ""}`);
  const filling = (volume: VolumeSpace & { mount: string }) => restoreErrors.disk_filling({ container: server.container.name, ...volume });
  const load = (skipTablespaces: boolean) => whileRoomLasts(server, { filling, isLaidDown: jobs > 1 || archive.format === "directory", signal: job.signal }, (signal) => loadArchive(staging, archive, { jobs, layDownBytes, indexJobs, onBytes: job.progress, beforeUse: (how) => requireCompared(job, file, how), skipOwners: losesOwners(evidence), skipTablespaces }, signal));
  const { failures } = await load(false)
    .catch(async (error: unknown) => {
      const missing = archive.format === "plain" ? null : missingTablespace(error);
      if (missing === null) throw error;
      // On a server made anew there is none, and it is no reason to lose the data: what was created so far is dropped, and all goes into one place.
      await job.warn(`The server has no tablespace ${missing}. Everything is put into the tablespace ${properties.tablespace} instead.`);
      await dropDatabase(elsewhere, { name, oid }, job.signal);
      oid = await create();
      return load(true);
    })
    .catch((error: unknown) => {
      throw explainLoad(error, job.signal);
    });
  if (losesOwners(evidence)) await job.warn(ownersLost(evidence.target.role));
  await settleRoles(staging, decision.roles, properties.owner, job.signal);
  return { name, oid, server: staging, failures, properties };
}

/** Drops what was created under a name that only this run gives, and what is still being created: that is ended first. */
async function dropUnknown(elsewhere: Server, name: string, tag: string): Promise<void> {
  await endSessions({ ...elsewhere, tag: undefined }, tag);
  await dropDatabase(elsewhere, { name, oid: null });
}

/** From this size on a job for each core is worth the time it takes to lay an archive down (`npm run bench`). */
const largeBytes = 256 * 1024 ** 2;
/** An archive is text, and text may be longer than what the server stores of it. One that is longer still is streamed. */
const mostUnpacked = 2;

/**
 * How many bytes of an archive may be laid down unpacked inside the container, of those that have room there (`roomBytes`; null: not known).
 * The volume of the database, which may be the same, has to hold that and the restored database as well. Null: none.
 */
export function layDownLimit({ backup, target }: Pick<RestoreEvidence, "backup" | "target">, roomBytes: number | null): number | null {
  const { databaseBytes } = backup;
  const home = target.volumes.find(({ roles }) => roles.includes("home"));
  if (databaseBytes === null || !home || roomBytes === null) return null;
  const left = home.freeBytes - floorOf(home, home.roles.includes("data")) - databaseBytes;
  return Math.min(roomBytes, left) >= mostUnpacked * databaseBytes ? mostUnpacked * databaseBytes : null;
}

/** One job streams; a large archive that may be laid down (`layDownBytes`) is, and loaded with a job for each core. */
export function jobsFor({ backup, target }: Pick<RestoreEvidence, "backup" | "target">, layDownBytes: number | null): number {
  const jobs = Math.max(1, Math.min(target.cores, mostJobs));
  if (backup.format === "directory") return jobs;
  return backup.format === "custom" && (backup.databaseBytes ?? 0) > largeBytes && layDownBytes !== null ? jobs : 1;
}

/** What is large has indexes worth more than one job; together they take no more memory than one would. */
export function indexJobsFor({ backup, target }: Pick<RestoreEvidence, "backup" | "target">): number {
  return backup.format === "custom" && (backup.databaseBytes ?? 0) > largeBytes ? Math.max(1, Math.min(target.cores, mostIndexJobs)) : 1;
}

/** Statistics of a database that was loaded. The server gathers them by itself sooner or later, so what fails here is no more than a warning. */
export async function gatherStatistics(job: Job, server: Server): Promise<void> {
  try {
    await execute(server, "statistics were gathered", "ANALYZE;", {}, job.signal);
  } catch (error) {
    if (job.signal.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    await job.warn(`Statistics could not be gathered, so queries may be slow until the server does it by itself: ${why}`).catch((unsaid: unknown) => log.error({ err: unsaid, why }, "a warning could not be recorded"));
  }
}

function openFile(file: StagedFile): StoredArchive {
  const named = readFileName(file.key);
  if (!named) throw restoreErrors.no_backup({});
  return { ...named, open: () => openVerified(file) };
}

/** Sees to it that a file was read to its end and compared before anything of it is used. */
async function requireCompared(job: Job, file: StagedFile, how: "read" | "unread"): Promise<void> {
  if (file.marks) return;
  await compareWithStored(job, file);
  // It is what was stored now, and what lies in the container was not.
  if (how === "read") throw restoreErrors.changed_file({ key: file.key });
}

/** The tablespace for want of which nothing could be created, in the server's words; null when that is not why. */
export function missingTablespace(error: unknown): string | null {
  if (!(error instanceof AppError) || error.code !== "docker.exec_failed") return null;
  return /ERROR: +(?:invalid value for parameter "default_tablespace": "(.+)"|tablespace "(.+)" does not exist)/.exec(String(error.details["stderr"] ?? ""))?.slice(1).find(Boolean) ?? null;
}

/** What the tool said is why; anything else, such as a stopped container, has its own name already. */
function explainLoad(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || !(error instanceof AppError) || error.code !== "docker.exec_failed") return error;
  return restoreErrors.load_failed({ stderr: String(error.details["stderr"] ?? "") }, { cause: error });
}

/** What the restored database is to be like: the live one, and where there is none, what its backup says. */
export async function propertiesToTake(elsewhere: Server, evidence: RestoreEvidence, decision: Pick<RestoreDecision, "roles">, signal: AbortSignal): Promise<DatabaseProperties> {
  return (await readProperties(elsewhere, evidence.target.databaseName, signal)) ?? propertiesOfBackup(elsewhere, evidence, decision);
}

/** The live database's properties, or the staging one's own where there is no live one. */
export async function propertiesOf(elsewhere: Server, live: string, staging: string, signal: AbortSignal): Promise<DatabaseProperties> {
  const properties = (await readProperties(elsewhere, live, signal)) ?? (await readProperties(elsewhere, staging, signal));
  if (!properties) throw restoreErrors.not_waiting({});
  return properties;
}

/** Where nothing is left to take after: what the backup says of its database, as far as this server has it. */
async function propertiesOfBackup(server: Server, evidence: RestoreEvidence, decision: Pick<RestoreDecision, "roles">): Promise<DatabaseProperties> {
  const { backup } = evidence;
  const base = await readProperties(server, "template0");
  if (!base) throw restoreErrors.no_backup({});
  const locale = backup.encoding && backup.collation && backup.characterType ? { encoding: backup.encoding, collation: backup.collation, characterType: backup.characterType } : {};
  return { ...base, ...locale, owner: ownerFor(evidence, decision), connectionLimit: -1, isTemplate: false, comment: null, grants: null, settings: [], tablespace: "pg_default" };
}

/** The backup's owner, or who was chosen for it; the role that restores where it is left out. */
export function ownerFor({ backup, target }: Pick<RestoreEvidence, "backup" | "target">, { roles }: Pick<RestoreDecision, "roles">): string {
  if (backup.owner === null) return target.role;
  if (target.existingRoles.includes(backup.owner)) return backup.owner;
  const choice = roles[backup.owner];
  if (choice?.do === "map") return choice.to;
  return choice?.do === "create" ? backup.owner : target.role;
}
