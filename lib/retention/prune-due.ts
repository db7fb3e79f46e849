import "server-only";
import type { Context } from "@/lib/context";
import { transaction } from "@/lib/db/transaction";
import { decideRetention } from "./decide";
import { policyOf, readRetained } from "./read";
import { enqueuePrune } from "./save";

/**
 * Queues a clean-up for every database with a policy in which something changed since its last one: a backup came, or one was
 * proven. Nothing is queued when nothing goes. With `only` no other database is looked at.
 */
export async function pruneDue(ctx: Context, only?: readonly string[]): Promise<number[]> {
  const databases = await ctx.db.database.findMany({ where: { removedAt: null, retention: { not: null }, ...(only ? { id: { in: [...only] } } : {}) }, select: { id: true, name: true, retention: true } });
  const queued: number[] = [];
  for (const database of databases) {
    const policy = policyOf(database);
    if (!policy || !(await hasChanged(ctx, database.id))) continue;
    const decision = decideRetention(await readRetained(ctx.db, database.id), policy);
    if (decision.go.length === 0) continue;
    queued.push((await transaction(ctx, (tx) => enqueuePrune(tx, ctx, database, decision, "by its retention rules"))).runId);
  }
  return queued;
}

/** Whether a run that can change the decision has ended since the last clean-up, and none is under way. */
async function hasChanged({ db }: Context, databaseId: string): Promise<boolean> {
  const [prune, cause, active] = await Promise.all([
    db.run.findFirst({ where: { databaseId, kind: "prune_backups" }, orderBy: { id: "desc" }, select: { queuedAt: true } }),
    db.run.findFirst({ where: { databaseId, kind: { in: ["backup", "drill", "verify_backup"] }, status: "succeeded" }, orderBy: { id: "desc" }, select: { finishedAt: true } }),
    db.run.count({ where: { databaseId, kind: "prune_backups", status: { in: ["queued", "running"] } } }),
  ]);
  return active === 0 && cause?.finishedAt != null && (prune === null || cause.finishedAt > prune.queuedAt);
}
