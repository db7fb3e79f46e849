import "server-only";
import { raise } from "@/lib/alerts/raise";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { getDatabase } from "@/lib/databases/get";
import { readJson, writeJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { backupKey, enqueueRun } from "@/lib/runs/enqueue";
import { restoreErrors } from "./errors";
import { planRestore } from "./plan";
import { PlanRestoreResult, type RestoreEvidence, type RestorePlan, type RestoreRequest, type StartRestoreInput } from "./schemas";

/** Asks the worker to look at a restore's target. The run's result is `PlanRestoreResult`. */
export async function startPlan(ctx: Context, request: RestoreRequest): Promise<{ runId: number }> {
  return transaction(ctx, async (tx) => {
    const database = await getDatabase(tx, request.databaseId);
    return enqueueRun(tx, ctx, { kind: "plan_restore", databaseId: database.id, backupId: request.backupId, input: { ...request }, interactive: true });
  });
}

/**
 * Starts the restore that was on the screen. The plan is computed again from the same evidence and must have the hash that was
 * confirmed; the worker asks everything anew before it begins. Throws `restore.wrong_phrase`, `restore.plan_changed`,
 * `restore.blocked`, and `run.already_active` for the second of two people.
 */
export async function startRestore(ctx: Context, input: StartRestoreInput): Promise<{ runId: number; restoreId: string }> {
  return transaction(ctx, async (tx) => {
    const evidence = await evidenceOf(tx, input.planRunId);
    const plan = planRestore(evidence, ctx.clock.now());
    const { decision } = plan;
    const database = await getDatabase(tx, decision.databaseId);
    if (input.phrase !== decision.targetName) throw restoreErrors.wrong_phrase({ name: decision.targetName });
    if (input.hash !== plan.hash) throw restoreErrors.plan_changed({ name: database.name });
    const blocking = plan.checks.find((check) => check.outcome === "blocking");
    if (blocking) throw restoreErrors.blocked({ what: blocking.title, detail: blocking.detail });
    // A backup of the database would end with its sessions, and a second restore would fight over its name.
    const activeKey = { key: backupKey(database.id), what: `A run on ${database.name}` };
    const restoreId = crypto.randomUUID();
    const { runId } = await enqueueRun(tx, ctx, { kind: "restore", databaseId: database.id, backupId: decision.backupId, input: { restoreId, request: evidence.request }, activeKey });
    await tx.restore.create({
      data: {
        id: restoreId,
        runId,
        databaseId: database.id,
        backupId: decision.backupId,
        method: decision.method,
        state: "started",
        reason: input.reason,
        plan: writeJson(plan),
        targetName: decision.targetName,
        previousOid: decision.replacesOid,
        startedAt: ctx.clock.now(),
      },
    });
    await recordAudit(tx, ctx, {
      action: "restore.started",
      outcome: "started",
      sentence: `Started a restore of ${decision.targetName}, ${words[decision.method]}`,
      database,
      runId,
      backupId: decision.backupId,
      reason: input.reason,
      after: { method: decision.method, target: decision.targetName, plan: plan.hash },
    });
    const facts = { event: "restore_started", database: { id: database.id, name: database.name }, runId, by: ctx.actor.name, what: "database", how: decision.method, reason: input.reason } as const;
    await raise(tx, ctx, { cause: `run:${runId}:restore_started`, facts });
    return { runId, restoreId };
  });
}

const words = { swap: "by swapping", beside: "beside the live database", in_place: "in place" } as const satisfies Record<RestorePlan["decision"]["method"], string>;

/** What a plan's run found. Throws `restore.no_plan`. */
async function evidenceOf(tx: Tx, planRunId: number): Promise<RestoreEvidence> {
  const run = await tx.run.findUnique({ where: { id: planRunId, kind: "plan_restore", status: "succeeded" }, select: { result: true } });
  const result = readJson(PlanRestoreResult, run?.result ?? null);
  if (!result) throw restoreErrors.no_plan({});
  return result.evidence;
}
