import { phases, type Phase } from "./schemas";

/**
 * Which part of a restore a step belongs to. What is in none, such as a safety backup that is taken before, counts for the whole time
 * and is in no part.
 */
const phaseOf: Readonly<Record<string, Phase>> = {
  // A drill
  fetch: "fetch",
  start: "start",
  restore: "restore",
  compare: "compare",
  checks: "compare",
  // A restore, which reads the backup while it loads it
  stage: "restore",
  stop_application: "start",
  swap: "start",
  start_application: "start",
};

/** Milliseconds by step of a drill or a restore, as the four parts that history compares. */
export function intoPhases(steps: Readonly<Record<string, number>>): Record<Phase, number> {
  const sums = Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>;
  for (const [step, ms] of Object.entries(steps)) {
    const phase = phaseOf[step];
    if (phase) sums[phase] += ms;
  }
  return sums;
}
