import "server-only";
import { isAhead } from "@/lib/clock";
import type { Context } from "@/lib/context";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { decideNow, policyOf } from "./read";
import { enqueuePrune } from "./save";

/**
 * Queues a clean-up for every database with a policy in which something changed since its last one: a backup came, or one was
 * proven. Nothing is queued when nothing goes, nor where a schedule says when to clean up. With `only` no other database is looked at.
 */
export async function pruneDue(ctx: Context, only?: readonly string[]): Promise<number[]> {
  const where = { removedAt: null, retention: { not: null }, schedules: { none: { kind: "clean_up", removedAt: null } }, ...(only ? { id: { in: [...only] } } : {}) };
  const databases = await ctx.db.database.findMany({ where, select: { id: true, retention: true } });
  const queued: number[] = [];
  for (const { id, retention } of databases) {
    const policy = policyOf({ retention });
    if (!policy || !(await hasChanged(ctx, id))) continue;
    // Mostly nothing goes, and the write lock is not taken for that.
    if ((await decideNow(ctx.db, id, policy, ctx.clock.now())).go.length === 0) continue;
    const started = await transaction(ctx, (tx) => enqueueCleanUp(tx, ctx, id));
    if ("runId" in started) queued.push(started.runId);
  }
  return queued;
}

/** Queues the removal of what a database's policy lets go at this moment; or says why there is none. */
export async function enqueueCleanUp(tx: Tx, ctx: Pick<Context, "actor" | "clock">, databaseId: string): Promise<{ runId: number } | { state: "done" | "skipped"; why: string }> {
  const database = await tx.database.findUniqueOrThrow({ where: { id: databaseId }, select: { id: true, name: true, retention: true } });
  const policy = policyOf(database);
  if (!policy) return { state: "skipped", why: "It has no retention rules: everything is kept." };
  const decision = await decideNow(tx, database.id, policy, ctx.clock.now());
  if (decision.go.length === 0) return { state: "done", why: "Nothing was to be removed." };
  return enqueuePrune(tx, ctx, database, decision, { why: "by its retention rules", policy: null });
}

/** Whether a run that can change the decision has ended since the last clean-up, and none is under way. After one that lies ahead of the clock nobody knows. */
async function hasChanged({ db, clock }: Context, databaseId: string): Promise<boolean> {
  const [prune, cause, active] = await Promise.all([
    db.run.findFirst({ where: { databaseId, kind: "prune_backups" }, orderBy: { id: "desc" }, select: { queuedAt: true } }),
    db.run.findFirst({ where: { databaseId, kind: { in: ["backup", "drill", "verify_backup"] }, status: "succeeded" }, orderBy: { id: "desc" }, select: { finishedAt: true } }),
    db.run.count({ where: { databaseId, kind: "prune_backups", status: { in: ["queued", "running"] } } }),
  ]);
  return active === 0 && cause?.finishedAt != null && (prune === null || cause.finishedAt > prune.queuedAt || isAhead(prune.queuedAt, clock.now()));
}
