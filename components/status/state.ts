/** The six states, worst first: lists sort in this order, and the worst one speaks for the whole. */
export const states = ["exposed", "unknown", "at_risk", "running", "paused", "protected"] as const;
export type State = (typeof states)[number];

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

/** The worst of several states. Nothing at all is unknown: no evidence is never green. */
export function worst(all: Iterable<State>): State {
  const present = new Set(all);
  return states.find((state) => present.has(state)) ?? "unknown";
}

/** Orders worst first, for `Array.sort`. */
export function byState(a: State, b: State): number {
  return states.indexOf(a) - states.indexOf(b);
}

/** A page title with the state in front, where a tab still shows it: "Exposed · %s · Holdfast". */
export function titleTemplate(state: State | null): string {
  return state && state !== "protected" && state !== "running" ? `${stateWords[state]} · %s · Holdfast` : "%s · Holdfast";
}
