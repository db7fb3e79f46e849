/** What goes wrong: the worker dies, the database's container stops and comes back, the way to the Engine is cut, the worker sleeps. */
export type Disturbance = "kill" | "container" | "engine" | "pause";

/** When: as soon as a step has begun and a little later, or so long after the run began. */
export type Moment = { step: string; ms: number } | { ms: number };

export interface ChaosPoint {
  name: string;
  what: Disturbance;
  when: Moment;
}

/** Random numbers that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const killing = ["kill", "container", "engine"] as const;

/** `total` points: every disturbance at every step once, the rest at random moments of a run of `longestMs`. */
export function chaosPoints(steps: readonly string[], total: number, longestMs: number, seed: number): ChaosPoint[] {
  const random = seeded(seed);
  const atSteps = steps.flatMap((step) => killing.map((what): ChaosPoint => point(what, { step, ms: Math.floor(random() * 60) })));
  const rest = Array.from({ length: Math.max(0, total - atSteps.length) }, (): ChaosPoint => point(killing[Math.floor(random() * killing.length)] ?? "kill", { ms: Math.floor(random() * longestMs) }));
  return [...atSteps, ...rest];
}

export function point(what: Disturbance, when: Moment): ChaosPoint {
  return { what, when, name: `${what} ${"step" in when ? `${when.ms} ms into ${when.step}` : `${when.ms} ms after the start`}` };
}
