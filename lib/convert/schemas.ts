import { z } from "zod";

/** What a file may try that a dump of tables does not need. Pointed out to a person; safety does not rest on it. */
export const findingKinds = ["shell", "psql", "connect", "program", "server_file", "subscription", "event_trigger", "untrusted_code", "superuser", "other_server"] as const;
export type FindingKind = (typeof findingKinds)[number];

export const Finding = z.object({ kind: z.enum(findingKinds), line: z.number().int(), text: z.string() });
export type Finding = z.output<typeof Finding>;

/** A database inside a file: `pg_dumpall` writes several, `pg_dump -C` one with its name, `pg_dump` one without. */
export const FilePart = z.object({
  /** Null: the file does not say. */
  databaseName: z.string().nullable(),
  tables: z.number().int(),
  /** Rows of COPY; null where the file has INSERT statements, which are not counted. */
  rows: z.number().int().nullable(),
  roles: z.array(z.string()),
  extensions: z.array(z.object({ name: z.string(), schema: z.string().nullable() })),
  /** pg_dump's own end mark stands behind it. */
  isWhole: z.boolean(),
});
export type FilePart = z.output<typeof FilePart>;

/** What reading a foreign file to its end found. */
export const FileInspection = z.object({
  sizeBytes: z.number(),
  sha256: z.string(),
  sqlBytes: z.number(),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  parts: z.array(FilePart),
  findings: z.array(Finding),
  findingsTotal: z.number().int(),
});
export type FileInspection = z.output<typeof FileInspection>;

export const InspectForeignInput = z.object({ backupId: z.string().min(1) });

export const StartConvertInput = z.object({
  backupId: z.string().min(1),
  /** The registered database whose backup it becomes; its container's image loads the file. */
  databaseId: z.string().min(1, "Choose the database it belongs to."),
  /** Which database of the file, where it has several. */
  part: z.string().nullable().default(null),
});
export type StartConvertInput = z.output<typeof StartConvertInput>;
