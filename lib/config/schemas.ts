import { z } from "zod";
import { BackupOptions, DatabaseSettings, ServerAddress } from "@/lib/databases/schemas";
import { AddDrillCheckInput, DrillPolicy } from "@/lib/drill/schemas";
import { Application, Rehearsal } from "@/lib/restore/schemas";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { ScheduleSettings, scheduleKinds, type ScheduleKind } from "@/lib/schedule/schemas";
import { usualSettings } from "@/lib/schedule/usual";
import { AddStoreInput } from "@/lib/stores/schemas";
import { ConfigChannel, ConfigNotifications } from "./channel-schemas";
import { Duration, Size, writeDuration } from "./units";

/** Where a file is looked for in the installation's directory, when HOLDFAST_CONFIG does not name one. */
export const configNames = ["holdfast.config.yaml", "holdfast.config.yml", "holdfast.config.json"] as const;

/**
 * What a file can take over of one database: a card of the interface each. A key in the file is a whole card; members it leaves out
 * take their defaults.
 */
export const managedParts = ["address", "store", "objectives", "options", "application", "drills", "checks", ...scheduleKinds.map((kind) => `schedules.${kind}` as const), "retention"] as const;
export type ManagedPart = (typeof managedParts)[number];

const { role, container, objectiveRpoSeconds, objectiveRtoSeconds, objectiveTableSeconds, objectivePointInTimeSeconds } = DatabaseSettings.shape;

const Objectives = z
  .strictObject({
    loseAtMost: Duration.pipe(objectiveRpoSeconds).prefault("24h").describe("How old what would be lost may be (RPO)."),
    backWithin: Duration.pipe(objectiveRtoSeconds).prefault("5m").describe("How long restoring the whole database may take (RTO)."),
    tableBackWithin: Duration.pipe(objectiveTableSeconds).prefault("2m").describe("How long restoring some of its tables may take."),
    pointInTimeBackWithin: Duration.pipe(objectivePointInTimeSeconds).prefault("10m").describe("How long going back to a point in time may take."),
  })
  .transform(({ loseAtMost, backWithin, tableBackWithin, pointInTimeBackWithin }) => ({
    objectiveRpoSeconds: loseAtMost,
    objectiveRtoSeconds: backWithin,
    objectiveTableSeconds: tableBackWithin,
    objectivePointInTimeSeconds: pointInTimeBackWithin,
  }));

const application = Application.shape;
const ConfigApplication = z
  .strictObject({
    containers: application.containers.describe("Containers that are stopped before a restore puts its database in place and started after it, in this order."),
    healthUrl: application.healthUrl.describe("Asked after the start until it answers 2xx or 3xx. null: nothing is asked."),
    healthWithin: Duration.pipe(application.healthSeconds.unwrap()).prefault("2m").describe("How long the answer may take."),
    stopWithin: Duration.pipe(application.stopSeconds.unwrap()).prefault("30s").describe("How long a container may take to stop."),
    rehearsal: z
      .strictObject({
        container: Rehearsal.shape.container.describe("The container that a disaster drill copies, without any network, beside the recovered database."),
        url: Rehearsal.shape.url.describe("Asked inside the copy until it answers 2xx or 3xx: http, at localhost or 127.0.0.1."),
      })
      .nullable()
      .default(null)
      .describe("null: a disaster drill asks no application."),
  })
  .transform(({ containers, healthUrl, healthWithin, stopWithin, rehearsal }) => ({ containers: [...new Set(containers)], healthUrl, healthSeconds: healthWithin, stopSeconds: stopWithin, rehearsal }));

const schedule = ScheduleSettings.shape;

/** A schedule of one kind; what it leaves out is as usual for that kind. */
function scheduleOf(kind: ScheduleKind) {
  const usual = usualSettings(kind);
  const settings = z
    .strictObject({
      cron: schedule.cron.describe("Minute, hour, day of the month, month, day of the week."),
      timeZone: schedule.timeZone.prefault("UTC").describe("Its wall clock decides, as in Europe/Dublin."),
      spread: Duration.pipe(schedule.jitterSeconds.unwrap()).prefault(writeDuration(usual.jitterSeconds)).describe("Up to this long after its time, so that many databases do not start at once."),
      retries: schedule.retries.unwrap().default(usual.retries).describe("How often one that failed is tried again."),
      retryAfter: Duration.pipe(schedule.retryDelaySeconds.unwrap()).prefault(writeDuration(usual.retryDelaySeconds)),
      timeLimit: Duration.pipe(schedule.timeoutSeconds.unwrap().unwrap()).nullable().prefault(null).describe("A run that takes longer is cancelled. null: it may take as long as it takes."),
      missed: schedule.missed.unwrap().default(usual.missed).describe("After a time at which Holdfast was not running."),
      overlap: schedule.overlap.unwrap().default(usual.overlap).describe("When what cannot be done beside it is under way."),
      ...(kind === "backup" ? { options: BackupOptions.strict().nullable().default(null).describe("null takes the database's own options.") } : {}),
    })
    .transform(({ spread, retryAfter, timeLimit, ...rest }) => ScheduleSettings.parse({ ...rest, jitterSeconds: spread, retryDelaySeconds: retryAfter, timeoutSeconds: timeLimit }));
  return z.union([z.literal("none"), settings]).optional();
}

/** What each kind of schedule is called in a file. */
export const scheduleKeys = { backup: "backup", drill: "drill", disaster_drill: "disasterDrill", clean_up: "cleanUp", recheck: "recheck" } as const satisfies Record<ScheduleKind, string>;
const Schedules = z.strictObject({
  backup: scheduleOf("backup").describe("When it is backed up by itself; none: never."),
  drill: scheduleOf("drill").describe("When a backup of it is drilled, where drills says scheduled."),
  disasterDrill: scheduleOf("disaster_drill").describe("When its loss is rehearsed on a copy."),
  cleanUp: scheduleOf("clean_up").describe("When its backups are cleaned up; none: after each backup."),
  recheck: scheduleOf("recheck").describe("When its stored files are read again."),
});

// Rules that are applied by themselves never touch foreign files.
const { totalBytes: _, foreign: __, ...retentionRules } = RetentionPolicy.shape;
const Retention = z
  .strictObject({ ...retentionRules, totalSize: Size.nullable().default(null).describe("When what stays is larger, the oldest that nothing protects go as well. null: no limit.") })
  .transform(({ totalSize, ...rules }): RetentionPolicy => ({ ...rules, totalBytes: totalSize, foreign: false }));

const check = AddDrillCheckInput.shape;
const Check = z.strictObject({
  name: check.name,
  query: check.query.describe("One statement, asked of every restored copy."),
  // YAML takes an answer such as 0 for a figure.
  expected: z.union([check.expected, z.number()]).transform(String).describe("The answer it must get, as psql writes it without decoration."),
});

export const ConfigDatabase = z.strictObject({
  container: container.describe("Name or id of the container it runs in."),
  database: ServerAddress.shape.databaseName.optional().describe("Its name in PostgreSQL. Left out, the name it has here."),
  role: role.describe("The PostgreSQL role that dumps."),
  store: z.string().min(1).optional().describe("The name of the store that its backups go to."),
  objectives: Objectives.optional(),
  options: BackupOptions.strict().optional().describe("How it is dumped."),
  application: ConfigApplication.optional(),
  drills: z.strictObject(DrillPolicy.shape).optional().describe("When it is drilled by itself, and with which backup."),
  checks: z.array(Check).max(100).refine((checks) => new Set(checks.map(({ name }) => name)).size === checks.length, "Two checks have the same name.").optional().describe("Every check of your own; one that is not in the list is taken out."),
  schedules: Schedules.optional().describe("What is done by itself, by kind: none, or when."),
  retention: z.union([z.literal("everything"), Retention]).optional().describe("What is kept of it; everything: all, until somebody deletes it."),
}).superRefine(({ drills, schedules }, ctx) => {
  // Both are when it is drilled, so they must say the same.
  const drill = schedules?.drill;
  const issue = (message: string) => ctx.addIssue({ code: "custom", path: ["drills", "when"], message });
  if (drills?.when === "scheduled" && (drill === undefined || drill === "none")) issue("scheduled goes with the times under schedules.drill, and there are none.");
  if (drills && drills.when !== "scheduled" && drill !== undefined && drill !== "none") issue(`schedules.drill says when. Write scheduled instead of ${drills.when}, or take schedules.drill out.`);
  if (drill === "none" && drills && drills.when !== "after_backup" && drills.when !== "never") issue(`schedules.drill says none. Take it out, or write after_backup or never instead of ${drills.when}.`);
});
export type ConfigDatabase = z.output<typeof ConfigDatabase>;

const StoreName = AddStoreInput.shape.name;
const DatabaseName = z.string().trim().min(1).max(200);

export const ConfigFile = z.strictObject({
  $schema: z.string().optional().describe("For editors; Holdfast does not look at it."),
  stores: z.record(StoreName, z.strictObject({ path: AddStoreInput.shape.path.describe("A directory on the host of the worker.") })).optional().describe("Where backups go, by name."),
  databases: z.record(DatabaseName, ConfigDatabase).optional().describe("What is protected, by the name it has in Holdfast."),
  channels: z.record(z.string().trim().min(1).max(60), ConfigChannel).optional().describe("Who is told, by the name of the channel."),
  notifications: ConfigNotifications.optional().describe("When people are told."),
});
export type ConfigFile = z.output<typeof ConfigFile>;
export type ConfigInput = z.input<typeof ConfigFile>;

/** One thing that is wrong with a file. `path` is dotted: `databases.bimcalc.role`; both are null for the file as a whole. */
export const ConfigProblem = z.object({ line: z.number().int().nullable(), path: z.string().nullable(), message: z.string() });
export type ConfigProblem = z.output<typeof ConfigProblem>;

/** Which parts of a database an entry takes over. The policy of drills and their schedule are two sides of one thing. */
export function partsOf({ store, objectives, options, application: app, drills, checks, schedules, retention }: ConfigDatabase): ManagedPart[] {
  const kinds = scheduleKinds.filter((kind) => schedules?.[scheduleKeys[kind]] !== undefined || (kind === "drill" && drills !== undefined));
  const said: Partial<Record<ManagedPart, unknown>> = { address: true, store, objectives, options, application: app, drills: drills ?? schedules?.drill, checks, retention, ...Object.fromEntries(kinds.map((kind) => [`schedules.${kind}`, true])) };
  return managedParts.filter((part) => said[part] !== undefined);
}

/** What a file manages, by id: names change when something is removed. */
export const Managed = z.object({
  stores: z.array(z.string()),
  databases: z.record(z.string(), z.array(z.enum(managedParts))),
  channels: z.array(z.string()),
  /** When people are told. */
  notifications: z.boolean(),
});
export type Managed = z.output<typeof Managed>;
export const nothingManaged: Managed = { stores: [], databases: {}, channels: [], notifications: false };

/** What is known of the file, as the record keeps it. */
export const ConfigState = z.object({
  /** Where the worker looks, in order. */
  lookedFor: z.array(z.string()),
  /** The file as it was last applied; null: none is in force. */
  inForce: z
    .object({
      path: z.string(),
      hash: z.string(),
      since: z.string(),
      managed: Managed,
      /** Rules that would remove backups the moment they held: a person looks at them first. */
      waiting: z.array(z.object({ databaseId: z.string(), policy: RetentionPolicy })),
      /** Databases that an earlier version of the file had: they are protected as before, and managed here again. */
      handedBack: z.array(z.string()),
    })
    .nullable(),
  /** A later version that could not be applied. */
  refused: z.object({ path: z.string(), at: z.string(), problems: z.array(ConfigProblem) }).nullable(),
});
export type ConfigState = z.output<typeof ConfigState>;
