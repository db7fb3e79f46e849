import "server-only";
import { applicationOf } from "@/lib/databases/application";
import type { Health } from "@/lib/docker/application";
import type { AppError } from "@/lib/errors";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { postgresErrors } from "@/lib/postgres/errors";
import { databaseBytes, maintenance, namesByOid } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import { swapDatabases, type Swapped } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
import { whileStopped, type Arrival, type Standstill } from "./application";
import { restoreErrors } from "./errors";
import { beforeName } from "./names";
import { PhaseMeter } from "./phase-meter";
import { identityOf, updateOwnRestore } from "./record";
import { swapBack } from "./swap-back";

export interface Placement extends Standstill {
  staged: { name: string; oid: string };
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

/** Each piece of work after the point of no return is bounded by this, and by nothing else. */
const finalPatienceMs = 10 * 60_000;

/**
 * Makes the verified staging database, dressed already, the one that people use: application stopped, names swapped, application
 * started, its address answering. Once the application is down the run cannot be cancelled any more. What fails from the stop on and before the
 * rename leaves the staging database for `settleRestore`, with which it waits for a decision.
 */
export async function putInPlace(job: Job, placement: Placement, meter: PhaseMeter): Promise<Placed> {
  const { record, plan, staged } = placement;
  const elsewhere = await maintenance(placement.server, [plan.decision.databaseName, plan.decision.targetName, staged.name], job.signal);
  await requireSame(elsewhere, placement, job.signal);
  if (plan.decision.method !== "swap" || plan.decision.replacesOid === null) {
    await job.pointOfNoReturn();
    await meter.time("swap", () => job.step("swap", () => giveName(job, elsewhere, placement), () => `it is called ${plan.decision.targetName} now`));
    return { closedSessions: 0, downFrom: null, downTo: null, downtimeMs: null, keptName: null, health: null, failure: null };
  }
  const { done, arrival, downFrom, ...swapped } = await whileStopped(job, placement, meter, async () => {
    await job.pointOfNoReturn();
    const final = AbortSignal.timeout(finalPatienceMs);
    return meter.time("swap", () => job.step("swap", () => swap(job, elsewhere, placement, final), ({ closed, ms }) => `${closed} connections closed, ${duration(ms)}`));
  });
  const undone = arrival.failure && plan.decision.undoIfUnhealthy ? await undoByItself(job, placement, arrival) : null;
  const downTo = undone?.downTo ?? swapped.downTo;
  return {
    closedSessions: done.closed,
    downFrom: new Date(downFrom).toISOString(),
    downTo: new Date(downTo).toISOString(),
    downtimeMs: downTo - downFrom,
    keptName: beforeName(plan.decision.databaseName, record.restore.runId),
    health: arrival.health,
    failure: undone?.failure ?? arrival.failure,
  };
}

/** Both databases of a swap by their own identities, before anything is stopped for it. Throws `postgres.swap_changed`. */
async function requireSame(elsewhere: Server, { plan: { decision }, staged }: Placement, signal: AbortSignal): Promise<void> {
  const { method, replacesOid, databaseName } = decision;
  if (method !== "swap" || replacesOid === null) return;
  const names = await namesByOid(elsewhere, [replacesOid, staged.oid], signal);
  if (names.get(replacesOid) !== databaseName || names.get(staged.oid) !== staged.name) throw postgresErrors.swap_changed({ container: elsewhere.container.name, name: databaseName });
}

async function giveName(job: Job, elsewhere: Server, { record, plan, staged }: Placement): Promise<void> {
  const { targetName, method } = plan.decision;
  await updateOwnRestore(job, record.restore.id, { state: "swapping" });
  await swapDatabases(elsewhere, { live: null, name: targetName, incoming: staged, keptName: "" }, AbortSignal.timeout(finalPatienceMs));
  const now = job.ctx.clock.now();
  await updateOwnRestore(job, record.restore.id, { state: method === "beside" ? "created" : "swapped", swappedAt: now, stagingName: null }, method === "beside" ? undefined : identityOf(record, staged.oid, elsewhere));
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
  await updateOwnRestore(job, record.restore.id, { state: "swapped", swappedAt: job.ctx.clock.now(), stagingName: null, ...(size === null ? {} : { keptBytes: BigInt(size) }) }, identityOf(record, staged.oid, elsewhere));
  await job.log(`the database from before is kept as ${keptName}${size === null ? "" : `, ${bytes(size)}`}`);
  return done;
}

/** The same swap the other way round, around an application that is stopped for it again and whose second answer is told as well. */
async function undoByItself(job: Job, placement: Placement, first: Arrival): Promise<{ failure: AppError; downTo: number }> {
  const { record, plan, server } = placement;
  const { targetName } = plan.decision;
  await job.warn(`${first.failure?.message ?? ""} It is undone, as the plan said.`);
  const { arrival, downTo } = await whileStopped(job, placement, new PhaseMeter(), () => swapBack(job, { restoreId: record.restore.id, server }, AbortSignal.timeout(finalPatienceMs)));
  const failure = restoreErrors.undone_unhealthy({
    name: targetName,
    why: whyUndone(placement, first),
    now: arrival.failure ? `The application is not up with it either: ${arrival.sentence}.` : `The application is up with it: ${arrival.sentence}.`,
  });
  return { failure, downTo };
}

function whyUndone({ record, plan: { decision } }: Placement, { health, failure }: Arrival): string {
  if (failure?.code === "restore.silent") return `What was restored as ${decision.targetName} did not answer a first query`;
  return `The application did not come up within ${applicationOf(record.database).healthSeconds} s (${decision.healthUrl ?? ""} ${health?.detail ?? "did not start"})`;
}
