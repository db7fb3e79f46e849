import "server-only";
import { applicationOf } from "@/lib/databases/application";
import { writeJson } from "@/lib/db/codecs";
import { startApplication, stopApplication, untilHealthy, type Health } from "@/lib/docker/application";
import type { Engine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { databaseBytes, execute, maintenance } from "@/lib/postgres/maintenance";
import { applyProperties, differingProperties, readProperties, type DatabaseProperties } from "@/lib/postgres/properties";
import { withDatabase, type Server } from "@/lib/postgres/server";
import { swapDatabases, type Swapped } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
import { restoreErrors } from "./errors";
import { beforeName } from "./names";
import { updateOwnRestore, updateRestore, type RestoreRecord } from "./record";
import type { PhaseMeter } from "./run";
import { swapBack } from "./swap-back";
import type { RestorePlan } from "./schemas";

export interface Placement {
  record: RestoreRecord;
  engine: Engine;
  server: Server;
  plan: RestorePlan;
  staged: { name: string; oid: string; server: Server; properties: DatabaseProperties };
}

export interface Placed {
  closedSessions: number;
  downFrom: string | null;
  downTo: string | null;
  downtimeMs: number | null;
  keptName: string | null;
  health: Health | null;
  /** What went wrong after the restored database was live: it is, and this has to be said. */
  failure: AppError | null;
}

/** Work after the point of no return is bounded by this, and by nothing else. */
const finalPatienceMs = 10 * 60_000;

/**
 * Makes the verified staging database the one that people use: own properties, application stopped, names swapped, application
 * started, its address answering. Between stop and start the run cannot be cancelled.
 */
export async function putInPlace(job: Job, placement: Placement, meter: PhaseMeter): Promise<Placed> {
  const { record, plan, staged } = placement;
  const elsewhere = await maintenance(placement.server, [plan.decision.databaseName, plan.decision.targetName, staged.name], job.signal);
  await dressUp(job, elsewhere, placement);
  if (plan.decision.method !== "swap" || plan.decision.replacesOid === null) {
    await job.pointOfNoReturn();
    await meter.time("swap", () => job.step("swap", () => giveName(job, elsewhere, placement), () => `it is called ${plan.decision.targetName} now`));
    return { closedSessions: 0, downFrom: null, downTo: null, downtimeMs: null, keptName: null, health: null, failure: null };
  }
  await job.pointOfNoReturn();
  const final = AbortSignal.timeout(finalPatienceMs);
  const downFrom = Date.now();
  let swapped: Swapped | null = null;
  try {
    await stopStep(job, placement, meter);
    swapped = await meter.time("swap", () => job.step("swap", () => swap(job, elsewhere, placement, final), (done) => `${done.closed} connections closed, ${duration(done.ms)}`));
  } finally {
    // Whatever became of the swap, nobody's application stays stopped.
    if (!swapped) await startAgain(job, placement.engine, record.restore.id).catch((error: unknown) => job.warn(`The application could not be started yet: ${error instanceof Error ? error.message : String(error)}`));
  }
  const after = await startStep(job, placement, meter);
  const downTo = Date.now();
  const failure = after.failure && plan.decision.undoIfUnhealthy ? await undoByItself(job, placement, after, final) : after.failure;
  return {
    closedSessions: swapped.closed,
    downFrom: new Date(downFrom).toISOString(),
    downTo: new Date(downTo).toISOString(),
    downtimeMs: downTo - downFrom,
    keptName: beforeName(plan.decision.databaseName, record.restore.runId),
    health: after.health,
    failure,
  };
}

/** Stops the application where there is one; the names of what is being stopped are on record before it is. */
export async function stopStep(job: Job, { record, engine, plan }: Pick<Placement, "record" | "engine" | "plan">, meter: PhaseMeter): Promise<void> {
  const { stopSeconds } = applicationOf(record.database);
  const { stops } = plan.decision;
  if (stops.length === 0) return;
  const stop = () => stopApplication(engine, stops, stopSeconds, (stopping) => updateOwnRestore(job, record.restore.id, { stopped: writeJson(stopping) }));
  await meter.time("stop_application", () => job.step("stop_application", stop, (names) => (names.length > 0 ? names.join(", ") : "none was running")));
}

/** Starts the application again and waits for it. */
export function startStep(job: Job, placement: Pick<Placement, "record" | "engine" | "plan" | "server">, meter: PhaseMeter): Promise<Arrival> {
  return meter.time("start_application", () => job.step("start_application", () => comeUp(job, placement, AbortSignal.timeout(finalPatienceMs)), (found) => found.sentence));
}

/** Owner, grants, settings and limits of the database itself, compared before anything live is touched. */
async function dressUp(job: Job, elsewhere: Server, { staged, plan }: Placement): Promise<void> {
  const isNew = plan.decision.method === "beside";
  const wanted = isNew ? { ...staged.properties, isTemplate: false } : staged.properties;
  await applyProperties(elsewhere, staged.name, wanted, job.signal);
  const got = await readProperties(elsewhere, staged.name, job.signal);
  const names = got ? differingProperties(wanted, got) : ["everything"];
  if (names.length > 0) throw restoreErrors.properties_differ({ names });
}

async function giveName(job: Job, elsewhere: Server, { record, plan, staged }: Placement): Promise<void> {
  const { targetName, method } = plan.decision;
  await updateOwnRestore(job, record.restore.id, { state: "swapping" });
  await swapDatabases(elsewhere, { live: null, name: targetName, incoming: staged, keptName: "" }, AbortSignal.timeout(finalPatienceMs));
  const now = job.ctx.clock.now();
  await updateOwnRestore(job, record.restore.id, { state: method === "beside" ? "created" : "swapped", swappedAt: now, stagingName: null });
  if (method !== "beside") await rememberIdentity(job, record, staged.oid, elsewhere);
}

async function swap(job: Job, elsewhere: Server, { record, plan, staged }: Placement, signal: AbortSignal): Promise<Swapped> {
  const { databaseName, replacesOid, keepHours } = plan.decision;
  const previous = { oid: replacesOid ?? "" };
  const keptName = beforeName(databaseName, record.restore.runId);
  const kept = { keptName, keptBytes: null, keptUntil: new Date(job.ctx.clock.now().getTime() + keepHours * 3_600_000) };
  // The names are on record before they are given, so that whoever looks after a crash knows what to look for.
  await updateOwnRestore(job, record.restore.id, { state: "swapping", ...kept });
  await job.renewLease();
  const done = await swapDatabases(elsewhere, { live: previous, name: databaseName, incoming: staged, keptName }, signal);
  const size = await databaseBytes(elsewhere, keptName).catch(() => null);
  await updateOwnRestore(job, record.restore.id, { state: "swapped", swappedAt: job.ctx.clock.now(), stagingName: null, ...(size === null ? {} : { keptBytes: BigInt(size) }) });
  await rememberIdentity(job, record, staged.oid, elsewhere);
  await job.log(`the database from before is kept as ${keptName}${size === null ? "" : `, ${bytes(size)}`}`);
  return done;
}

/** The registered database has another OID from now on; without this the next backup would take it for a stranger. */
export async function rememberIdentity(job: Job, { database }: Pick<RestoreRecord, "database">, oid: string, server: Server): Promise<void> {
  await job.ctx.db.database.update({ where: { id: database.id }, data: { systemIdentifier: server.facts.systemIdentifier, databaseOid: oid } });
}

/** Starts what was stopped, and takes it off the list only then. */
export async function startAgain(job: Pick<Job, "ctx">, engine: Engine, restoreId: string): Promise<void> {
  const row = await job.ctx.db.restore.findUnique({ where: { id: restoreId }, select: { stopped: true } });
  const stopped = row?.stopped ? (JSON.parse(row.stopped) as string[]) : [];
  if (stopped.length === 0) return;
  await startApplication(engine, stopped);
  await updateRestore(job.ctx, restoreId, { stopped: null });
}

export interface Arrival {
  sentence: string;
  health: Health | null;
  failure: AppError | null;
}

/** Starts the application and waits until its address answers. What fails here is told, not thrown: the restored database is live. */
async function comeUp(job: Job, { record, engine, plan, server }: Pick<Placement, "record" | "engine" | "plan" | "server">, signal: AbortSignal): Promise<Arrival> {
  const name = plan.decision.targetName;
  const { healthSeconds } = applicationOf(record.database);
  await execute(withDatabase(server, name), "the restored database was asked", "SELECT 1;", {}, signal);
  try {
    await startAgain(job, engine, record.restore.id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const container = String(error.details["container"] ?? plan.decision.stops.join(", "));
    return { sentence: error.message, health: null, failure: restoreErrors.application_down({ name, container }, { cause: error }) };
  }
  const url = plan.decision.healthUrl;
  if (!url) return { sentence: plan.decision.stops.length > 0 ? "started; no health address is set" : "no application containers are named", health: null, failure: null };
  const health = await untilHealthy(url, healthSeconds, signal);
  const failure = health.ok ? null : restoreErrors.unhealthy({ name, url, detail: health.detail, seconds: healthSeconds });
  return { sentence: `${url} ${health.detail} after ${duration(health.ms)}`, health, failure };
}

async function undoByItself(job: Job, { record, plan, server }: Placement, arrival: Arrival, signal: AbortSignal): Promise<AppError | null> {
  const { healthUrl, targetName } = plan.decision;
  await job.warn(`${arrival.failure?.message ?? ""} It is undone, as the plan said.`);
  await swapBack(job, { restoreId: record.restore.id, server }, signal);
  const { healthSeconds } = applicationOf(record.database);
  return restoreErrors.undone_unhealthy({ name: targetName, url: healthUrl ?? "", detail: arrival.health?.detail ?? "did not start", seconds: healthSeconds });
}
