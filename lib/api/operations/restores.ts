import "server-only";
import { listKept } from "@/lib/restore/read-kept";
import { readPlan } from "@/lib/restore/read-plan";
import { restoreErrors } from "@/lib/restore/errors";
import { PlanRestoreInput, StartRestoreInput, UndoRestoreInput } from "@/lib/restore/schemas";
import { startPlan, startRestore } from "@/lib/restore/start";
import { startUndo } from "@/lib/restore/undo";
import { PublicErrorSchema, runStatuses } from "@/lib/runs/schemas";
import { readJson } from "@/lib/db/codecs";
import { reaches } from "@/lib/tokens/reaches";
import { KeptDatabases, PlanAnswer, StartedRestore } from "../answers";
import { Nothing, PlanRunId, RestoreId } from "../inputs";
import { operation, startsRun } from "../operation";

export const postPlan = startsRun(
  { attempt: "restore.plan", method: "POST", path: "/restores/plans", summary: "Plan a restore: the worker looks at its target. Changes nothing", scope: "restore", input: PlanRestoreInput },
  async (ctx, input) => startPlan(ctx, input),
);

export const getPlan = operation(
  { attempt: "restore.read_plan", method: "GET", path: "/restores/plans/{planRunId}", summary: "What a plan came to: its decision with its hash, what speaks against it, rows now and after", scope: "restore", input: PlanRunId, answer: PlanAnswer },
  async (ctx, { planRunId }) => {
    const run = await ctx.db.run.findUnique({ where: { id: planRunId, kind: "plan_restore" }, select: { status: true, error: true } });
    if (!run) throw restoreErrors.no_plan({});
    const found = await readPlan(ctx, planRunId);
    return { status: runStatuses.find((known) => known === run.status) ?? "lost", phrase: found?.plan.decision.targetName ?? null, plan: found?.plan ?? null, error: readJson(PublicErrorSchema, run.error) };
  },
);

export const postRestore = startsRun(
  { attempt: "restore.start", method: "POST", path: "/restores", summary: "Start the restore of a plan. Needs the plan's hash and the name of the database that is replaced; refused when the plan would be another by now", scope: "restore", input: StartRestoreInput, answer: StartedRestore },
  startRestore,
);

export const getRestores = operation(
  { attempt: "restore.list", method: "GET", path: "/restores", summary: "Databases that restores keep, so that they can be undone or decided on", scope: "read", input: Nothing, answer: KeptDatabases },
  async (ctx) => ({ rows: (await listKept(ctx)).filter(({ databaseId }) => reaches(ctx.actor, databaseId)) }),
);

export const postUndo = startsRun(
  { attempt: "restore.undo", method: "POST", path: "/restores/{restoreId}/undo", summary: "Undo a restore, or do it again after it was undone", scope: "restore", input: RestoreId.extend(UndoRestoreInput.omit({ restoreId: true }).shape) },
  startUndo,
);
