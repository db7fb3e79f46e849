import { byState, states, worst, type State } from "@/lib/monitoring/schemas";

export { byState, states, worst, type State };

/** The word for each state. */
export const stateWords = {
  exposed: "Exposed",
  unknown: "Unknown",
  at_risk: "At risk",
  running: "Running",
  paused: "Paused",
  protected: "Protected",
} as const satisfies Record<State, string>;

/** What each state says, for legends and tooltips. */
export const stateMeanings = {
  exposed: "The objective is broken, or the newest good backup failed its proof. Act now.",
  unknown: "There is no evidence: the worker is silent, a store cannot be read, or nothing ever ran.",
  at_risk: "The proof is old, or the objective is over 80 % spent. Act soon.",
  running: "Work is in progress.",
  paused: "A person turned it off.",
  protected: "The newest proven backup is within its objective.",
} as const satisfies Record<State, string>;

/** A page title with the state in front, where a tab still shows it: "Exposed · %s · Holdfast". */
export function titleTemplate(state: State | null): string {
  return state && state !== "protected" && state !== "running" ? `${stateWords[state]} · %s · Holdfast` : "%s · Holdfast";
}
