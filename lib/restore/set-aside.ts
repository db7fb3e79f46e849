import "server-only";
import { log } from "@/lib/log";
import type { Server } from "@/lib/postgres/server";
import { swapDatabases } from "@/lib/postgres/swap";
import type { Job } from "@/lib/runs/job";
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
