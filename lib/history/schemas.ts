/** What is promised of a database: the age of what would be lost, and how long each way back may take. */
export const objectives = ["rpo", "rto", "table", "point_in_time"] as const;
export type Objective = (typeof objectives)[number];

/** Where a database's row has the target of now. */
export const objectiveColumns = {
  rpo: "objectiveRpoSeconds",
  rto: "objectiveRtoSeconds",
  table: "objectiveTableSeconds",
  point_in_time: "objectivePointInTimeSeconds",
} as const satisfies Record<Objective, string>;

/** The parts of a restore that history compares, in the order they happen and are drawn. */
export const phases = ["fetch", "restore", "compare", "start"] as const;
export type Phase = (typeof phases)[number];

export const phaseWords = { fetch: "fetch", restore: "restore", compare: "compare", start: "start and health" } as const satisfies Record<Phase, string>;
