import "server-only";
import type { Context } from "@/lib/context";
import { writeJson } from "@/lib/db/codecs";
import type { Restore, Run } from "@/lib/db/generated/client";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { endSessions } from "@/lib/postgres/end-sessions";
import { postgresErrors } from "@/lib/postgres/errors";
import { databaseBytes, dropDatabase, maintenance, namesByOid } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import { renameDatabase, swapDatabases } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
import { stillRuns } from "@/lib/runs/own";
import { startAgain } from "./application";
import { connectTarget } from "./evidence";
import { beforeName, keptAwayName, stagingName } from "./names";
import { identityOf, outcomeOf, readRestore, settleAs, type RestoreRecord } from "./record";
import { removePlaceholders } from "./roles";
import type { RestoreState } from "./schemas";
import { giveNameBack } from "./set-aside";

/** States that a run leaves behind only when it ended early. */
const unsettled: readonly RestoreState[] = ["started", "staging", "staged", "swapping"];

const patienceMs = 60_000;

/**
 * Brings what an ended run left to one of the complete states and says which: the databases themselves, by their OIDs, are asked
 * whether the swap happened. Not swapped: live is as it was, and the staging database is dropped, or waits for a person where the swap failed
 * and its worker is still there; where the restore had dropped live to make room, the staged one gets the name if it is complete, waits if it was
 * compared, and else it is recorded that nothing has the name; where live was only set aside, it gets its name back. Swapped: that is recorded. Containers
 * that are still stopped are started in any case. What waited for a decision waits on when that did not come to its end. Does nothing for a
 * restore that is settled. Throws when the server cannot be asked.
 * `tag` is that of the restore's run, `later` those of runs that undid it or decided about it: what one of them still has under way in
 * the server is ended first.
 */
export async function settleRestore(ctx: Context, restoreId: string, tag: string, later: readonly string[] = []): Promise<void> {
  const { plan } = await readRestore(ctx, restoreId);
  const engine = await findEngine();
  const start = () => startAgain({ ctx }, engine, restoreId).then(() => null, (error: unknown) => error);
  // The application first: it is what people wait for, and it needs no answer from the server. In place its database may have no name yet.
  const isInPlace = plan.decision.method === "in_place";
  let failure = isInPlace ? null : await start();
  try {
    await settleNames(ctx, engine, restoreId, tag, later);
  } finally {
    if (isInPlace) failure = await start();
  }
  if (failure) throw failure;
}

/** The databases alone, whatever the application does. */
async function settleNames(ctx: Context, engine: Engine, restoreId: string, tag: string, later: readonly string[] = []): Promise<void> {
  const record = await readRestore(ctx, restoreId);
  if (!unsettled.some((state) => state === record.restore.state)) return;
  const signal = AbortSignal.timeout(patienceMs);
  const { server } = await connectTarget(engine, record.database, signal);
  // A database that is being created, or renamed, for a run that is over would show up only behind the look at the names.
  for (const one of [tag, ...later]) await endSessions(server, one);
  await settleDatabases(ctx, record, server, tag, signal);
}

/**
 * The same by a run that failed, as long as it is its run: one that was taken for lost is settled by another worker, and people go on from there.
 * `what`: all, or the databases alone. What cannot be put right yet is told, and whoever looks after restores tries it again.
 */
export async function settleOwn(job: Job, restoreId: string, what: "all" | "names" = "all"): Promise<void> {
  try {
    if (!(await stillRuns(job.ctx.db, job.runId))) return;
    if (what === "all") await settleRestore(job.ctx, restoreId, job.tag);
    else await settleNames(job.ctx, await findEngine(), restoreId, job.tag);
  } catch (error) {
    await job.warn(`What the run left could not be put right yet: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function settleDatabases(ctx: Context, record: RestoreRecord, server: Server, tag: string, signal: AbortSignal): Promise<void> {
  const { restore, plan } = record;
  const isSameServer = plan.decision.systemIdentifier === null || plan.decision.systemIdentifier === server.facts.systemIdentifier;
  if (!isSameServer) {
    // Made anew: neither staging nor the kept database can be in it.
    await settleAs(ctx, restore, { state: "failed", finishedAt: ctx.clock.now(), ...(restore.keptName ? { keptRemovedAt: ctx.clock.now() } : {}) });
    return;
  }
  const elsewhere = await maintenance(server, [restore.targetName, ...(restore.stagingName ? [restore.stagingName] : [])], signal);
  const last = await lastRunOf(ctx, restore);
  if (restore.state === "swapping" && last.status === "lost") await keepAway(record, last, elsewhere, signal);
  const { restoredName, previousName } = await readNames(elsewhere, restore, signal);
  if (restoredName !== undefined && restoredName === restore.targetName) return recordSwapped(ctx, record, elsewhere, previousName);
  if (previousName === restore.targetName && restore.swappedAt) return recordUndone(ctx, record, elsewhere, restoredName);
  // Under any other name it is there because a person renamed it.
  const aside = beforeName(restore.targetName, restore.runId);
  if (plan.decision.method === "in_place" && restore.previousOid && previousName === aside) await giveNameBack(elsewhere, { name: restore.targetName, oid: restore.previousOid, calledNow: aside });
  // A decision that did not come to its end is a person's to take again: what waited for it waits on.
  if (last.kind === "resolve_staged" && restoredName !== undefined && !restore.swappedAt) return recordWaiting(ctx, record, elsewhere, restoredName);
  const isDropped = plan.decision.method === "in_place" && restore.previousOid !== null && previousName === undefined;
  if (isDropped && isComplete(restore) && restoredName !== undefined && restore.restoredOid) {
    // Nothing is live, and what is staged was found equal to the manifest: dropping it would leave nothing at all.
    await swapDatabases(elsewhere, { live: null, name: restore.targetName, incoming: { oid: restore.restoredOid, name: restoredName }, keptName: "" }, signal);
    return recordSwapped(ctx, record, elsewhere, previousName);
  }
  if (restoredName !== undefined && isWorthKeeping(restore, last, isDropped)) return recordWaiting(ctx, record, elsewhere, restoredName);
  await recordNotSwapped(ctx, record, elsewhere, { tag, isDropped, restoredName }, signal);
}

type LastRun = Pick<Run, "id" | "kind" | "status" | "step" | "isFinal" | "cancelRequestedAt">;

/** The run that worked on the restore last: its own, or the latest that undid it or decided about it. */
async function lastRunOf(ctx: Context, restore: Restore): Promise<LastRun> {
  return ctx.db.run.findFirstOrThrow({
    where: { OR: [{ id: restore.runId }, { kind: { in: ["undo_restore", "resolve_staged"] }, input: { contains: restore.id } }] },
    orderBy: { id: "desc" },
    select: { id: true, kind: true, status: true, step: true, isFinal: true, cancelRequestedAt: true },
  });
}

/** What both databases of a restore are called at this moment. */
async function readNames(elsewhere: Server, { restoredOid, previousOid }: Restore, signal: AbortSignal): Promise<{ restoredName: string | undefined; previousName: string | undefined }> {
  const names = await namesByOid(elsewhere, [restoredOid, previousOid].filter((oid) => oid !== null), signal);
  return { restoredName: names.get(restoredOid ?? ""), previousName: names.get(previousOid ?? "") };
}

/**
 * A worker that was taken for lost may only sleep, and wake up between its last question and its rename. That one asks for the database which
 * is to become live by name and OID: it gets another name, and whatever the worker does then finds nothing to rename or to drop. Before the first
 * swap of a restore nothing has to: what its own run staged is dropped. Throws `postgres.swap_changed` when the worker was faster; the next
 * look finds what it did.
 */
async function keepAway({ restore }: RestoreRecord, last: LastRun, elsewhere: Server, signal: AbortSignal): Promise<void> {
  const { targetName, runId, restoredOid, previousOid, swappedAt } = restore;
  const { restoredName, previousName } = await readNames(elsewhere, restore, signal);
  const rename = async (oid: string | null, name: string | undefined, newName: string) => {
    if (oid !== null && name !== undefined && name !== newName) await renameDatabase(elsewhere, { oid, name }, newName, signal);
  };
  if (swappedAt && restoredName === targetName) await rename(previousOid, previousName, keptAwayName(targetName, runId, last.id));
  else if (swappedAt && previousName === targetName) await rename(restoredOid, restoredName, keptAwayName(targetName, runId, last.id));
  else if (!swappedAt && last.kind === "resolve_staged" && restoredName !== targetName) await rename(restoredOid, restoredName, stagingName(targetName, runId, last.id));
}

/** Compared with the manifest, and like the live database in everything but its name. */
function isComplete({ state }: RestoreRecord["restore"]): boolean {
  return state === "staged" || state === "swapping";
}

/**
 * Whether a person decides about what is staged. It was loaded and compared, which takes minutes or hours: once its turn had come, nobody asked
 * for it to go, and once live was dropped it is all there is.
 */
function isWorthKeeping(restore: Restore, last: LastRun, isDropped: boolean): boolean {
  if (outcomeOf(restore) === null || restore.swappedAt) return false;
  if (isDropped) return true;
  const itsTurnHadCome = last.isFinal || (last.step === "stop_application" && last.cancelRequestedAt === null);
  // A worker that was taken for lost may only sleep, and wake up at the rename: nothing is left that it could still give a name.
  return itsTurnHadCome && last.status !== "lost" && isComplete(restore);
}

/** What a staged database lacks that was compared and not dressed up yet. */
const undressed = "grants, comment, settings and connection limit of the database itself";

async function recordWaiting(ctx: Context, { restore }: RestoreRecord, server: Server, stagingName: string): Promise<void> {
  const outcome = outcomeOf(restore);
  const size = await databaseBytes(server, stagingName).catch(() => null);
  const isSettled = await settleAs(ctx, restore, {
    state: "staged_incomplete",
    stagingName,
    keptName: null,
    keptUntil: null,
    keptBytes: size === null ? null : BigInt(size),
    ...(outcome && !isComplete(restore) ? { outcome: writeJson({ ...outcome, exceptions: [...outcome.exceptions, undressed] }) } : {}),
  });
  if (isSettled) log.warn({ restoreId: restore.id, stagingName }, "a restore ended before its swap: what was staged and compared waits for a decision");
}

async function recordSwapped(ctx: Context, record: RestoreRecord, server: Server, previousName: string | undefined): Promise<void> {
  const { restore, plan } = record;
  const isReplaced = previousName !== undefined && plan.decision.method === "swap";
  const size = isReplaced ? await databaseBytes(server, previousName).catch(() => null) : null;
  const change = {
    state: plan.decision.method === "beside" ? "created" : "swapped",
    swappedAt: restore.swappedAt ?? ctx.clock.now(),
    stagingName: null,
    undoneAt: null,
    ...(isReplaced ? { keptName: previousName, keptBytes: size === null ? null : BigInt(size), keptUntil: restore.keptUntil ?? new Date(ctx.clock.now().getTime() + plan.decision.keepHours * 3_600_000) } : {}),
  } as const;
  const isSettled = await settleAs(ctx, restore, change, plan.decision.method === "beside" ? undefined : identityOf(record, restore.restoredOid, server));
  if (isSettled) log.info({ restoreId: restore.id }, "a restore that ended early had swapped: the restored database is live");
}

/** Only a restore that was in place before can have been undone. */
async function recordUndone(ctx: Context, record: RestoreRecord, server: Server, restoredName: string | undefined): Promise<void> {
  const { restore } = record;
  const change = { state: "undone", undoneAt: restore.undoneAt ?? ctx.clock.now(), keptName: restoredName ?? null } as const;
  const isSettled = await settleAs(ctx, restore, change, identityOf(record, restore.previousOid, server));
  if (isSettled) log.info({ restoreId: restore.id }, "the database from before is live again");
}

/** Throws `postgres.swap_changed` when what was staged got another name since it was looked for: the next look finds what has it now. */
async function recordNotSwapped(ctx: Context, { restore, plan }: RestoreRecord, server: Server, seen: { tag: string; isDropped: boolean; restoredName: string | undefined }, signal: AbortSignal): Promise<void> {
  const { tag, isDropped } = seen;
  if (restore.stagingName && !(await dropDatabase(server, { name: restore.stagingName, oid: restore.restoredOid }))) {
    // A worker that only slept may have swapped meanwhile.
    const { restoredName } = await readNames(server, restore, signal);
    if (restoredName !== undefined && restoredName !== seen.restoredName) throw postgresErrors.swap_changed({ container: server.container.name, name: restore.stagingName });
    log.warn({ restoreId: restore.id, stagingName: restore.stagingName }, "a staging database could not be dropped");
  }
  await removePlaceholders(server, plan.decision.roles, tag).catch((error: unknown) => log.warn({ err: error, restoreId: restore.id }, "placeholder roles could not be removed"));
  const isSettled = await settleAs(ctx, restore, { state: "failed", stagingName: null, keptName: null, keptUntil: null, finishedAt: ctx.clock.now(), ...(isDropped ? { keptRemovedAt: ctx.clock.now() } : {}) });
  if (!isSettled) return;
  if (isDropped) log.error({ restoreId: restore.id, database: restore.targetName }, "a restore in place ended after the live database was dropped: there is no database of that name");
  else log.info({ restoreId: restore.id }, "a restore ended before its swap: the live database is as it was");
}

/** Restores whose run is over and that are not settled: a worker died, or the server could not be asked then. */
export async function settleLeftRestores(ctx: Context, tagOf: (runId: number) => string): Promise<void> {
  const left = await ctx.db.restore.findMany({
    where: { run: { status: { in: ["failed", "cancelled", "lost", "succeeded"] } }, OR: [{ state: { in: [...unsettled] } }, { stopped: { not: null } }] },
    select: { id: true, runId: true, databaseId: true },
  });
  for (const { id, runId, databaseId } of left) {
    if (await isBusy(ctx, databaseId)) continue;
    const later = await ctx.db.run.findMany({ where: { databaseId, kind: { in: ["undo_restore", "resolve_staged"] }, id: { gt: runId }, input: { contains: id } }, select: { id: true } });
    await settleRestore(ctx, id, tagOf(runId), later.map((run) => tagOf(run.id))).catch((error: unknown) => {
      const level = error instanceof AppError ? "warn" : "error";
      log[level]({ err: error, restoreId: id }, "a restore could not be settled yet");
    });
  }
}

/**
 * Whether a run that stops the application of this database, and starts it, is under way. An undo or a decision looks after its restore itself; what
 * an older restore could not start must not come up while a later one puts another database in its place; while that one is still being loaded, it may.
 */
async function isBusy({ db }: Pick<Context, "db">, databaseId: string): Promise<boolean> {
  const [later, replacing] = await Promise.all([
    db.run.count({ where: { databaseId, status: "running", kind: { in: ["undo_restore", "resolve_staged"] } } }),
    db.restore.count({ where: { databaseId, run: { status: "running" }, OR: [{ method: "in_place" }, { method: "swap", state: { in: ["staged", "swapping"] } }] } }),
  ]);
  return later + replacing > 0;
}
