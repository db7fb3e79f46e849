import { z } from "zod";
import { BackupOptions, dumpFormats } from "@/lib/databases/schemas";
import { AccessGroup, ServerSettings } from "@/lib/postgres/schemas";

export const StartBackupInput = z.object({
  databaseId: z.string(),
  /** Where this one goes; null takes the database's own store. */
  storeId: z.string().nullable().default(null),
  /** Null takes the database's own options. */
  options: BackupOptions.nullable().default(null),
  label: z.string().trim().max(80).nullable().default(null),
  note: z.string().trim().max(2_000).nullable().default(null),
  keep: z.boolean().default(false),
});
export type StartBackupInput = z.output<typeof StartBackupInput>;

/** The copies whose files are to be read again. */
export const RecheckInput = z.object({ copyIds: z.array(z.string()) });

export const BackupIdInput = z.object({ backupId: z.string() });
export const KeepBackupInput = z.object({ backupId: z.string(), keep: z.boolean() });
export const DescribeBackupInput = z.object({
  backupId: z.string(),
  label: z.string().trim().max(80).nullable(),
  note: z.string().trim().max(2_000).nullable(),
});
/** Why a backup is deleted by hand. */
export const DeletionReason = z.string().trim().min(1, "Say why. It goes into the audit log.").max(500);
export const DeleteBackupInput = z.object({ backupId: z.string(), phrase: z.string(), reason: DeletionReason });
/** Runs from before a reason was asked for have none. */
export const RunDeleteInput = z.object({ reason: z.string().nullable().default(null) });

export const rungs = ["stored", "intact", "readable", "proven"] as const;
export type Rung = (typeof rungs)[number];

/** Rungs are stored as 1 to 4, so that lists can sort and filter by them; 0 is a file nothing is known about. */
export function rungNumber(rung: Rung): number {
  return rungs.indexOf(rung) + 1;
}
export function rungOf(value: number): Rung | null {
  return rungs[value - 1] ?? null;
}

/** Why a rung could not be climbed, or was lost again. */
export const BackupProblem = z.object({
  rung: z.enum(rungs),
  code: z.string(),
  message: z.string(),
  at: z.string(),
});
export type BackupProblem = z.output<typeof BackupProblem>;

/**
 * What a backup must contain, taken in the dump's own snapshot. Rows are exact; null means not counted, never zero.
 * `kind` is what PostgreSQL calls the relation; only `table` holds rows of its own that a dump carries.
 */
export const Manifest = z.object({
  server: z.object({
    version: z.string(),
    versionNumber: z.number().int(),
    systemIdentifier: z.string().nullable(),
    image: z.string().nullable(),
  }),
  tools: z.object({ dump: z.string(), compression: z.string() }),
  database: z.object({
    name: z.string(),
    oid: z.string(),
    owner: z.string(),
    encoding: z.string(),
    collation: z.string(),
    characterType: z.string(),
    sizeBytes: z.number(),
  }),
  snapshot: z.object({ id: z.string(), takenAt: z.string(), walPosition: z.string() }),
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      kind: z.enum(["table", "partitioned", "view", "materialized_view", "foreign"]),
      rows: z.number().int().nullable(),
      sizeBytes: z.number().nullable(),
      /** `absent`: not in the dump at all; `data`: its definition is, its rows are not. */
      excluded: z.enum(["no", "data", "absent"]),
      activity: z.object({ inserted: z.number(), updated: z.number(), deleted: z.number() }).nullable(),
    }),
  ),
  /** Values come from the archive when it was decoded: a sequence is not part of a snapshot. */
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), value: z.string().nullable() })),
  extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  /** Roles that own or were granted something here. */
  roles: z.array(z.string()),
  /** Owners and grants of everything in it; null in backups from before they were recorded. */
  access: z.array(AccessGroup).nullable().default(null),
  largeObjects: z.number().int(),
  schemaFingerprint: z.string(),
  /** What a scratch server has to be like; null in backups from before it was recorded. */
  settings: ServerSettings.nullable().default(null),
  warnings: z.array(z.string()),
});
export type Manifest = z.output<typeof Manifest>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The `.json` beside every file: enough to rebuild the record from a store alone, and to restore without Holdfast. */
export const Sidecar = z.object({
  holdfast: z.literal(1),
  backupId: z.string(),
  runId: z.number().int(),
  database: z.object({ id: z.string(), name: z.string(), container: z.string(), role: z.string() }),
  takenAt: z.string(),
  format: z.enum(dumpFormats),
  file: z.object({ name: z.string(), sizeBytes: z.number().int(), sha256: Sha256 }),
  roles: z.object({ name: z.string(), sha256: Sha256, withPasswords: z.boolean() }).nullable(),
  options: BackupOptions,
  label: z.string().nullable(),
  note: z.string().nullable(),
  keep: z.boolean(),
  /** The reason of a legal hold. Older descriptions know of none. */
  legalHold: z.string().nullable().default(null),
  initiator: z.object({ kind: z.string(), name: z.string() }),
  storedMs: z.number().int().nullable(),
  proof: z.object({ storedAt: z.string(), intactAt: z.string().nullable(), readableAt: z.string().nullable(), provenAt: z.string().nullable() }),
  /** The foreign file that it is Holdfast's own dump of. */
  convertedFromId: z.string().optional(),
  manifest: Manifest,
});
export type Sidecar = z.output<typeof Sidecar>;

/** One difference between what was restored and what the backup must contain. */
export const Difference = z.object({
  what: z.enum(["table_missing", "table_extra", "rows", "contents", "sequence", "extension", "schema", "large_objects", "owner", "grants"]),
  name: z.string(),
  expected: z.string(),
  got: z.string(),
});
export type Difference = z.output<typeof Difference>;
