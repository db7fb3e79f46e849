import { z } from "zod";

/** A look closes by itself after this long without a question. */
export const idleMs = 15 * 60_000;
/** How long a question may take on the server. */
export const questionSeconds = 30;
export const rowsPerPage = 50;
export const mostRows = 500;
export const mostAnswerBytes = 1 << 20;
export const longestCell = 2_000;

export const OpenLookInput = z.object({
  backupId: z.string().min(1),
  /** For a file that Holdfast did not make: whose image loads it. Null takes the one it belongs to. */
  databaseId: z.string().nullable().default(null),
  /** Which database of a file with several. */
  part: z.string().nullable().default(null),
});
export type OpenLookInput = z.output<typeof OpenLookInput>;

/** What the run that opens gets. */
export const RunOpenLookInput = OpenLookInput.extend({ lookId: z.string() });
export const LookIdInput = z.object({ lookId: z.string().min(1) });

export const LookQuestion = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sql"), sql: z.string().trim().min(1, "Write a query.").max(20_000, "A query has at most 20,000 characters here.").refine((sql) => !sql.includes("\0"), "A query cannot contain a zero byte.") }),
  z.object({ kind: z.literal("table"), schema: z.string().min(1).max(64), name: z.string().min(1).max(64), page: z.number().int().min(1).max(1_000_000) }),
]);
export type LookQuestion = z.output<typeof LookQuestion>;
export const QueryLookInput = z.object({ lookId: z.string().min(1), question: LookQuestion });
export type QueryLookInput = z.output<typeof QueryLookInput>;

/** The result of a question. Values are text as PostgreSQL writes it; null is null. */
export const LookAnswer = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string().nullable())),
  /** What ended the answer before its end; null when it is whole. */
  limit: z.enum(["rows", "bytes"]).nullable(),
  /** Values were shortened. */
  isShortened: z.boolean(),
  ms: z.number().int(),
});
export type LookAnswer = z.output<typeof LookAnswer>;

/** What there is to see. */
export const LookContents = z.object({
  serverVersion: z.string(),
  tables: z.array(
    z.object({ schema: z.string(), name: z.string(), kind: z.enum(["table", "partitioned", "view", "materialized_view", "foreign"]), rows: z.number().nullable(), sizeBytes: z.number().nullable() }),
  ),
  /** What could not be loaded or was left out. */
  notes: z.array(z.string()),
});
export type LookContents = z.output<typeof LookContents>;

export const lookStates = ["opening", "open", "closed", "failed"] as const;
export type LookState = (typeof lookStates)[number];
