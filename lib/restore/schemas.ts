import { z } from "zod";
import { rungs } from "@/lib/backup/schemas";
import { dumpFormats } from "@/lib/databases/schemas";

/**
 * How a backup reaches its place. `swap`: into a staging database, verified there, then two renames; the database from before is
 * kept. `beside`: a new database on the same server, the live one is not touched. `in_place`: drop and create, only where the
 * disk cannot hold two.
 */
export const restoreMethods = ["swap", "beside", "in_place"] as const;
export type RestoreMethod = (typeof restoreMethods)[number];

/** PostgreSQL's limit for an identifier is 63 bytes (NAMEDATALEN - 1). */
const Identifier = z
  .string()
  .min(1, "Name it.")
  .refine((name) => new TextEncoder().encode(name).length <= 63, "PostgreSQL names have at most 63 bytes.")
  .refine((name) => !name.includes("\0"), "A name cannot contain a zero byte.");

/** What is done about a role that the backup names and the server does not have. */
export const MissingRole = z.union([
  z.object({ do: z.literal("create") }),
  z.object({ do: z.literal("skip") }),
  z.object({ do: z.literal("map"), to: Identifier }),
]);
export type MissingRole = z.output<typeof MissingRole>;

/** What a person decides about a restore, apart from the backup itself. */
export const RestoreChoices = z.object({
  method: z.enum(restoreMethods).default("swap"),
  /** For `beside`: what the new database is called. */
  newName: Identifier.nullable().default(null),
  /** By role; one that is not named here is created without the right to sign in. */
  missingRoles: z.record(z.string(), MissingRole).default({}),
  /** Hours the database from before is kept, so that the restore can be undone. */
  keepHours: z.number().int().min(1).max(24 * 90).default(24),
  /** Undo by itself when the application does not come up in time. */
  undoIfUnhealthy: z.boolean().default(false),
  /** For `in_place`: a backup of what is there now, first. */
  safetyBackup: z.boolean().default(true),
});
export type RestoreChoices = z.output<typeof RestoreChoices>;

/** What a restore is asked for; `databaseId` is the registered database whose place it takes, or beside which it goes. */
export const RestoreRequest = z.object({ backupId: z.string().min(1), databaseId: z.string().min(1), choices: RestoreChoices });
export type RestoreRequest = z.output<typeof RestoreRequest>;

/** In a disaster drill: the container that is copied beside the recovered database, and the address that is asked inside that copy. */
export const Rehearsal = z.object({
  container: z.string().trim().min(1, "Name the container to copy.").max(200),
  url: z.url({ protocol: /^http$/, hostname: /^(?:localhost|127\.0\.0\.1)$/, message: "Write an address inside the copy, such as http://localhost:8000/health." }),
});
export type Rehearsal = z.output<typeof Rehearsal>;

/** The containers that use a database, and how to tell that they work. `null` fields are not configured. */
export const Application = z.object({
  containers: z.array(z.string().trim().min(1).max(200)).max(20).default([]),
  healthUrl: z.url({ protocol: /^https?$/, message: "Write an address such as http://localhost:8001/health." }).nullable().default(null),
  /** How long the address may take to answer 2xx or 3xx after the start. */
  healthSeconds: z.number("Write whole seconds.").int("Write whole seconds.").min(5, "At least 5 seconds.").max(3_600, "At most an hour.").default(120),
  /** How long a container may take to stop before Docker ends it. */
  stopSeconds: z.number("Write whole seconds.").int("Write whole seconds.").min(0, "Not less than 0.").max(600, "At most 10 minutes.").default(30),
  /** Null: the disaster drill asks no application. */
  rehearsal: Rehearsal.nullable().default(null),
});
export type Application = z.output<typeof Application>;
export const noApplication: Application = Application.parse({});

const TableRef = z.object({ schema: z.string(), name: z.string() });

/** What the worker found at the target, at one moment. Counts, sessions and ages are evidence: they may differ a second later. */
export const RestoreEvidence = z.object({
  at: z.string(),
  request: RestoreRequest,
  backup: z.object({
    id: z.string(),
    databaseName: z.string(),
    origin: z.string(),
    takenAt: z.string(),
    rung: z.enum(rungs),
    provenAt: z.string().nullable(),
    format: z.enum(dumpFormats),
    sizeBytes: z.number(),
    databaseBytes: z.number().nullable(),
    sha256: z.string().nullable(),
    isPartial: z.boolean(),
    problem: z.string().nullable(),
    serverVersion: z.string().nullable(),
    serverVersionNumber: z.number().nullable(),
    owner: z.string().nullable(),
    encoding: z.string().nullable(),
    collation: z.string().nullable(),
    characterType: z.string().nullable(),
    /** Null: there is no manifest, so nothing says what it must contain. */
    tables: z.array(TableRef.extend({ rows: z.number().nullable(), excluded: z.boolean() })).nullable(),
    extensions: z.array(z.object({ name: z.string(), version: z.string() })),
    roles: z.array(z.string()),
  }),
  target: z.object({
    databaseId: z.string(),
    /** As it is called in Holdfast. */
    name: z.string(),
    databaseName: z.string(),
    container: z.string(),
    /** Docker's own word; null when there is no such container. */
    containerState: z.string().nullable(),
    /** Why the server could not be asked; everything below is null or empty then. */
    problem: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
    serverVersion: z.string().nullable(),
    serverVersionNumber: z.number().nullable(),
    systemIdentifier: z.string().nullable(),
    /** The registered identity, where there is one, to compare with. */
    expectedIdentity: z.string().nullable(),
    role: z.string(),
    isSuperuser: z.boolean(),
    mayCreate: z.boolean(),
    /** Whether it may end sessions of others: a superuser, or a member of pg_signal_backend. */
    maySignal: z.boolean(),
    /** The database of that name; null: there is none, so nothing is replaced. */
    live: z
      .object({
        oid: z.string(),
        sizeBytes: z.number(),
        owner: z.string(),
        ownedByRole: z.boolean(),
        encoding: z.string(),
        collation: z.string(),
        characterType: z.string(),
      })
      .nullable(),
    tables: z.array(TableRef.extend({ rows: z.number().nullable(), written: z.number().nullable() })).nullable(),
    sessions: z.array(z.object({ application: z.string(), role: z.string(), count: z.number(), idleSeconds: z.number().nullable(), inTransaction: z.number() })),
    preparedTransactions: z.array(z.string()),
    replicationSlots: z.array(z.string()),
    subscriptions: z.array(z.string()),
    availableExtensions: z.array(z.string()),
    existingRoles: z.array(z.string()),
    databaseNames: z.array(z.string()),
    /**
     * The file systems that the restored database is written to, each once, with what lies there: the server's data, its write-ahead log, and the
     * home of the database, which is the tablespace of the live one. What could not be asked is missing.
     */
    volumes: z.array(z.object({ mount: z.string(), roles: z.array(z.enum(["data", "wal", "home"])), freeBytes: z.number(), totalBytes: z.number() })).default([]),
    /** How much write-ahead log the server keeps by its settings, what it has now, which slots make it keep all of it, and whether it is archived. */
    wal: z.object({ mostBytes: z.number(), heldBytes: z.number().nullable(), idleSlots: z.array(z.string()), archiving: z.enum(["off", "working", "failing"]) }).nullable().default(null),
    cores: z.number().int(),
    /** Databases that earlier restores of it keep, what waits for a decision included. */
    kept: z.array(z.object({ name: z.string(), sizeBytes: z.number() })),
  }),
  application: Application.extend({
    states: z.array(z.object({ container: z.string(), state: z.string().nullable() })),
    health: z.object({ ok: z.boolean(), detail: z.string(), ms: z.number() }).nullable(),
  }),
  /** The last drill or restore of a backup as large, that was measured; an estimate comes from nothing else. `sizeBytes`: of its backup; null in plans from before it was kept. */
  measured: z.object({ what: z.enum(["drill", "restore"]), at: z.string(), totalMs: z.number(), sizeBytes: z.number().nullable().default(null), downtimeMs: z.number().nullable() }).nullable(),
  /** Another run that works on the database at this moment. */
  activeRunId: z.number().nullable(),
});
export type RestoreEvidence = z.output<typeof RestoreEvidence>;

/** What a restore does, exactly: its hash is what a person confirms. No counts, ages or sessions in here. */
export const RestoreDecision = z.object({
  backupId: z.string(),
  sha256: z.string().nullable(),
  databaseId: z.string(),
  container: z.string(),
  systemIdentifier: z.string().nullable(),
  databaseName: z.string(),
  /** The database that is replaced; null: none. */
  replacesOid: z.string().nullable(),
  method: z.enum(restoreMethods),
  targetName: z.string(),
  roles: z.record(z.string(), MissingRole),
  keepHours: z.number(),
  undoIfUnhealthy: z.boolean(),
  safetyBackup: z.boolean(),
  stops: z.array(z.string()),
  healthUrl: z.string().nullable(),
  steps: z.array(z.string()),
});
export type RestoreDecision = z.output<typeof RestoreDecision>;

/** One line of the plan. `blocking` stops the restore until its fix is done; `warning` does not. */
export const PlanCheck = z.object({
  id: z.enum(["proof", "integrity", "identity", "server", "versions", "space", "extensions", "roles", "rights", "application", "sessions", "prepared", "slots", "busy", "partial", "name", "encoding"]),
  outcome: z.enum(["passed", "warning", "blocking"]),
  title: z.string(),
  detail: z.string(),
  /** What to do about it, as a sentence. */
  fix: z.string().nullable(),
  /** A fix that Holdfast can do by itself: start the container, or choose another way. */
  offer: z.enum(["start_container", "choose_beside", "choose_in_place"]).nullable(),
});
export type PlanCheck = z.output<typeof PlanCheck>;

/** Which of the two alone has a table: the restore drops what only live has, and brings what only the backup has. */
export const OnlyIn = z.enum(["live", "backup"]);
export type OnlyIn = z.output<typeof OnlyIn>;

export const PlanRow = TableRef.extend({
  /** Null: not counted, or not there, as `only` says. */
  now: z.number().nullable(),
  after: z.number().nullable(),
  /** Net, and null where a count is not known. A table that is not there counts as nothing here. */
  difference: z.number().nullable(),
  /** Null: both have it, or what live has is not known. */
  only: OnlyIn.nullable().default(null),
});
export type PlanRow = z.output<typeof PlanRow>;

/** The server's plan: what the review page shows and what the worker does. */
export const RestorePlan = z.object({
  decision: RestoreDecision,
  /** SHA-256 of the decision, hexadecimal. */
  hash: z.string(),
  computedAt: z.string(),
  /** Blocking first, then warnings. */
  checks: z.array(PlanCheck),
  isBlocked: z.boolean(),
  /** Null where there is no manifest or the live tables could not be counted. */
  rows: z.array(PlanRow).nullable(),
  /** Rows that are there now and will not be, net per table; and the other way round. */
  rowsTakenOut: z.number().nullable(),
  rowsBack: z.number().nullable(),
  tablesTakenFrom: z.array(z.string()),
  /** Null: nothing as large was measured yet, and nothing is invented. */
  takesAboutMs: z.number().nullable(),
  takesAboutFrom: z.string().nullable(),
  downtimeAboutMs: z.number().nullable(),
  /** How far the data goes back. */
  goesBackMs: z.number(),
  /** Were it swapped at the moment this was computed; what is kept is kept from the swap on. Null: it cannot be undone in one step. */
  undoUntil: z.string().nullable(),
  /** Rows of roles that the server does not have, with what is done about each. */
  missingRoles: z.array(z.object({ role: z.string(), choice: MissingRole })),
  existingRoles: z.array(z.string()),
  closesSessions: z.number(),
  notRestored: z.array(z.string()),
});
export type RestorePlan = z.output<typeof RestorePlan>;

const Reason = z.string().trim().min(1, "Say why. It goes into the audit log.").max(1_000);
export const PlanRestoreInput = RestoreRequest;
/** The result of a `plan_restore` run. */
export const PlanRestoreResult = z.object({ evidence: RestoreEvidence });
export const StartRestoreInput = z.object({
  planRunId: z.number().int().positive(),
  /** The hash of the decision that was on the screen. */
  hash: z.string(),
  phrase: z.string(),
  reason: Reason,
});
export type StartRestoreInput = z.output<typeof StartRestoreInput>;
/** What the runs get that restore, undo, decide and remove. */
export const RestoreInput = z.object({ restoreId: z.string() });
/** The first of them asks its questions anew, so it gets them. */
export const RestoreRunInput = RestoreInput.extend({ request: RestoreRequest });
export type RestoreRunInput = z.output<typeof RestoreRunInput>;
export const ResolveRunInput = RestoreInput.extend({ decide: z.enum(["swap", "drop"]) });
export type ResolveRunInput = z.output<typeof ResolveRunInput>;
export const UndoRestoreInput = z.object({ restoreId: z.string(), phrase: z.string(), reason: Reason });
export const DropKeptInput = z.object({ restoreId: z.string(), phrase: z.string(), reason: Reason });
/** After failures behind the data: put the staged database in place with what it lacks named, or remove it. */
export const ResolveStagedInput = z.object({ restoreId: z.string(), decide: z.enum(["swap", "drop"]), phrase: z.string(), reason: z.string().trim().max(1_000).default("") });
export const StartContainerInput = z.object({ databaseId: z.string() });

/**
 * A container that was stopped for a restore and is not yet started again. `isDown`: its stop was seen to end; else it may still be on its way
 * down. An older row has its name alone.
 */
export const StoppedContainer = z.union([z.object({ name: z.string(), isDown: z.boolean() }), z.string().transform((name) => ({ name, isDown: false }))]);
export const StoppedContainers = z.array(StoppedContainer);

/**
 * Where a restore is. `staged_incomplete`: the data is whole, something behind it (an index, a view) or the swap itself failed, and a person
 * decides; what is lacking is in the outcome, nothing where only the name is.
 * `swapped` and `undone` are the two complete states of a swap; which databases are meant is in the row.
 */
export const restoreStates = ["started", "staging", "staged_incomplete", "staged", "swapping", "swapped", "undone", "created", "failed"] as const;
export type RestoreState = (typeof restoreStates)[number];

/** What a restore that was compared found, and what it measured. */
export const RestoreOutcome = z.object({
  /** As in the plan: null is not counted, or not there, as `only` says. */
  rows: z.array(TableRef.extend({ before: z.number().nullable(), after: z.number().nullable(), only: OnlyIn.nullable().default(null) })),
  compared: z.object({ tables: z.number(), rows: z.number().nullable(), notCompared: z.array(z.string()) }),
  /** What failed behind the data and was accepted by name. Not empty: never proven. */
  exceptions: z.array(z.string()),
  /** Milliseconds by step of the run. */
  phases: z.record(z.string(), z.number()),
  closedSessions: z.number(),
  downFrom: z.string().nullable(),
  downTo: z.string().nullable(),
  health: z.object({ ok: z.boolean(), detail: z.string(), ms: z.number() }).nullable(),
});
export type RestoreOutcome = z.output<typeof RestoreOutcome>;
