import { z } from "zod";

export const dumpFormats = ["custom", "plain", "directory"] as const;
export type DumpFormat = (typeof dumpFormats)[number];

/**
 * How one database is dumped. Table patterns are those of `pg_dump --exclude-table` (manual page pg_dump, "Patterns"):
 * `logs`, `audit.*`. A pattern that matches nothing fails the run, so a renamed table is noticed.
 */
export const BackupOptions = z.object({
  format: z.enum(dumpFormats).default("custom"),
  /** zstd 1 to 19 for custom, gzip 1 to 9 for plain and directory; null is the format's default. */
  compressionLevel: z.number().int().min(1).max(19).nullable().default(null),
  /** Parallel jobs of a directory dump. */
  jobs: z.number().int().min(1).max(32).default(2),
  excludeTables: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  excludeTableData: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** Password hashes in the roles file. Needs a role that may read pg_authid, and makes that file a secret. */
  includeRolePasswords: z.boolean().default(false),
}).refine((options) => options.format === "custom" || options.compressionLevel === null || options.compressionLevel <= 9, {
  path: ["compressionLevel"],
  message: "gzip takes levels 1 to 9. Only the custom format (zstd) goes to 19.",
});
export type BackupOptions = z.output<typeof BackupOptions>;

/** The same options in another format. A level of compression belongs to the format it was chosen for. */
export function withFormat(options: BackupOptions, format: DumpFormat): BackupOptions {
  return { ...options, format, compressionLevel: format === options.format ? options.compressionLevel : null };
}

export const defaultBackupOptions: BackupOptions = BackupOptions.parse({});

/** PostgreSQL's limit for an identifier is 63 bytes (NAMEDATALEN - 1). No NUL: nothing else is forbidden. */
const Identifier = z.string().min(1, "This cannot be empty.").max(63, "PostgreSQL names have at most 63 bytes.").refine((s) => !s.includes("\0"), "A name cannot contain a zero byte.");

export const ServerAddress = z.object({
  /** Name or id of the container. */
  container: z.string().trim().min(1, "Name a container.").max(200),
  databaseName: Identifier,
  /** The PostgreSQL role that dumps. */
  role: Identifier,
});
export type ServerAddress = z.output<typeof ServerAddress>;

/** How old what would be lost may be: a minute to a year. */
const LossObjective = z.number("Write a figure.").int().min(60, "At least a minute.").max(366 * 86_400, "At most a year.");
/** How long a way back may take: ten seconds to a week. */
const TimeObjective = z.number("Write a figure.").int().min(10, "At least 10 seconds.").max(7 * 86_400, "At most a week.");

export const AddDatabaseInput = ServerAddress.extend({
  /** What it is called here; left out, its own name, unless another database has that already. */
  name: z.string().trim().min(1).max(200).optional(),
  storeId: z.string().min(1, "Choose where its backups go."),
  objectiveRpoSeconds: LossObjective.default(86_400),
  objectiveRtoSeconds: TimeObjective.default(300),
  objectiveTableSeconds: TimeObjective.default(120),
  objectivePointInTimeSeconds: TimeObjective.default(600),
  options: BackupOptions.default(defaultBackupOptions),
});
/** What can be changed of a database: its address, its store, its targets, its options. */
export const DatabaseSettings = z.object({
  role: Identifier,
  container: z.string().trim().min(1).max(200),
  storeId: z.string(),
  objectiveRpoSeconds: LossObjective,
  objectiveRtoSeconds: TimeObjective,
  objectiveTableSeconds: TimeObjective,
  objectivePointInTimeSeconds: TimeObjective,
  options: BackupOptions,
});
/** What is left out stays, so that a card changes only what stands in it. */
export const UpdateDatabaseInput = DatabaseSettings.partial().extend({ databaseId: z.string() });
export const AcceptIdentityInput = z.object({ databaseId: z.string(), phrase: z.string(), reason: z.string().trim().min(1, "Say why.").max(500) });
export const RemoveDatabaseInput = z.object({ databaseId: z.string(), phrase: z.string() });
export const CheckDatabaseInput = ServerAddress.extend({ storeId: z.string().nullable().default(null), databaseId: z.string().nullable().default(null) });

/** One line of a test. `warning` does not stop a backup, `failed` does, `skipped` could not be asked because an earlier one failed. */
export const CheckLine = z.object({
  id: z.enum(["engine", "container", "server", "tools", "identity", "role", "zstd", "space", "container_space", "roles_passwords"]),
  outcome: z.enum(["passed", "warning", "failed", "skipped"]),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
});
export type CheckLine = z.output<typeof CheckLine>;

export const DatabaseCheck = z.object({
  lines: z.array(CheckLine),
  tookMs: z.number().int(),
  /** What the server said of itself; null where it was not reached. */
  facts: z.object({
    image: z.string().nullable(),
    serverVersion: z.string().nullable(),
    systemIdentifier: z.string().nullable(),
    databaseOid: z.string().nullable(),
    sizeBytes: z.number().nullable(),
    tables: z.number().int().nullable(),
    readableTables: z.number().int().nullable(),
  }),
});
export type DatabaseCheck = z.output<typeof DatabaseCheck>;

export function hasFailed(check: DatabaseCheck): boolean {
  return check.lines.some((line) => line.outcome === "failed");
}

/** The result of a `discover` run. */
export const Discovery = z.object({
  engine: z.object({ reachable: z.boolean(), version: z.string().nullable(), endpoint: z.string(), problem: z.string().nullable() }),
  containers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      image: z.string(),
      /** Docker's own word: running, exited, created, paused, restarting, dead. */
      state: z.string(),
      /** Docker's sentence: "Up 41 days", "Exited (0) 3 days ago". */
      status: z.string(),
      serverVersion: z.string().nullable(),
      /** The role to suggest: POSTGRES_USER of the container, else postgres. */
      role: z.string(),
      databases: z.array(z.object({ name: z.string(), sizeBytes: z.number().nullable(), tables: z.number().int().nullable() })),
      /** Why the databases inside are not listed. */
      problem: z.string().nullable(),
    }),
  ),
});
export type Discovery = z.output<typeof Discovery>;
