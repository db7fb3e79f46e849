import { planRestore } from "@/lib/restore/plan";
import { PlanRestoreResult, RestoreChoices, type RestorePlan } from "@/lib/restore/schemas";
import { startPlan, startRestore } from "@/lib/restore/start";
import { startUndo } from "@/lib/restore/undo";
import type { z } from "zod";
import type { FinishedRun, TestHoldfast } from "./holdfast";

type Choices = z.input<typeof RestoreChoices>;

/** What a person does in the wizard, up to the confirmation: the run is queued then. Throws when the plan is blocked. */
export async function confirmRestore(holdfast: TestHoldfast, databaseId: string, backupId: string, choices: Choices = {}): Promise<{ runId: number; restoreId: string; plan: RestorePlan }> {
  const { runId: planRunId } = await startPlan(holdfast.ctx, { backupId, databaseId, choices: RestoreChoices.parse(choices) });
  const { result, problem } = await holdfast.work(planRunId);
  if (problem) throw new Error(`The restore could not be planned: ${problem.message}`);
  const plan = planRestore(PlanRestoreResult.parse(JSON.parse(result ?? "null")).evidence, new Date());
  const started = await startRestore(holdfast.ctx, { planRunId, hash: plan.hash, phrase: plan.decision.targetName, reason: "a test" });
  return { ...started, plan };
}

/** Confirms a restore and works it off. */
export async function restoreDatabase(holdfast: TestHoldfast, databaseId: string, backupId: string, choices: Choices = {}): Promise<{ run: FinishedRun; restoreId: string; plan: RestorePlan }> {
  const { runId, restoreId, plan } = await confirmRestore(holdfast, databaseId, backupId, choices);
  return { run: await holdfast.work(runId), restoreId, plan };
}

/** Undoes a restore, or does it again, and works that off. */
export async function undoRestore(holdfast: TestHoldfast, restoreId: string): Promise<FinishedRun> {
  const { targetName } = await holdfast.db.restore.findUniqueOrThrow({ where: { id: restoreId } });
  const { runId } = await startUndo(holdfast.ctx, { restoreId, phrase: targetName, reason: "a test" });
  return holdfast.work(runId);
}
