import { phases, type Phase } from "./schemas";

/**
 * Which part of a restore a step belongs to. What is in none, such as a safety backup that is taken before, counts for the whole time
 * and is in no part.
 */
const phaseOf: Readonly<Record<string, Phase>> = {
  fetch: "fetch",
  unpack: "fetch",
  restore: "restore",
  load: "restore",
  stage: "restore",
  compare: "compare",
  verify: "compare",
  checks: "compare",
  stop: "start",
  swap: "start",
  start: "start",
  health: "start",
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
