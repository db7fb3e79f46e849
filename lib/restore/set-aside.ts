import "server-only";
import type { Context } from "@/lib/context";
import type { Database, Restore } from "@/lib/db/generated/client";
import { findEngine } from "@/lib/docker/engine";
import { log } from "@/lib/log";
import { maintenance, namesByOid } from "@/lib/postgres/maintenance";
import type { Server } from "@/lib/postgres/server";
import { swapDatabases } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
import { connectTarget } from "./evidence";
import { beforeName } from "./names";

const patienceMs = 60_000;

/**
 * Gives a database another name while `work` is done with it, and ends its sessions: whoever asks for it by its own name does not find it,
 * so nobody writes to it. Work that fails, and did not drop it, leaves it with its own name again; so does `settleRestore` after a crash.
 * `elsewhere` is another database of that server.
 */
export async function whileSetAside<T>(job: Job, elsewhere: Server, { name, oid }: { name: string; oid: string }, work: (calledNow: string) => Promise<T>): Promise<T> {
  const aside = beforeName(name, job.runId);
  await job.renewLease();
  await swapDatabases(elsewhere, { live: null, name: aside, incoming: { oid, name }, keptName: "" }, AbortSignal.timeout(patienceMs));
  try {
    return await work(aside);
  } catch (error) {
    // Also where another worker has the say by now: it may have looked before the rename, and then nobody else knows of it. Where it gave the name
    // back itself, this finds nothing to do.
    await giveNameBack(elsewhere, { name, oid, calledNow: aside }).catch((failure: unknown) => log.warn({ err: failure, name }, "a database that was set aside has not got its name back yet"));
    throw error;
  }
}

/** The database that was set aside is called as before. Throws `postgres.swap_changed` when it is not there any more. */
export async function giveNameBack(elsewhere: Server, { name, oid, calledNow }: { name: string; oid: string; calledNow: string }): Promise<void> {
  await swapDatabases(elsewhere, { live: null, name, incoming: { oid, name: calledNow }, keptName: "" }, AbortSignal.timeout(patienceMs));
}

/** A worker that sleeps for longer than this is not reckoned with. */
const lateMs = 3_600_000;

/**
 * Gives live databases their names back that a worker set aside after its restore in place was taken for lost and settled, and died. Nobody else
 * knows of that: at the settling the database had its name still. Exactly the name that this restore gives, and the database that it was about.
 */
export async function giveLateNamesBack(ctx: Context): Promise<void> {
  const since = new Date(ctx.clock.now().getTime() - lateMs);
  const recent = await ctx.db.restore.findMany({ where: { method: "in_place", state: "failed", keptRemovedAt: null, finishedAt: { gt: since }, run: { status: "lost" } }, include: { database: true } });
  for (const restore of recent) await giveLateNameBack(restore).catch((error: unknown) => log.warn({ err: error, restoreId: restore.id }, "whether a database was set aside late could not be looked at"));
}

async function giveLateNameBack({ id, runId, targetName: name, previousOid: oid, database }: Restore & { database: Database }): Promise<void> {
  if (oid === null) return;
  const signal = AbortSignal.timeout(patienceMs);
  const { server } = await connectTarget(await findEngine(), database, signal);
  const aside = beforeName(name, runId);
  if ((await namesByOid(server, [oid], signal)).get(oid) !== aside) return;
  await giveNameBack(await maintenance(server, [name, aside], signal), { name, oid, calledNow: aside });
  log.warn({ restoreId: id, name }, "a database that was set aside after its restore had ended has its name back");
}
