import { z } from "zod";
import { Difference } from "@/lib/backup/schemas";
import { PublicErrorSchema } from "@/lib/runs/schemas";

/** `drill` restores a stored backup; `disaster` takes a fresh one, loses everything on a copy, and restores it. */
export const drillKinds = ["drill", "disaster"] as const;
export type DrillKind = (typeof drillKinds)[number];

/** `inconclusive`: it could not be set up or did not come to its end, so nothing was proven and nothing disproven. */
export const drillOutcomes = ["passed", "failed", "inconclusive"] as const;
export type DrillOutcome = (typeof drillOutcomes)[number];

/** Milliseconds by phase; one that was not reached is missing. Cleaning up counts for itself: a real restore has none. */
export const drillPhases = ["fetch", "start", "restore", "compare", "checks", "cleanUp"] as const;
export type DrillPhase = (typeof drillPhases)[number];
export const DrillPhases = z.object({
  fetch: z.number().optional(),
  start: z.number().optional(),
  restore: z.number().optional(),
  compare: z.number().optional(),
  checks: z.number().optional(),
  cleanUp: z.number().optional(),
});
export type DrillPhases = z.output<typeof DrillPhases>;

/**
 * What a drill asked, and what it got. `skipped` could not be asked, and `detail` says why: it is neither passed nor failed.
 * `own` is a question of the user's; it alone has a query.
 */
export const drillCheckIds = ["file", "load", "schema", "rows", "sequences", "extensions", "large_objects", "access", "contents", "amcheck", "own", "clean_up"] as const;
export const DrillCheckResult = z.object({
  id: z.enum(drillCheckIds),
  outcome: z.enum(["passed", "failed", "skipped"]),
  title: z.string(),
  /** A whole sentence: what was compared with what. */
  detail: z.string(),
  query: z.string().nullable(),
  expected: z.string().nullable(),
  got: z.string().nullable(),
  ms: z.number().nullable(),
});
export type DrillCheckResult = z.output<typeof DrillCheckResult>;

/** What was left on the engine after cleaning up: nothing, as far as it could be asked. */
export const CleanUp = z.object({
  at: z.string(),
  /** The scratch containers by name, each removed with its data. */
  containers: z.array(z.string()),
  volumes: z.number().int(),
  /** Containers and volumes of this run that were still there afterwards; null when the engine could not be asked. */
  left: z.number().int().nullable(),
});
export type CleanUp = z.output<typeof CleanUp>;

/** A step of the disaster drill, as its report tells it. `log`: the last words of what did not work, without secrets. */
export const DisasterStep = z.object({ id: z.enum(["backup", "production", "loss", "restore", "verify", "application"]), at: z.string(), ms: z.number().nullable(), outcome: z.enum(["done", "failed", "skipped"]), title: z.string(), detail: z.string(), log: z.string().optional() });
export type DisasterStep = z.output<typeof DisasterStep>;

/** Procedures, 6: fresh backup, total loss, restore, verify, application, times. */
export const DisasterReport = z.object({
  steps: z.array(DisasterStep),
  /** From the loss until the restored copy was verified. */
  rtoMs: z.number().nullable(),
  /** How old the data was at the moment of the loss: what would have been lost. */
  rpoMs: z.number().nullable(),
  lostAt: z.string().nullable(),
  restoredAt: z.string().nullable(),
  objectiveRtoSeconds: z.number(),
  objectiveRpoSeconds: z.number(),
});
export type DisasterReport = z.output<typeof DisasterReport>;

/**
 * Table by table what a drill found that found no difference: every table whose rows are in the dump was compared with the archive, byte
 * by byte, and is equal. Ten thousand tables take no room: only those stand here whose count the manifest does not say.
 */
export const DrillTables = z.object({ equal: z.number().int(), counted: z.array(z.tuple([z.string(), z.string(), z.number().nullable()])) });
export type DrillTables = z.output<typeof DrillTables>;

/** Everything a drill found. Lists keep their first two hundred; totals are exact. */
export const DrillReport = z.object({
  /** The image of the scratch container and the server in it; null when there was none. */
  image: z.string().nullable(),
  serverVersion: z.string().nullable(),
  checks: z.array(DrillCheckResult),
  differences: z.array(Difference),
  differencesTotal: z.number().int(),
  /** What failed behind the data, in the tool's own words. */
  failures: z.array(z.string()),
  compared: z.object({ tables: z.number().int(), rows: z.number().nullable(), notCompared: z.array(z.string()) }),
  /** Null where something differed or nothing was compared, and in drills from before it was kept. */
  tables: DrillTables.nullable().default(null),
  cleanUp: CleanUp.nullable(),
  /** Why it did not pass. */
  problem: PublicErrorSchema.nullable(),
  disaster: DisasterReport.nullable(),
});
export type DrillReport = z.output<typeof DrillReport>;

/** `scheduled`: at times that only the page of its schedule can say. */
export const drillWhens = ["after_backup", "daily", "weekly", "quarterly", "yearly", "scheduled", "never"] as const;
export type DrillWhen = (typeof drillWhens)[number];

/**
 * When a database is drilled by itself. `newest`: its newest backup. `rotate`: the newest one and, every other time, the older one
 * whose last drill is longest ago.
 */
export const DrillPolicy = z.object({
  when: z.enum(drillWhens),
  which: z.enum(["newest", "rotate"]).default("newest"),
  /** Hour of the day, UTC; weekly on Mondays, quarterly on the first day of January, April, July and October, yearly on 1 January. */
  hour: z.number().int().min(0).max(23).default(3),
});
export type DrillPolicy = z.output<typeof DrillPolicy>;

/** What a newly registered database gets: without a drill it could never be Protected. */
export const defaultDrillPolicy = { when: "after_backup", which: "newest", hour: 3 } as const satisfies DrillPolicy;

/** The column: what holds where no schedule does, and since when, so that a new policy does not make up for backups before it. */
export const StoredDrillPolicy = DrillPolicy.pick({ which: true }).extend({ when: z.enum(["after_backup", "never"]), since: z.string() });
export type StoredDrillPolicy = z.output<typeof StoredDrillPolicy>;

export const StartDrillInput = z.object({ backupId: z.string() });
export type StartDrillInput = z.output<typeof StartDrillInput>;
export const StartDisasterDrillInput = z.object({ databaseId: z.string() });
export type StartDisasterDrillInput = z.output<typeof StartDisasterDrillInput>;
/** What the runs themselves get. `scheduled`: the policy asked for it, not a person. */
export const DrillInput = z.object({ scheduled: z.boolean().default(false) });
export const DisasterDrillInput = z.object({});

export const SetDrillPolicyInput = DrillPolicy.extend({ databaseId: z.string() });
export type SetDrillPolicyInput = z.output<typeof SetDrillPolicyInput>;

/** A question every drill of the database asks. It is sent as one query, so psql's own commands have no place in it. */
export const AddDrillCheckInput = z.object({
  databaseId: z.string(),
  name: z.string().trim().min(1, "Name it.").max(120),
  query: z.string().trim().min(1, "Write a query.").max(10_000).refine((query) => !query.startsWith("\\"), "A query does not start with a backslash.").refine((query) => !query.includes("\0"), "A query cannot contain a zero byte."),
  expected: z.string().max(10_000),
});
export type AddDrillCheckInput = z.output<typeof AddDrillCheckInput>;
export const DrillCheckIdInput = z.object({ checkId: z.string() });
