import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { requireRetentionUnmanaged } from "@/lib/config/managed";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { plural } from "@/lib/format/counts";
import { enqueueRun } from "@/lib/runs/enqueue";
import { retentionErrors } from "./errors";
import { hashDecision } from "./hash";
import { decideNow, policyOf } from "./read";
import type { CleanUpInput, RetentionDecision, RetentionPolicy, SaveRetentionInput } from "./schemas";

/**
 * Saves what is kept of a database, or that everything is, and lets go at once what was shown as going. Throws `retention.changed` when
 * that is not the same any more, and `retention.wrong_phrase` when something goes and the database's name was not typed.
 */
export async function saveRetention(ctx: Context, input: z.output<typeof SaveRetentionInput>): Promise<{ runId: number | null }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    await requireRetentionUnmanaged(tx, ctx, database, input.policy);
    const decision = input.policy ? await decideNow(tx, database.id, input.policy, ctx.clock.now()) : null;
    if (decision) confirm(decision, input, database.name);
    const before = policyOf(database);
    await tx.database.update({ where: { id: database.id }, data: { retention: input.policy ? writeJson(input.policy) : null } });
    await recordAudit(tx, ctx, { action: "retention.changed", outcome: "succeeded", sentence: input.policy ? `Changed what is kept of ${database.name}` : `Keeps everything of ${database.name}`, database, before, after: input.policy });
    return decision && decision.go.length > 0 ? enqueuePrune(tx, ctx, database, decision, { why: "by the rules just saved", policy: null }) : { runId: null };
  });
}

/** Removes by hand what a rule lets go, once: the procedures' "older than 60 days" and "all but the newest 10". The same protections hold. */
export async function startCleanUp(ctx: Context, input: z.output<typeof CleanUpInput>): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, input.databaseId);
    const decision = await decideNow(tx, database.id, input.policy, ctx.clock.now());
    if (decision.go.length === 0) throw retentionErrors.nothing_to_remove({});
    confirm(decision, input, database.name);
    return enqueuePrune(tx, ctx, database, decision, { why: input.why, policy: input.policy });
  });
}

function confirm(decision: RetentionDecision, { hash, shown, phrase }: { hash: string; shown: number; phrase: string }, name: string): void {
  if (hashDecision(decision) !== hash) throw retentionErrors.changed({ shown, now: decision.go.length });
  if (decision.go.length > 0 && phrase !== name) throw retentionErrors.wrong_phrase({ name });
}

/** Queues the removal of exactly these; the worker decides about each of them once more, by the same policy. */
export async function enqueuePrune(tx: Tx, ctx: Pick<Context, "actor" | "clock">, database: { id: string; name: string }, { go }: RetentionDecision, { why, policy }: { why: string; policy: RetentionPolicy | null }): Promise<{ runId: number }> {
  const activeKey = { key: `prune:${database.id}`, what: `A clean-up of ${database.name}` };
  const { runId } = await enqueueRun(tx, ctx, { kind: "prune_backups", databaseId: database.id, input: { backupIds: go.map(({ backup }) => backup.id), why, policy }, activeKey });
  await recordAudit(tx, ctx, { action: "retention.prune_started", outcome: "started", sentence: `Started to remove ${plural(go.length, "backup")} of ${database.name}, ${why}`, database, runId });
  return { runId };
}
