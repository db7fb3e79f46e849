import "server-only";
import { hostname } from "node:os";
import path from "node:path";
import { Deliverer } from "@/lib/alerts/deliver";
import { pruneAlerts } from "@/lib/alerts/outbox";
import { watchConditions } from "@/lib/alerts/watch";
import { workersConditions } from "@/lib/alerts/who-watches";
import { checkChainDaily } from "@/lib/audit/check-chain";
import { systemClock } from "@/lib/clock";
import { configPlaces } from "@/lib/config/locate";
import { lookAtConfig, type LastLook } from "@/lib/config/look";
import type { Context } from "@/lib/context";
import { db } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { findEngine } from "@/lib/docker/engine";
import { startDueDrill } from "@/lib/drill/schedule";
import { env } from "@/lib/env";
import { toPublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import { closeIdleLooks } from "@/lib/look/sweep";
import { pruneDue } from "@/lib/retention/prune-due";
import { removeAbandonedUploads } from "@/lib/upload/sweep";
import type { Worker } from "./execute";
import { installationId, isGone, workerIdentity } from "./identity";
import { Loop } from "./loop";
import { runSchedules } from "./scheduler";
import { removeUnneededScratch } from "./scratch";
import { sweep } from "./sweep";
import { tendTables } from "./tend-tables";
import { tendRestores } from "./tend-restores";
import { watchFiles } from "./watch-files";
import { watchStores } from "./watch-stores";

const heartbeatMs = 10_000;
const sweepMs = 20_000;
const restoresMs = 5_000;
const storesMs = 60_000;
const schedulesMs = 5_000;
const configMs = 5_000;
const pruneMs = 30_000;
const drillsMs = 5_000;
const alertsMs = 15_000;
const deliverMs = 2_000;
const pruneAlertsMs = 3_600_000;
const chainMs = 300_000;
/** What is being sent when the worker is told to stop may still arrive; after that another process sends it again. */
const deliverGraceMs = 3_000;
/** How long a running backup may still finish after the worker was told to stop. */
const graceMs = Number(process.env["HOLDFAST_DRAIN_SECONDS"] ?? 20) * 1_000;

async function main(): Promise<void> {
  await migrate(env.databaseUrl, path.resolve("prisma/migrations"));
  const worker: Worker = { id: workerIdentity(), db, installation: await installationId(db) };
  await db.worker.create({ data: { id: worker.id, startedAt: new Date(), heartbeatAt: new Date() } });
  await heartbeat(worker);
  log.info({ worker: worker.id }, "worker started");

  const loop = new Loop(worker);
  const ctx = { db, clock: systemClock };
  const deliverer = new Deliverer(ctx, worker.id, (by) => isGone(by, worker.id));
  const startedAt = new Date();
  const timers = [
    setInterval(() => void heartbeat(worker), heartbeatMs),
    setInterval(() => void sweepAll(worker, loop), sweepMs),
    setInterval(() => void tend(worker), restoresMs),
    setInterval(() => void lookAtStores(), storesMs),
    setInterval(() => void lookAtFiles(), storesMs),
    setInterval(() => void schedule(worker), schedulesMs),
    setInterval(() => void lookAtSettings(worker), configMs),
    setInterval(() => void prune(worker), pruneMs),
    setInterval(() => void drill(worker), drillsMs),
    setInterval(() => void logged(watchConditions(ctx, workersConditions, startedAt), "what has to be told could not be looked at"), alertsMs),
    setInterval(() => void logged(deliverer.round(), "notifications could not be sent"), deliverMs),
    setInterval(() => void logged(checkChainDaily(ctx), "the audit log could not be checked"), chainMs),
    setInterval(() => void logged(pruneAlerts(ctx), "old notifications could not be forgotten"), pruneAlertsMs),
  ];
  const stop = once(async (signal: string) => {
    log.info({ signal }, "worker stopping");
    await loop.stop(graceMs);
    timers.forEach(clearInterval);
    await deliverer.stop(deliverGraceMs);
    await db.worker.update({ where: { id: worker.id }, data: { stoppedAt: new Date() } });
    await db.$disconnect();
    process.exit(0);
  });
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));

  await lookAtSettings(worker);
  // Not waited for: a disk that does not answer must keep no run from starting.
  void lookAtStores();
  await sweepAll(worker, loop);
  await tend(worker);
  await loop.run();
}

async function drill(worker: Worker): Promise<void> {
  const ctx: Context = { actor: { kind: "schedule", id: null, name: "Drill policy", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db: worker.db };
  await startDueDrill(ctx).catch((error: unknown) => log.error({ err: error }, "drills could not be scheduled"));
}

async function logged(work: Promise<unknown>, failure: string): Promise<void> {
  await work.catch((error: unknown) => log.error({ err: error }, failure));
}

let tending = false;

/** One at a time: a server that does not answer must not be asked by several at once. */
async function tend(worker: Worker): Promise<void> {
  if (tending) return;
  tending = true;
  await tendRestores(worker).catch((error: unknown) => log.error({ err: error }, "restores could not be tended"));
  tending = false;
}

let scheduling = false;
let scheduledAt: Date | null = null;

async function schedule(worker: Worker): Promise<void> {
  if (scheduling) return;
  scheduling = true;
  await runSchedules(worker.db).then(
    () => (scheduledAt = new Date()),
    (error: unknown) => log.error({ err: error }, "schedules could not be looked after"),
  );
  scheduling = false;
}

/** Lost runs first: their scratch servers are not needed from then on. */
async function sweepAll(worker: Worker, loop: Loop): Promise<void> {
  await sweep(worker, (runId) => loop.isActive(runId)).catch((error: unknown) => log.error({ err: error }, "sweep failed"));
  await tendTables(worker).catch((error: unknown) => log.error({ err: error }, "restores of tables could not be looked after"));
  await closeIdleLooks(worker.db).catch((error: unknown) => log.warn({ err: error }, "looks could not be closed"));
  await removeUnneededScratch(worker).catch((error: unknown) => log.warn({ err: error }, "scratch servers could not be looked for"));
}

async function prune(worker: Worker): Promise<void> {
  const ctx: Context = { actor: { kind: "system", id: null, name: "Retention", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db };
  await pruneDue(ctx).catch((error: unknown) => log.error({ err: error }, "the clean-up could not be planned"));
}

const lastLook: LastLook = { seen: null };
let applying = false;

/** What a file of settings says, before anything else is done and whenever it changes. */
async function lookAtSettings(worker: Worker): Promise<void> {
  if (applying) return;
  applying = true;
  const origin = worker.id.split(":")[0] ?? worker.id;
  await lookAtConfig({ db: worker.db, clock: systemClock, origin }, configPlaces(), lastLook).catch((error: unknown) => log.error({ err: error }, "the file of settings could not be applied"));
  applying = false;
}

let looking = false;

/** One look at a time. No file is read here: whether a store is there must be known while many files are looked at. */
async function lookAtStores(): Promise<void> {
  if (looking) return;
  looking = true;
  await watchStores(db).catch((error: unknown) => log.error({ err: error }, "the stores could not be looked at"));
  looking = false;
}

let lookingAtFiles = false;

async function lookAtFiles(): Promise<void> {
  if (lookingAtFiles) return;
  lookingAtFiles = true;
  const ctx: Context = { actor: { kind: "system", id: null, name: "Holdfast", origin: hostname() }, clock: systemClock, db };
  await removeAbandonedUploads(db).catch((error: unknown) => log.error({ err: error }, "abandoned uploads could not be removed"));
  await watchFiles(ctx).catch((error: unknown) => log.error({ err: error }, "the stored files could not be looked at"));
  lookingAtFiles = false;
}

/** Says that this worker lives, and whether the engine answers it. A failure here is only logged: silence tells the rest. */
async function heartbeat(worker: Worker): Promise<void> {
  try {
    const engine = await findEngine().then(
      ({ version }) => ({ engineVersion: version, engineProblem: null }),
      (error: unknown) => ({ engineVersion: null, engineProblem: toPublicError(error).message }),
    );
    await worker.db.worker.update({ where: { id: worker.id }, data: { heartbeatAt: new Date(), scheduledAt, ...engine } });
  } catch (error) {
    log.error({ err: error }, "heartbeat failed");
  }
}

function once<A extends unknown[]>(work: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  let started: Promise<void> | undefined;
  return (...args) => (started ??= work(...args));
}

main().catch((error: unknown) => {
  log.fatal({ err: error }, "the worker could not start");
  process.exit(1);
});
