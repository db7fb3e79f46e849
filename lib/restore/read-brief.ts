import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import { runStatuses } from "@/lib/runs/schemas";
import { followUpKinds, isUnasked, type RestoreBrief } from "./result";
import { ResolveRunInput, RestoreDecision, RestoreInput, restoreMethods, restoreStates } from "./schemas";

/** Only the decision: the plan beside it may name ten thousand tables, and this is read every second. */
const Decided = z.object({ decision: RestoreDecision });

/** The restore that a run makes, undoes or decides on, and which of the run's steps its method has; null for any other run. */
export async function readRestoreBrief(ctx: Pick<Context, "db">, run: { id: number; kind: string; input: string }): Promise<{ brief: RestoreBrief; belongs: (step: string) => boolean } | null> {
  const restoreId = isAboutRestore(run.kind) ? restoreIdOf(run.input) : null;
  if (restoreId === null) return null;
  const row = await ctx.db.restore.findUnique({
    where: { id: restoreId },
    select: { id: true, runId: true, state: true, method: true, targetName: true, stagingName: true, keptName: true, keptRemovedAt: true, previousOid: true, finishedAt: true, plan: true, run: { select: { status: true } }, database: { select: { name: true } } },
  });
  if (!row) return null;
  const { decision } = readJson(Decided, row.plan);
  const { id, runId, targetName, stagingName, keptName, keptRemovedAt } = row;
  const state = z.enum(restoreStates).parse(row.state);
  const dropsLive = row.method === "in_place" && row.previousOid !== null;
  return {
    brief: {
      id, runId, targetName, stagingName,
      state,
      method: z.enum(restoreMethods).parse(row.method),
      name: row.database.name,
      keptName: keptRemovedAt ? null : keptName,
      dropsLive,
      isDropped: dropsLive && keptRemovedAt !== null,
      isUnasked: isUnasked({ state, runStatus: z.enum(runStatuses).parse(row.run.status), finishedAt: row.finishedAt?.toISOString() ?? null, decision }),
    },
    belongs: (step) => belongs(step, run, decision),
  };
}

/** The restore that a run's input names. */
export function restoreIdOf(input: string): string | null {
  const parsed = RestoreInput.safeParse(JSON.parse(input));
  return parsed.success ? parsed.data.restoreId : null;
}

/** What a decision about a staged database was. */
function decideOf(input: string): string | null {
  const parsed = ResolveRunInput.safeParse(JSON.parse(input));
  return parsed.success ? parsed.data.decide : null;
}

function isAboutRestore(kind: string): boolean {
  return kind === "restore" || followUpKinds.some((known) => known === kind);
}

/** Whether a step is part of what was decided: no safety backup where none was asked for, nothing to stop where nothing is named. */
function belongs(step: string, run: { kind: string; input: string }, { safetyBackup, stops, replacesOid }: RestoreDecision): boolean {
  const removes = run.kind === "drop_kept" || decideOf(run.input) === "drop";
  if (removes || step === "drop") return removes && (step === "prepare" || step === "drop");
  switch (step) {
    case "safety":
      return safetyBackup;
    case "stop_application":
      return stops.length > 0;
    case "start_application":
      return replacesOid !== null;
    default:
      return true;
  }
}
