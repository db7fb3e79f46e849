import type { StepView } from "./live";
import { isActive, runSteps, type RunKind, type RunStatus, type StepName } from "./schemas";

/** A row of a run's events, as far as steps go. */
export interface StepEvent {
  type: string;
  step: string | null;
  at: Date;
  message: string;
  ms: number | null;
}

/**
 * The steps of a run in order: those that happened, the one under way, those to come. Nothing is claimed that was not logged.
 * What does not belong to the way that was chosen, as `belongs` says, is left out, unless it happened all the same.
 */
export function stepsOf(run: { kind: RunKind; status: RunStatus }, events: readonly StepEvent[], lastMs: ReadonlyMap<string, number>, belongs: (step: string) => boolean = () => true): StepView[] {
  const names: readonly StepName[] = runSteps[run.kind];
  return names.filter((name) => belongs(name) || events.some((event) => event.step === name)).map((name) => {
    const started = events.findLast((event) => event.type === "step_started" && event.step === name);
    const finished = events.findLast((event) => event.type === "step_finished" && event.step === name);
    return {
      name,
      state: finished ? "done" : stateOf(run.status, started !== undefined),
      detail: finished?.message ?? "",
      startedAt: started?.at.toISOString() ?? null,
      ms: finished?.ms ?? null,
      lastMs: lastMs.get(name) ?? null,
    };
  });
}

function stateOf(status: RunStatus, started: boolean): StepView["state"] {
  if (isActive(status)) return started ? "now" : "todo";
  return started && status === "failed" ? "failed" : "skipped";
}
