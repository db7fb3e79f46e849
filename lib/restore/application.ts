import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { applicationOf } from "@/lib/databases/application";
import { readJson, writeJson } from "@/lib/db/codecs";
import { restartContainer, startApplication, stopApplication, untilHealthy, type Health } from "@/lib/docker/application";
import type { Engine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { duration } from "@/lib/format/durations";
import { execute } from "@/lib/postgres/maintenance";
import { withDatabase, type Server } from "@/lib/postgres/server";
import type { Job } from "@/lib/runs/job";
import { restoreErrors } from "./errors";
import type { PhaseMeter } from "./phase-meter";
import { updateOwnRestore, type RestoreRecord } from "./record";
import { StoppedContainers, type RestorePlan } from "./schemas";

/** A restore whose application is stopped and started, and the server that it uses. */
export interface Standstill {
  record: RestoreRecord;
  engine: Engine;
  server: Server;
  plan: RestorePlan;
}

/** How the application came up again. */
export interface Arrival {
  sentence: string;
  health: Health | null;
  /** It is told, not thrown: what was done behind its back is done. */
  failure: AppError | null;
}

export interface Interruption<T> {
  done: T;
  arrival: Arrival;
  /** Milliseconds since 1970. */
  downFrom: number;
  downTo: number;
}

/** Starting and waiting is bounded by this, and by nothing else. */
const patienceMs = 10 * 60_000;
/** The first query to what was put in place. */
const mostTries = 3;
const betweenTriesMs = 500;

/**
 * Stops the application, does `work`, starts it again and waits until its address answers. Until the work says otherwise the run can be
 * cancelled. Whatever becomes of the work, nobody's application stays stopped: what this run stopped is started even when another worker has settled the restore meanwhile.
 */
export async function whileStopped<T>(job: Job, place: Standstill, meter: PhaseMeter, work: () => Promise<T>): Promise<Interruption<T>> {
  const downFrom = Date.now();
  const own: Stopped = new Map();
  let finished: { done: T } | null = null;
  try {
    await stopStep(job, place, meter, own);
    finished = { done: await work() };
  } finally {
    if (!finished) await startAgain(job, place.engine, place.record.restore.id, own).catch((error: unknown) => job.warn(`The application could not be started yet: ${error instanceof Error ? error.message : String(error)}`));
  }
  const arrival = await meter.time("start_application", () => job.step("start_application", () => comeUp(job, place, own), (found) => found.sentence));
  return { ...finished, arrival, downFrom, downTo: Date.now() };
}

/** Containers that were stopped, and whether each was seen to be down. */
type Stopped = Map<string, boolean>;

/** Stops what runs; the names of what is being stopped are on record, and in `own`, before it is. */
async function stopStep(job: Job, { record, engine, plan }: Standstill, meter: PhaseMeter, own: Stopped): Promise<void> {
  const { restore, database } = record;
  const { stopSeconds } = applicationOf(database);
  const { stops } = plan.decision;
  if (stops.length === 0) return;
  // What could not be started after an earlier stop is still to be started.
  for (const [name, isDown] of stoppedIn((await readStopped(job.ctx, restore.id)).stopped)) own.set(name, isDown);
  const remember = (stopped: Stopped) => updateOwnRestore(job, restore.id, { stopped: columnOf(stopped) });
  const listener = {
    stopping: async (name: string) => {
      // Each may take minutes to go: a cancel is heard between them.
      await job.renewLease();
      await remember(new Map(own).set(name, false));
      own.set(name, false);
    },
    down: async (name: string) => {
      await remember(own.set(name, true));
    },
  };
  await meter.time("stop_application", () => job.step("stop_application", () => stopApplication(engine, stops, stopSeconds, listener), (names) => (names.length > 0 ? names.join(", ") : "none was running")));
}

/**
 * Starts what the row says was stopped, and `own`, which this run stopped even if another worker has cleared the row since. Each name is
 * taken off the row once it runs. Every one is tried before a failure is thrown.
 */
export async function startAgain({ ctx }: Pick<Job, "ctx">, engine: Engine, restoreId: string, own: ReadonlyMap<string, boolean> = new Map()): Promise<void> {
  const { stopped, stopSeconds } = await readStopped(ctx, restoreId);
  const onRecord = stoppedIn(stopped);
  let failure: unknown;
  for (const [name, isDown] of [...new Map([...own, ...onRecord])].reverse()) {
    const starting = isDown ? startApplication(engine, [name]) : restartContainer(engine, name, stopSeconds);
    // One that is on record only since then was stopped by somebody else, who is not done with it.
    await starting.then(() => (onRecord.has(name) ? takeOff(ctx, restoreId, name) : undefined), (error: unknown) => (failure ??= error));
  }
  if (failure) throw failure;
}

async function readStopped({ db }: Job["ctx"], restoreId: string): Promise<{ stopped: string | null; stopSeconds: number }> {
  const { stopped, database } = await db.restore.findUniqueOrThrow({ where: { id: restoreId }, select: { stopped: true, database: { select: { application: true } } } });
  return { stopped, stopSeconds: applicationOf(database).stopSeconds };
}

function stoppedIn(column: string | null): Stopped {
  return new Map((readJson(StoppedContainers, column) ?? []).map(({ name, isDown }) => [name, isDown]));
}

function columnOf(stopped: Stopped): string | null {
  return stopped.size > 0 ? writeJson([...stopped].map(([name, isDown]) => ({ name, isDown }))) : null;
}

/** Another worker may add to the list at the same moment: it is changed only as it was read. */
async function takeOff(ctx: Job["ctx"], restoreId: string, name: string): Promise<void> {
  for (;;) {
    const { stopped } = await readStopped(ctx, restoreId);
    const left = stoppedIn(stopped);
    if (!left.delete(name)) return;
    const { count } = await ctx.db.restore.updateMany({ where: { id: restoreId, stopped }, data: { stopped: columnOf(left) } });
    if (count === 1) return;
  }
}

/** Starts the application and waits until its address answers. A database that answers nobody is told as well: the application is not waited for then. */
async function comeUp(job: Job, { record, engine, plan, server }: Standstill, own: ReadonlyMap<string, boolean>): Promise<Arrival> {
  const signal = AbortSignal.timeout(patienceMs);
  const name = plan.decision.targetName;
  const { healthSeconds } = applicationOf(record.database);
  const silence = await firstAnswer(server, name, signal);
  try {
    await startAgain(job, engine, record.restore.id, own);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const container = String(error.details["container"] ?? plan.decision.stops.join(", "));
    return { sentence: error.message, health: null, failure: restoreErrors.application_down({ name, container }, { cause: error }) };
  }
  if (silence) return { sentence: silence.message, health: null, failure: silence };
  const url = plan.decision.healthUrl;
  if (!url) return { sentence: plan.decision.stops.length > 0 ? "started; no health address is set" : "no application containers are named", health: null, failure: null };
  const health = await untilHealthy(url, healthSeconds, signal);
  const failure = health.ok ? null : restoreErrors.unhealthy({ name, url, detail: health.detail, seconds: healthSeconds });
  return { sentence: `${url} ${health.detail} after ${duration(health.ms)}`, health, failure };
}

/** Why the database that is live now does not answer; null when it does. Whoever comes back at once may take the last connection for a moment. */
async function firstAnswer(server: Server, name: string, signal: AbortSignal): Promise<AppError | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      await execute(withDatabase(server, name), "the restored database was asked", "SELECT 1;", {}, signal);
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // An Engine that is away says nothing of the database; whether the application works is asked next.
      if (tries === mostTries && !error.code.startsWith("postgres.")) return null;
      if (tries === mostTries) return restoreErrors.silent({ name, stderr: String(error.details["stderr"] ?? "") }, { cause: error });
      await sleep(betweenTriesMs);
    }
  }
}
