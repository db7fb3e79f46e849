import { z } from "zod";

/** More would fill the server's lock table within one transaction. */
export const mostTables = 200;
/** Rows of each sort that are shown side by side. */
export const mostExamples = 8;

export const TableRef = z.object({ schema: z.string().min(1), name: z.string().min(1) });
export type TableRef = z.output<typeof TableRef>;

/** "public.orders": for people, and as a key inside one database. */
export function tableName({ schema, name }: TableRef): string {
  return `${schema}.${name}`;
}

export const ChosenTables = z.array(TableRef).min(1, "Choose at least one table.").max(mostTables, `Choose at most ${mostTables} tables at a time.`);

/** A foreign key by its topmost definition: partitions share one. */
export const ForeignKey = z.object({ name: z.string(), from: TableRef, to: TableRef });
export type ForeignKey = z.output<typeof ForeignKey>;

export const StageTablesInput = z.object({ backupId: z.string().min(1), databaseId: z.string().min(1), tables: ChosenTables });
export type StageTablesInput = z.output<typeof StageTablesInput>;

/** Asks which of a backup's tables are there now, how large they are, and what refers to what. */
export const PlanTablesInput = z.object({ backupId: z.string().min(1), databaseId: z.string().min(1) });
export const PlanTablesResult = z.object({
  tables: z.array(TableRef.extend({ sizeBytes: z.number().nullable() })),
  foreignKeys: z.array(ForeignKey),
  freeBytes: z.number().nullable(),
});
export type PlanTablesResult = z.output<typeof PlanTablesResult>;

/** A row as text by column of `Comparison.columns`; null is SQL's. Long values are cut. */
const Values = z.array(z.string().nullable());

/** What live and backup say of one table. */
export const ComparedTable = TableRef.extend({
  /** `other`: it is a view, a partitioned table or foreign now. */
  live: z.enum(["table", "missing", "other"]),
  /** Columns of the primary key of the live table; null: there is none, so whole rows were counted. */
  key: z.array(z.string()).nullable(),
  backupRows: z.number(),
  liveRows: z.number().nullable(),
  onlyBackup: z.number(),
  onlyLive: z.number(),
  changed: z.number(),
  /** Columns of the examples, key first. */
  columns: z.array(z.string()),
  examples: z.object({ onlyBackup: z.array(Values), onlyLive: z.array(Values), changed: z.array(z.object({ backup: Values, live: Values })) }),
  /** Columns of the backup that live does not have, and the other way round. */
  columnsGone: z.array(z.string()),
  columnsNew: z.array(z.string()),
  /** Triggers of users on it: they do not fire for restored rows. */
  triggers: z.array(z.string()),
  isOwner: z.boolean(),
});
export type ComparedTable = z.output<typeof ComparedTable>;

export const Comparison = z.object({
  at: z.string(),
  tables: z.array(ComparedTable),
  /** Read from live and from the staged copy; one that only the backup has is marked. */
  foreignKeys: z.array(ForeignKey.extend({ inLive: z.boolean(), inBackup: z.boolean() })),
  isSuperuser: z.boolean(),
  /** What the staged rows take in the live database. */
  stagedBytes: z.number(),
  /** Names, as `schema.name`, that a copy cannot get because something has them. */
  copiesTaken: z.array(z.string()),
  /** OID of the database they lie in: after a swap it is not the live one any more. */
  databaseOid: z.string(),
});
export type Comparison = z.output<typeof Comparison>;

/** `replace`: the table holds exactly the backup's rows. `insert`: rows that are missing are added. `copy`: a table beside it. */
export const tableChoices = ["none", "replace", "insert", "copy"] as const;
export type TableChoice = (typeof tableChoices)[number];

const Chosen = TableRef.extend({ do: z.enum(tableChoices) });
const Reason = z.string().trim().min(1, "Say why. It goes into the audit log.").max(1_000);
const KeepHours = z.number().int().min(1).max(24 * 90).default(24);

/** What a person wants done, before it is confirmed. */
export const PlanApplyInput = z.object({ tableRestoreId: z.string(), tables: z.array(Chosen).min(1).max(mostTables), keepHours: KeepHours });
export type PlanApplyInput = z.output<typeof PlanApplyInput>;
export const ApplyTablesInput = PlanApplyInput.extend({ hash: z.string(), phrase: z.string(), reason: Reason });
export type ApplyTablesInput = z.output<typeof ApplyTablesInput>;

/** What exactly is done: its hash is what a person confirms. No counts in here: they are evidence. */
export const ApplyDecision = z.object({
  tableRestoreId: z.string(),
  backupId: z.string(),
  databaseId: z.string(),
  databaseOid: z.string(),
  tables: z.array(Chosen.extend({ copyName: z.string().nullable() })),
  keepHours: z.number(),
});
export type ApplyDecision = z.output<typeof ApplyDecision>;

export const ApplyPlan = z.object({
  decision: ApplyDecision,
  hash: z.string(),
  phrase: z.string(),
  /** Counted, the worst first. */
  consequences: z.array(z.string()),
  notes: z.array(z.string()),
  /** What stands against it, each with its way out. Empty: it can be confirmed. */
  blocked: z.array(z.string()),
  keptUntil: z.string(),
});
export type ApplyPlan = z.output<typeof ApplyPlan>;

/** What the runs themselves get. */
export const RunApplyInput = z.object({ tableRestoreId: z.string(), decision: ApplyDecision, reason: z.string() });
export const RunUndoInput = z.object({ tableRestoreId: z.string(), evenIfChanged: z.boolean(), reason: z.string() });
export const TableRestoreIdInput = z.object({ tableRestoreId: z.string() });
export const UndoTablesInput = z.object({ tableRestoreId: z.string(), phrase: z.string(), reason: Reason, evenIfChanged: z.boolean().default(false) });
export const DropTablesInput = z.object({ tableRestoreId: z.string() });
export const exportFormats = ["csv", "sql"] as const;
export const ExportTableInput = z.object({ tableRestoreId: z.string(), table: TableRef, format: z.enum(exportFormats) });
export type ExportTableInput = z.output<typeof ExportTableInput>;
/** What an export's run leaves as its result. */
export const ExportResult = z.object({ key: z.string(), fileName: z.string(), storeId: z.string(), sizeBytes: z.number() });

export const AppliedTable = TableRef.extend({
  do: z.enum(["replace", "insert", "copy"]),
  before: z.number().nullable(),
  after: z.number(),
  deleted: z.number(),
  changed: z.number(),
  inserted: z.number(),
  copyName: z.string().nullable(),
});
export type AppliedTable = z.output<typeof AppliedTable>;

export const Undone = z.object({
  runId: z.number(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** Rows that others had changed since, and that were undone all the same. */
  overwritten: z.number(),
  /** Rows that others added since, and that stayed. */
  left: z.number(),
});
export type Undone = z.output<typeof Undone>;

export const Applied = z.object({
  runId: z.number(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  tables: z.array(AppliedTable),
  /** Sequences that were moved on so that the next value is free. */
  sequences: z.array(z.object({ name: z.string(), to: z.string() })),
  keptBytes: z.number().nullable(),
  /** Until when the rows from before are kept. */
  keptUntil: z.string(),
  /** Found again after a worker died between the commit and its record. */
  recovered: z.boolean(),
  undone: Undone.nullable(),
});
export type Applied = z.output<typeof Applied>;

/**
 * `staging` and `failed`: nothing to apply. `applying` and `undoing` last as long as their run; what became of them is decided by the
 * mark that their transaction leaves in the database itself.
 */
export const tableRestoreStates = ["staging", "staged", "applying", "applied", "undoing", "undone", "failed", "dropped"] as const;
export type TableRestoreState = (typeof tableRestoreStates)[number];
