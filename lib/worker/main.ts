import "server-only";
import path from "node:path";
import { Deliverer } from "@/lib/alerts/deliver";
import { systemClock } from "@/lib/clock";
import { db } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { dutiesOf } from "./duties";
import { keep, type Duty, type Kept } from "./duty";
import type { Worker } from "./execute";
import { installationId, isGone, workerIdentity } from "./identity";
import { Loop } from "./loop";

/** What is being sent when the worker is told to stop may still arrive; after that another process sends it again. */
const deliverGraceMs = 3_000;
/** How long a running backup may still finish after the worker was told to stop. */
const graceMs = Number(process.env["HOLDFAST_DRAIN_SECONDS"] ?? 20) * 1_000;

async function main(): Promise<void> {
  await migrate(env.databaseUrl, path.resolve("prisma/migrations"));
  const worker: Worker = { id: workerIdentity(), db, installation: await installationId(db) };
  await db.worker.create({ data: { id: worker.id, startedAt: new Date(), heartbeatAt: new Date() } });
  const loop = new Loop(worker);
  const deliverer = new Deliverer({ db, clock: systemClock }, worker.id, (by) => isGone(by, worker.id));
  const kept = keepAll(dutiesOf(worker, loop, deliverer));
  const stop = once(async (signal: string) => {
    log.info({ signal }, "worker stopping");
    await loop.stop(graceMs);
    Object.values(kept).forEach((duty) => duty.stop());
    await deliverer.stop(deliverGraceMs);
    await db.worker.update({ where: { id: worker.id }, data: { stoppedAt: new Date() } });
    await db.$disconnect();
    process.exit(0);
  });
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));

  await kept.heartbeat.round();
  log.info({ worker: worker.id }, "worker started");
  await kept.settings.round();
  // Not waited for: a disk that does not answer must keep no run from starting.
  void kept.stores.round();
  await kept.sweep.round();
  await kept.restores.round();
  await loop.run();
}

function keepAll<Name extends string>(duties: Record<Name, Duty>): Record<Name, Kept> {
  return Object.fromEntries(Object.entries<Duty>(duties).map(([name, duty]) => [name, keep(duty)])) as Record<Name, Kept>;
}

function once<A extends unknown[]>(work: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  let started: Promise<void> | undefined;
  return (...args) => (started ??= work(...args));
}

main().catch((error: unknown) => {
  log.fatal({ err: error }, "the worker could not start");
  process.exit(1);
});
