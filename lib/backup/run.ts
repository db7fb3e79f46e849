import "server-only";
import type { Database, Store } from "@/lib/db/generated/client";
import { readJson } from "@/lib/db/codecs";
import { BackupOptions } from "@/lib/databases/schemas";
import { findEngine } from "@/lib/docker/engine";
import { databaseErrors } from "@/lib/databases/errors";
import { count, plural } from "@/lib/format/counts";
import { bytes } from "@/lib/format/bytes";
import { countBytes, sha256 } from "@/lib/pipeline/observe";
import { runPipeline } from "@/lib/pipeline/run";
import { planDump, startDump, startRolesDump, type DumpPlan } from "@/lib/postgres/dump";
import { connect, type Server } from "@/lib/postgres/server";
import { watchTableFiles, type TableFiles, type TableName } from "@/lib/postgres/table-files";
import type { Job, JobResult } from "@/lib/runs/job";
import { ownTransaction } from "@/lib/runs/own";
import { storeErrors } from "@/lib/stores/errors";
import { createFile, isStored, removeStored, type LocalStore } from "@/lib/stores/local";
import { withoutRoles } from "./access";
import { diagnoseDump, removeWorkDirectory } from "./diagnose";
import { backupErrors } from "./errors";
import { isPartial, readManifest, takeSnapshot, totalRows, withSequenceValues, type Snapshot } from "./manifest";
import { backupFileName, rolesName, sidecarName } from "./names";
import { prepare } from "./prepare";
import { decode, readBack } from "./proof";
import { climb, recordProblem, recordStored } from "./record";
import type { Manifest, Sidecar, StartBackupInput } from "./schemas";
import { writeSidecar } from "./sidecar";

/** Anything smaller is no dump: pg_dump writes more than this for an empty database. */
const smallestDump = 64;

/** Of what, where to and how a backup is taken. */
export interface Plan {
  database: Database;
  store: Store;
  options: BackupOptions;
  input: StartBackupInput;
  /** What it is called at this moment, where that is not its own name. */
  calledNow?: string | undefined;
  /** A dump of what a foreign file was loaded to: how old its data is, and where it came from. Roles are another server's then. */
  converted?: { fromId: string; takenAt: Date; omissions: string[]; strangers: readonly string[] };
}

/**
 * Takes one backup: preflight, snapshot and manifest, dump into the store, read back, decode, record. Up to the moment the file
 * gets its name nothing is visible in the store; after it the backup is listed with the highest rung it reached, also when a later
 * step fails. `calledNow` is the name under which the database is found where it has been set aside.
 */
export async function runBackup(job: Job<StartBackupInput>, calledNow?: string): Promise<JobResult> {
  const plan = { ...(await readPlan(job)), calledNow };
  const server = await job.step("prepare", () => connectPinned(job, plan), (found) => found.sentence);
  const described = await job.step("snapshot", () => describe(job, plan, server), ({ manifest }) => countSentence(manifest));
  const stored = await job
    .step("dump", () => store(job, plan, server, described), (s) => `${bytes(s.sidecar.file.sizeBytes)} stored as ${s.key}`)
    .finally(() => described.close());
  return proveStored(job, plan, server, stored);
}

async function readPlan(job: Job<StartBackupInput>): Promise<Plan> {
  const found = await job.ctx.db.database.findUnique({ where: { id: job.databaseId ?? "" }, include: { store: true } });
  if (!found) throw databaseErrors.not_found({});
  const { store: own, ...database } = found;
  const store = job.input.storeId === null ? own : await job.ctx.db.store.findUnique({ where: { id: job.input.storeId, removedAt: null } });
  if (!store) throw storeErrors.not_found({});
  return { database, store, options: job.input.options ?? readJson(BackupOptions, database.options), input: job.input };
}

async function connectPinned(job: Job, { database, store, options, calledNow }: Plan): Promise<Server & { sentence: string; hasZstd: boolean; dumpVersion: string }> {
  const engine = await findEngine();
  const address = { container: database.container, role: database.role, database: calledNow ?? database.databaseName };
  const server = await connect(engine, address, { tag: job.tag }, job.signal);
  const ready = await prepare(job, server, { database, store, options });
  return { ...server, ...ready };
}

/** A snapshot that is open, and what its dump must contain. */
export interface Described {
  snapshot: Snapshot;
  manifest: Manifest;
  dump: DumpPlan;
  tableFiles: TableFiles;
  close(): Promise<void>;
}

/** Opens the snapshot and reads what the dump of it must contain. */
export async function describe(job: Job, { database, options, calledNow, converted }: Plan, server: Server & { hasZstd: boolean; dumpVersion: string }): Promise<Described> {
  const snapshot = await takeSnapshot(server, job.signal);
  // After the snapshot, so that no table of it is missed; before the count. A table that is emptied between these two is empty for count and dump.
  const tableFiles = await watchTableFiles(server, job.signal).catch(async (error: unknown) => {
    await snapshot.session.close();
    throw error;
  });
  const close = async () => {
    await Promise.all([snapshot.session.close(), tableFiles.close()]);
  };
  try {
    await job.log(`snapshot ${snapshot.id} exported at ${snapshot.walPosition}`);
    const dump = planDump(options, { hasZstd: server.hasZstd, tag: job.tag }, snapshot.id);
    const tools = { dump: server.dumpVersion, compression: dump.compression };
    const found = await readManifest(server, snapshot, { tools, options }, job.signal);
    const manifest = converted ? ofFile(found, converted) : calledNow ? { ...found, database: { ...found.database, name: database.databaseName } } : found;
    if (!manifest.tables.some((table) => table.kind === "table" && table.excluded !== "absent")) throw backupErrors.nothing_to_dump({ database: database.name });
    for (const warning of manifest.warnings) await job.warn(warning);
    return { snapshot, manifest, dump, tableFiles, close };
  } catch (error) {
    await close();
    throw await diagnoseDump(server, database.name, error);
  }
}

/** A throwaway server is no source: what is its own is not said of the file, and what was left out of it is. */
function ofFile(manifest: Manifest, { omissions, strangers }: NonNullable<Plan["converted"]>): Manifest {
  return {
    ...manifest,
    server: { ...manifest.server, systemIdentifier: null },
    roles: manifest.roles.filter((role) => !strangers.includes(role)),
    access: manifest.access && withoutRoles(manifest.access, strangers),
    warnings: [...manifest.warnings, ...omissions],
  };
}

/** "1,204 rows in 12 tables". */
export function countSentence(manifest: Manifest): string {
  const rows = totalRows(manifest);
  const tables = plural(manifest.tables.filter((table) => table.kind === "table").length, "table");
  return rows === null ? `${tables}, not all counted` : `${count(rows)} rows in ${tables}`;
}

/** A backup that has its name. */
export interface Stored {
  key: string;
  copyId: string;
  store: LocalStore;
  sidecar: Sidecar;
}

/** A small database is backed up more than once in a second. More often than this is no accident. */
const mostInOneSecond = 99;

/** The first name that no file and no companion in the store has, nor a copy that is on record and not there. Throws `store.file_exists`. */
async function freeKey(job: Job, target: Store, nameOf: (nth: number) => string): Promise<string> {
  for (let nth = 1; nth <= mostInOneSecond; nth += 1) {
    const key = nameOf(nth);
    const stored = await Promise.all([key, sidecarName(key), rolesName(key)].map((name) => isStored(target, name)));
    if (stored.some(Boolean)) continue;
    if (!(await job.ctx.db.copy.findUnique({ where: { storeId_key: { storeId: target.id, key } }, select: { id: true } }))) return key;
  }
  throw storeErrors.file_exists({ key: nameOf(1) });
}

/** Streams the dump into the store and gives it its name last: what has a final name is whole, described and has its roles. */
export async function store(job: Job, plan: Plan, server: Server, described: Described): Promise<Stored> {
  const { dump, snapshot } = described;
  const { database, store: target, options, input, converted } = plan;
  const started = Date.now();
  const takenAt = converted?.takenAt ?? snapshot.takenAt;
  const fileName = converted ? `${database.fileName}_converted_r${job.runId}` : database.fileName;
  const key = await freeKey(job, target, (nth) => backupFileName(fileName, takenAt, dump.extension, nth));
  await job.log(`pg_dump --format=${options.format}, ${dump.compression}`);
  // Roles take a moment, the dump may take hours: what stops the one must not throw the other away.
  const roles = converted ? undefined : await storeRoles(job, plan, server, key);
  const { staged, results, manifest } = await storeDump(job, plan, server, described, key).catch(async (error: unknown) => {
    await roles?.discard();
    throw error;
  });
  let isPublished = false;
  try {
    if (results.bytes < smallestDump) throw backupErrors.empty_dump({ database: database.name, sizeBytes: results.bytes });
    for (const warning of manifest.warnings.slice(described.manifest.warnings.length)) await job.warn(warning);
    const sidecar: Sidecar = {
      holdfast: 1,
      backupId: crypto.randomUUID(),
      runId: job.runId,
      database: { id: database.id, name: database.name, container: database.container, role: database.role },
      takenAt: takenAt.toISOString(),
      format: options.format,
      file: { name: key, sizeBytes: staged.sizeBytes, sha256: results.sha256 },
      roles: roles ? { name: rolesName(key), sha256: roles.sha256, withPasswords: options.includeRolePasswords } : null,
      options,
      label: input.label,
      note: input.note,
      keep: input.keep,
      legalHold: null,
      initiator: { kind: job.ctx.actor.kind, name: job.ctx.actor.name },
      storedMs: Date.now() - started,
      ...(converted ? { convertedFromId: converted.fromId } : {}),
      proof: { storedAt: job.ctx.clock.now().toISOString(), intactAt: null, readableAt: null, provenAt: null },
      manifest,
    };
    await job.renewLease();
    await writeSidecar(target, key, sidecar, job.tag);
    await roles?.commit();
    await staged.commit();
    isPublished = true;
    // Its run may have been taken for lost while it slept here, and the file put on record by others and deleted since. One that is still there
    // stays, and is taken in like whatever else an ended run left.
    const copyId = await ownTransaction(job, async (tx) => {
      const id = await recordStored(tx, { sidecar, storeId: target.id, key });
      // A restore that backs up first is about the backup it restores: that one must not be deleted meanwhile.
      await tx.run.updateMany({ where: { id: job.runId, backupId: null }, data: { backupId: sidecar.backupId } });
      return id;
    });
    return { key, copyId, store: target, sidecar };
  } catch (error) {
    await Promise.all([staged.discard(), roles?.discard()]);
    // Companions of a file that never got its name describe nothing.
    if (!isPublished) await Promise.all([removeStored(target, sidecarName(key)), removeStored(target, rolesName(key))]);
    throw error;
  }
}

/** The manifest without the counts of tables that were emptied or rewritten between the snapshot and their dump: the dump may hold none of those rows. */
function withoutCountsOf(manifest: Manifest, rewritten: readonly TableName[]): Manifest {
  const names = new Set(rewritten.map(({ schema, name }) => JSON.stringify([schema, name])));
  const isGone = (table: Manifest["tables"][number]) => table.rows !== null && names.has(JSON.stringify([table.schema, table.name]));
  return {
    ...manifest,
    tables: manifest.tables.map((table) => (isGone(table) ? { ...table, rows: null } : table)),
    warnings: [...manifest.warnings, ...manifest.tables.filter(isGone).map(({ schema, name }) => `${schema}.${name} was emptied or rewritten between the snapshot and its dump, so how many rows the dump holds is not known.`)],
  };
}

async function storeRoles(job: Job, { database, store: target, options }: Plan, server: Server, key: string) {
  const sink = await createFile(target, rolesName(key), job.tag);
  try {
    const source = await startRolesDump(server, options.includeRolePasswords, job.signal);
    const { staged, results } = await runPipeline({ source, stages: { sha256: sha256() }, sink, signal: job.signal });
    return { ...staged, sha256: results.sha256 };
  } catch (error) {
    await sink.discard();
    throw job.signal.aborted ? error : await diagnoseDump(server, database.name, error, "roles");
  }
}

async function storeDump(job: Job, { database, store: target }: Plan, server: Server, { dump, manifest, tableFiles }: Described, key: string) {
  const sink = await createFile(target, key, job.tag);
  // pg_dump holds a lock on every table from before its first word of rows to its end, so what is unchanged then stays so.
  let rewritten: Promise<TableName[]> | null = null;
  const lookOnce = () => {
    // It takes one of the server's connections, and the dump may take hours.
    rewritten ??= tableFiles.changed().finally(() => tableFiles.close());
    // Its failure is met below, by whoever waits for it.
    rewritten.catch(() => undefined);
    return rewritten;
  };
  const onTable = (table: string) => {
    void lookOnce();
    job.detail(table);
  };
  const onBytes = (total: number) => {
    void lookOnce();
    job.progress(total);
  };
  try {
    const source = await startDump(server, dump, onTable, job.signal);
    const stages = { bytes: countBytes(onBytes), sha256: sha256() };
    const stored = await runPipeline({ source, stages, sink, signal: job.signal });
    return { ...stored, manifest: withoutCountsOf(manifest, await lookOnce()) };
  } catch (error) {
    await sink.discard();
    await removeWorkDirectory(server).catch(() => undefined); // The container may be what failed.
    throw job.signal.aborted ? error : await diagnoseDump(server, database.name, error);
  }
}

/** Climbs as far as the file allows. A failure here leaves the backup listed, with what stopped it. */
export async function proveStored(job: Job, { database, store: target }: Plan, server: Server, stored: Stored): Promise<JobResult> {
  const { key, copyId, store: local } = stored;
  let { sidecar } = stored;
  const { backupId } = sidecar;
  const evidence = { store: local, key, expected: sidecar.file, manifest: sidecar.manifest, roles: sidecar.roles ? { key: sidecar.roles.name, sha256: sidecar.roles.sha256 } : null };
  try {
    const intactFrom = Date.now();
    await job.step("read_back", () => readBack(job, evidence), (found) => `${bytes(found.sizeBytes)} read back from ${target.name}; SHA-256 equal`);
    sidecar = await climb(job, { backupId, copyId, rung: "intact", ms: Date.now() - intactFrom }, sidecar);
    const readableFrom = Date.now();
    const decoded = await job.step("decode", () => decode(job, evidence, () => Promise.resolve(server)), (found) => found.how);
    sidecar = { ...sidecar, manifest: withSequenceValues(sidecar.manifest, decoded.sequences) };
    sidecar = await climb(job, { backupId, copyId, rung: "readable", ms: Date.now() - readableFrom }, sidecar);
  } catch (error) {
    await recordProblem(job, { backupId, copyId, error });
    throw error;
  }
  await job.step("record", () => writeSidecar(local, key, sidecar, job.tag), () => "the description beside the file carries the proof");
  const rows = totalRows(sidecar.manifest);
  return {
    backupId,
    sentence: `Backup of ${database.name}${sidecar.label ? `, ${sidecar.label}` : ""}${isPartial(sidecar.manifest) ? ", partial" : ""}`,
    sizeBytes: sidecar.file.sizeBytes,
    records: rows,
    result: { backupId },
    after: { file: key, sha256: sidecar.file.sha256, rung: "readable", tables: sidecar.manifest.tables.length },
  };
}
