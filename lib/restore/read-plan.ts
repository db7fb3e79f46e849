import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { planRestore } from "./plan";
import { PlanRestoreResult, type RestoreEvidence, type RestorePlan, type RestoreRequest } from "./schemas";

export interface ReadPlan {
  runId: number;
  plan: RestorePlan;
  evidence: RestoreEvidence;
}

/** The plan that a `plan_restore` run's evidence leads to; null when there is no such run, or it has no answer. */
export async function readPlan(ctx: Pick<Context, "db" | "clock">, runId: number | null): Promise<ReadPlan | null> {
  const run = runId === null ? null : await ctx.db.run.findUnique({ where: { id: runId, kind: "plan_restore", status: "succeeded" }, select: { result: true } });
  const result = run ? readJson(PlanRestoreResult, run.result) : null;
  if (runId === null || !result) return null;
  return { runId, plan: planRestore(result.evidence, ctx.clock.now()), evidence: result.evidence };
}

/** Whether a plan answers exactly this request, and not the one of an older address. */
export function answers({ evidence }: ReadPlan, request: RestoreRequest): boolean {
  return stable(evidence.request) === stable(request);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === "object" && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member));
}
