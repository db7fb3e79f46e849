import "server-only";
import type { AccessChoices } from "@/lib/backup/access";
import { bestCopy } from "@/lib/backup/best-copy";
import { compareWithManifest, type Comparison } from "@/lib/backup/compare";
import { mayBeTheContainer, whatBefell } from "@/lib/backup/diagnose";
import { Manifest, StartBackupInput, type Difference } from "@/lib/backup/schemas";
import { BackupOptions } from "@/lib/databases/schemas";
import { readJson, toNumber, writeJson } from "@/lib/db/codecs";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { AppError, toPublicError } from "@/lib/errors";
import { databaseBytes, dropDatabase, maintenance } from "@/lib/postgres/maintenance";
import type { DatabaseProperties } from "@/lib/postgres/properties";
import type { Server } from "@/lib/postgres/server";
import type { Job, JobResult } from "@/lib/runs/job";
import { connectTarget, gatherEvidence } from "./evidence";
import { whileStopped } from "./application";
import { dressUp } from "./dress-up";
import { removedState, restoreErrors } from "./errors";
import { outcomeOfCompare } from "./outcome";
import { PhaseMeter } from "./phase-meter";
import { putInPlace, type Placed } from "./place";
import { losesOwners, planRestore } from "./plan";
import { readFileBack, takeBackProof } from "./read-file-back";
import { hasLostLease, readRestore, updateOwnRestore, type RestoreRecord } from "./record";
import { safetyBackup } from "./safety-backup";
import { stagingName } from "./names";
import { whileSetAside } from "./set-aside";
import { settleOwn } from "./settle";
import { gatherStatistics, propertiesToTake, stage, type Staged, type StagedFile } from "./stage";
import type { RestoreEvidence, RestoreOutcome, RestorePlan, RestoreRunInput } from "./schemas";

/** Live tables are counted this long at most; the restore does not wait for a count of what it replaces. */
const countBudgetMs = 60_000;

interface Prepared {
  record: RestoreRecord;
  engine: Engine;
  server: Server;
  evidence: RestoreEvidence;
  plan: RestorePlan;
  file: StagedFile;
  manifest: Manifest;
}

/**
 * Restores a backup as it was confirmed: asks everything anew, loads into a staging database, compares with the manifest, and only
 * then puts it in place. Until the swap nothing live was touched, and whatever ends the run before it leaves the live database as it
 * was; from the swap on the run is brought to its end.
 */
export async function runRestore(job: Job<RestoreRunInput>): Promise<JobResult> {
  const started = Date.now();
  const meter = new PhaseMeter();
  try {
    const prepared = await meter.time("prepare", () => job.step("prepare", () => prepare(job), (found) => preparedSentence(found)));
    const { comparison, placed } = isInPlace(prepared.plan) ? await inPlace(job, prepared, meter) : await besideLive(job, prepared, meter);
    return await conclude(job, { prepared, comparison, placed, started, meter });
  } catch (error) {
    await settleOwn(job, job.input.restoreId);
    throw await afterSettling(job, error);
  }
}

/** What the run ends with: a restore in place that was equal got its name by being settled, so the database is not missing; one that was compared waits. */
async function afterSettling(job: Job<RestoreRunInput>, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== "restore.in_place_broken") return error;
  const record = await readRestore(job.ctx, job.input.restoreId);
  if (record.restore.state === "staged_incomplete") return inPlaceBroken(record, error.cause, true);
  return record.restore.state === "swapped" ? error.cause : error;
}

interface Restored {
  comparison: Comparison;
  placed: Placed;
}

/** Says of the container what befell it, instead of blaming the backup for it. */
async function explainStop(job: Job, server: Server, error: unknown): Promise<unknown> {
  if (job.signal.aborted || !(error instanceof AppError)) return error;
  if (error.code !== "restore.load_failed" && !mayBeTheContainer(error)) return error;
  const container = server.container.name;
  const befell = await whatBefell(server).catch((gone: unknown) => (isMissing(gone) ? { state: removedState } : null));
  if (befell === "restarted") return restoreErrors.server_restarted({ container }, { cause: error });
  return befell ? restoreErrors.container_went_away({ container, state: befell.state }, { cause: error }) : error;
}

function isMissing(error: unknown): boolean {
  return error instanceof AppError && error.code === "docker.container_missing";
}

async function besideLive(job: Job<RestoreRunInput>, prepared: Prepared, meter: PhaseMeter, properties?: DatabaseProperties): Promise<Restored> {
  const { staged, comparison } = await stageAndCompare(job, prepared, meter, properties).catch(async (error: unknown) => {
    throw await explainStop(job, prepared.server, error);
  });
  return { comparison, placed: await putInPlace(job, { ...prepared, staged }, meter) };
}

async function stageAndCompare(job: Job<RestoreRunInput>, prepared: Prepared, meter: PhaseMeter, properties?: DatabaseProperties): Promise<{ staged: Staged; comparison: Comparison }> {
  const staged = await meter.time("stage", () => job.step("stage", () => load(job, prepared, properties), (found) => `loaded into ${found.name}`));
  const comparison = await meter.time("compare", () => job.step("compare", () => compare(job, prepared, staged), (found) => comparedSentence(found, prepared.manifest)));
  return { staged, comparison };
}

function isInPlace({ decision }: RestorePlan): boolean {
  return decision.method === "in_place" && decision.replacesOid !== null;
}

/**
 * Where the disk cannot hold two: a backup of what is there, then the live database is dropped to make room. The restored one still
 * gets its name last, so that nobody ever meets half of it. From the drop on there is no way back but a backup, so that one is taken
 * when nobody can write any more.
 */
async function inPlace(job: Job<RestoreRunInput>, prepared: Prepared, meter: PhaseMeter): Promise<Restored> {
  const { record, plan, server, evidence } = prepared;
  const { databaseName } = plan.decision;
  await job.log(`reading ${prepared.file.key} before the live database goes`);
  await readFileBack(job, prepared.file);
  const elsewhere = await maintenance(server, [databaseName], job.signal);
  const properties = await propertiesToTake(elsewhere, evidence, plan.decision, job.signal);
  const final: Job<RestoreRunInput> = { ...job, signal: new AbortController().signal, pointOfNoReturn: () => job.renewLease() };
  const place = { ...prepared, server: elsewhere };
  const work = async () => {
    await makeRoom(job, place, meter);
    await job.log(`${databaseName} was dropped to make room`);
    return besideLive(final, place, meter, properties).catch((error: unknown) => {
      throw hasLostLease(error) ? error : inPlaceBroken(record, error, false);
    });
  };
  const { done, arrival, downFrom, downTo } = await whileStopped(job, place, meter, () =>
    work().catch(async (error: unknown) => {
      // The application is started next, and must find a database of that name where there can be one.
      await settleOwn(job, record.restore.id, "names");
      throw error;
    }),
  );
  return { ...done, placed: { ...done.placed, downFrom: new Date(downFrom).toISOString(), downTo: new Date(downTo).toISOString(), downtimeMs: downTo - downFrom, health: arrival.health, failure: arrival.failure } };
}

/** Drops the live database, behind a backup where one was asked for. Whatever fails before the drop leaves it as it was. */
async function makeRoom(job: Job<RestoreRunInput>, prepared: Prepared, meter: PhaseMeter): Promise<void> {
  const { databaseName: name, replacesOid, safetyBackup: isBackedUp } = prepared.plan.decision;
  const oid = replacesOid ?? "";
  const drop = async (calledNow: string) => {
    // Stopping and backing up may have taken minutes, and a worker that slept meanwhile has nothing to drop any more.
    await job.pointOfNoReturn();
    if (!(await dropDatabase(prepared.server, { name: calledNow, oid }))) throw restoreErrors.kept_in_use({ name });
  };
  // Also where none is taken: whoever takes this run over gives the name back, and a worker that slept finds nothing to drop under the other one.
  return whileSetAside(job, prepared.server, { name, oid }, async (calledNow) => {
    if (isBackedUp) await safety(job, prepared, meter, calledNow);
    await drop(calledNow);
  });
}

function inPlaceBroken({ plan: { decision } }: Pick<RestoreRecord, "plan">, error: unknown, isWaiting: boolean): AppError {
  return restoreErrors.in_place_broken({ name: decision.databaseName, what: toPublicError(error).message, hasSafety: decision.safetyBackup, isWaiting }, { cause: error });
}

async function prepare(job: Job<RestoreRunInput>): Promise<Prepared> {
  const record = await readRestore(job.ctx, job.input.restoreId);
  const { database } = record;
  const engine = await findEngine();
  const connecting = connectTarget(engine, database, job.signal, job.tag);
  // Its failure is met below, behind what it means for the plan.
  connecting.catch(() => undefined);
  const evidence = await gatherEvidence(job.ctx, job.input.request, { countBudgetMs, runId: job.runId }, job.signal);
  const plan = planRestore(evidence, job.ctx.clock.now());
  // First: a server that is away makes for another plan too, and that would be the lesser reason.
  const blocking = plan.checks.find((check) => check.outcome === "blocking");
  if (blocking) throw restoreErrors.blocked({ what: blocking.title, detail: blocking.detail });
  if (plan.hash !== record.plan.hash) throw restoreErrors.plan_changed({ name: database.name });
  const { server } = await connecting;
  const { file, manifest } = await readFile(job, evidence.backup.id);
  await job.log(`plan ${plan.hash.slice(0, 8)} holds; the live tables hold ${plural(evidence.target.tables?.length ?? 0, "table")}`);
  for (const check of plan.checks.filter((one) => one.outcome === "warning")) await job.log(`${check.title}: ${check.detail}`);
  return { record, engine, server, evidence, plan, file, manifest };
}

async function readFile(job: Job, backupId: string): Promise<{ file: StagedFile; manifest: Manifest }> {
  const backup = await job.ctx.db.backup.findUnique({ where: { id: backupId, deletedAt: null }, include: { manifest: true, copies: { include: { store: true }, orderBy: { storedAt: "asc" } } } });
  const copy = bestCopy(backup?.copies ?? []);
  const manifest = readJson(Manifest, backup?.manifest?.content ?? null);
  if (!copy || !manifest) throw restoreErrors.no_backup({});
  return { file: { store: copy.store, key: copy.key, sizeBytes: toNumber(copy.sizeBytes), sha256: copy.sha256, backupId, copyId: copy.id }, manifest };
}

function preparedSentence({ evidence, plan }: Prepared): string {
  const now = evidence.target.tables;
  const rows = now?.reduce<number | null>((sum, table) => (sum === null || table.rows === null ? null : sum + table.rows), 0) ?? null;
  const live = now === null ? (evidence.target.live ? "the live tables could not be counted" : "nothing is replaced") : rows === null ? `${plural(now.length, "live table")}, not all counted` : `${count(rows)} live rows in ${plural(now.length, "table")}`;
  return `PostgreSQL ${evidence.target.serverVersion ?? ""}, ${live}; plan ${plan.hash.slice(0, 4)} ${plan.hash.slice(4, 8)} holds`;
}

async function safety(job: Job<RestoreRunInput>, prepared: Prepared, meter: PhaseMeter, calledNow: string): Promise<void> {
  const { id, options } = prepared.record.database;
  // Whole, whatever its backups leave out: what is dropped exists nowhere else.
  const whole = { ...readJson(BackupOptions, options), excludeTables: [], excludeTableData: [] };
  const input = StartBackupInput.parse({ databaseId: id, options: whole, label: "before restore", note: `Before run ${job.runId}: ${prepared.record.restore.reason}` });
  await meter.time("safety", () => job.step("safety", () => safetyBackup(job, input, calledNow), (found) => `${bytes(found.sizeBytes ?? 0)} stored and read back`));
}

async function load(job: Job<RestoreRunInput>, { record, server, evidence, plan, file }: Prepared, properties?: DatabaseProperties): Promise<Staged> {
  const { restore } = record;
  const name = stagingName(plan.decision.targetName, job.runId);
  await updateOwnRestore(job, restore.id, { state: "staging", stagingName: name });
  const target = { server, evidence, decision: plan.decision, name, file, ...(properties ? { properties } : {}) };
  return takeBackProof(job, file, () => stage(job, target, (staging) => updateOwnRestore(job, restore.id, { restoredOid: staging.oid })));
}

async function compare(job: Job<RestoreRunInput>, prepared: Prepared, staged: Staged): Promise<Comparison> {
  const { record, manifest } = prepared;
  // Beside each other: both only read, each with a core of its own.
  const statistics = gatherStatistics(job, staged.server);
  const comparison = await compareWithManifest(staged.server, manifest, job.signal, accessChoices(prepared, staged)).finally(() => statistics);
  if (!comparison.tables.length) throw restoreErrors.differs({ differences: ["it has no tables"], total: 1 });
  const lost = comparison.differences.filter((difference) => isAboutRows(difference));
  if (lost.length > 0) throw restoreErrors.differs({ differences: lost.map(differenceWords), total: lost.length });
  const exceptions = [...staged.failures, ...comparison.differences.map(differenceWords)];
  // What was compared is on record from here on: whoever finds it after a crash knows what it is worth.
  await updateOwnRestore(job, record.restore.id, { outcome: writeJson(outcomeOfCompare(prepared, comparison, exceptions)) });
  // Before it is called staged: whoever finds it then can give it its name as it is.
  const elsewhere = await maintenance(prepared.server, [prepared.plan.decision.databaseName, staged.name], job.signal);
  await dressUp(elsewhere, staged.name, prepared.plan, staged.properties, job.signal);
  if (exceptions.length > 0) {
    const size = await databaseBytes(elsewhere, staged.name, job.signal).catch(() => null);
    await updateOwnRestore(job, record.restore.id, { state: "staged_incomplete", keptBytes: size === null ? null : BigInt(size) });
    throw restoreErrors.incomplete({ failures: exceptions });
  }
  await updateOwnRestore(job, record.restore.id, { state: "staged" });
  return comparison;
}

/** What was decided about roles, and by whom the archive was loaded. */
function accessChoices({ evidence, plan }: Pick<Prepared, "evidence" | "plan">, { properties }: Pick<Staged, "properties">): AccessChoices {
  const replaced = Object.entries(plan.decision.roles).flatMap(([role, choice]): [string, string][] => (choice.do === "create" ? [] : [[role, choice.do === "map" ? choice.to : properties.owner]]));
  return { replaced: new Map(replaced), ownersLost: losesOwners(evidence) };
}

/** A difference that means rows are missing or wrong; the others are about what stands behind the data. */
function isAboutRows({ what }: Difference): boolean {
  return what === "rows" || what === "table_missing" || what === "contents" || what === "large_objects";
}

function differenceWords({ what, name, expected, got }: Difference): string {
  switch (what) {
    case "table_missing":
      return `${name} is missing`;
    case "table_extra":
      return `${name} is there and should not be`;
    case "schema":
      return "the schema's fingerprint is another one";
    default:
      return `${name}: ${got} instead of ${expected}`;
  }
}

function comparedSentence({ notCompared }: Comparison, manifest: Manifest): string {
  const tables = manifest.tables.filter((table) => table.kind === "table" && table.excluded === "no").length;
  return `${plural(tables, "table")} equal to the manifest${notCompared.length > 0 ? `; not compared: ${notCompared.join(" ")}` : ""}`;
}

interface Conclusion {
  prepared: Prepared;
  comparison: Comparison;
  placed: Placed;
  started: number;
  meter: PhaseMeter;
}

async function conclude(job: Job<RestoreRunInput>, { prepared, comparison, placed, started, meter }: Conclusion): Promise<JobResult> {
  const { record, evidence, plan } = prepared;
  const outcome: RestoreOutcome = { ...outcomeOfCompare(prepared, comparison, []), phases: meter.phases, closedSessions: placed.closedSessions, downFrom: placed.downFrom, downTo: placed.downTo, health: placed.health };
  await updateOwnRestore(job, record.restore.id, { outcome: writeJson(outcome), finishedAt: job.ctx.clock.now(), totalMs: placed.failure ? null : Date.now() - started, downtimeMs: placed.downtimeMs });
  if (placed.failure) throw placed.failure;
  const rows = outcome.compared.rows;
  return {
    backupId: record.restore.backupId,
    sentence: `Restored ${plan.decision.targetName} to ${evidence.backup.takenAt.slice(0, 19).replace("T", " ")} UTC`,
    records: rows,
    sizeBytes: evidence.backup.sizeBytes,
    result: { restoreId: record.restore.id },
    after: { method: plan.decision.method, tables: outcome.compared.tables, downtimeMs: placed.downtimeMs, kept: placed.keptName },
  };
}

