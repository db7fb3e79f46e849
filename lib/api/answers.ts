import { z } from "zod";
import { auditOutcomes } from "@/lib/audit/schemas";
import { Manifest, rungs } from "@/lib/backup/schemas";
import { backupKinds } from "@/lib/backup/search-params";
import { BackupOptions, DatabaseCheck } from "@/lib/databases/schemas";
import { drillKinds, drillOutcomes, DrillPhases, DrillTables } from "@/lib/drill/schemas";
import { StateName } from "@/lib/monitoring/schemas";
import { Application, RestorePlan } from "@/lib/restore/schemas";
import { RetentionPreview } from "@/lib/retention/preview-schemas";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { PublicErrorSchema, runKinds, runStatuses } from "@/lib/runs/schemas";
import { occurrenceStates, scheduleKinds, ScheduleSettings } from "@/lib/schedule/schemas";

// What operations answer. Each is tied to what its operation returns by the compiler, and to what is sent by answer.test.ts.

const Time = z.string().describe("ISO 8601, in UTC.");
const count = z.number().int().min(0);
const Paged = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), total: count, page: z.number().int(), pages: z.number().int() });
const Rows = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row) });

export const ErrorAnswer = z.object({ error: PublicErrorSchema, fields: z.record(z.string(), z.array(z.string())).optional().describe("What does not fit, by field.") });

export const StartedRun = z.object({ runId: z.number().int(), run: z.string().describe("Ask here what became of it.") });
export const StartedRestore = StartedRun.extend({ restoreId: z.string() });

export const Status = z.object({
  at: Time,
  healthy: z.boolean().describe("Every database this token reaches is; false where it reaches none."),
  ready: z.boolean(),
  unready: z.array(z.string()).describe("Why backups could not be made now."),
  databases: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      status: z.enum(["ok", "failing"]),
      state: StateName,
      reasons: z.array(z.object({ code: z.string(), message: z.string() })),
      newestBackupAt: Time.nullable(),
      ageSeconds: z.number().nullable(),
      objectiveSeconds: z.number(),
      alarmAfterSeconds: z.number(),
    }),
  ),
});

export const DatabaseAnswer = z.object({
  id: z.string(),
  name: z.string(),
  container: z.string(),
  databaseName: z.string(),
  role: z.string().describe("The PostgreSQL role that dumps."),
  storeId: z.string(),
  storeName: z.string(),
  serverVersion: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  objectiveRpoSeconds: z.number(),
  objectiveRtoSeconds: z.number(),
  objectiveTableSeconds: z.number(),
  objectivePointInTimeSeconds: z.number(),
  options: BackupOptions,
  application: Application,
  lastCheck: z.object({ check: DatabaseCheck, at: Time }).nullable(),
});
export const Databases = Rows(DatabaseAnswer);

const Rung = z.enum(rungs).describe("How far a backup is proven: stored, intact, readable, proven.");
const Trust = z.union([
  z.object({ state: z.literal("checked"), rung: Rung, at: Time.nullable() }),
  z.object({ state: z.literal("unknown"), was: Rung, wasAt: Time.nullable(), why: z.string() }).describe("It cannot be looked at now, so an old proof is history."),
  z.object({ state: z.enum(["damaged", "missing"]), rung: Rung, message: z.string(), at: Time }),
]);

const BackupRow = z.object({
  id: z.string(),
  takenAt: Time,
  databaseId: z.string().nullable(),
  databaseName: z.string(),
  kind: z.enum(backupKinds).describe("Who made it."),
  by: z.string(),
  foreign: z.boolean().describe("Holdfast did not make its file."),
  rows: z.number().nullable(),
  sizeBytes: z.number(),
  databaseBytes: z.number().nullable(),
  partial: z.boolean(),
  format: z.string(),
  label: z.string().nullable(),
  note: z.string().nullable(),
  keep: z.boolean(),
  legalHold: z.string().nullable().describe("The reason of a legal hold."),
  hasRules: z.boolean(),
  trust: Trust,
  copies: z.array(z.object({ store: z.string(), missing: z.boolean(), unreachable: z.boolean(), outOfUse: z.boolean() })),
});
export const Backups = Paged(BackupRow);

const Evidence = z.object({ at: Time.nullable(), ms: z.number().nullable(), what: z.string().nullable() });
const ListedBackup = BackupRow.extend({
  state: z.literal("listed"),
  container: z.string().nullable(),
  role: z.string().nullable(),
  serverVersion: z.string().nullable(),
  toolVersion: z.string().nullable(),
  tables: z.number().nullable(),
  proof: z.record(z.enum(rungs), Evidence).describe("What each rung rests on."),
  problemHint: z.string().nullable(),
  copyList: z.array(
    z.object({ store: z.string(), storeProblem: z.string().nullable(), key: z.string(), sizeBytes: z.number(), sha256: z.string().nullable(), rolesKey: z.string().nullable(), storedAt: Time, readBackAt: Time.nullable(), missingAt: Time.nullable(), problem: z.string().nullable(), lookedAt: Time.nullable() }),
  ),
  manifest: Manifest.nullable(),
  rolesWithPasswords: z.boolean().nullable(),
  run: z.object({ id: z.number().int(), ms: z.number().nullable() }).nullable(),
  activeRunId: z.number().int().nullable(),
  deletion: z.object({ databaseName: z.string(), sizeBytes: z.number(), rows: z.number().nullable(), stores: z.array(z.string()), leftIn: z.array(z.string()), movesBack: z.object({ from: Time, to: Time.nullable() }).nullable() }).describe("What deleting it would mean."),
  moments: z.array(z.object({ at: Time, text: z.string(), runId: z.number().int().nullable().describe("Null where no run on record did it."), mark: z.enum(["neutral", "proven", "danger"]) })),
  provenBy: z.object({ drillId: z.string(), image: z.string().nullable(), tables: DrillTables.nullable().describe("How many were equal; `counted` has schema, name and rows of those that the backup did not count.") }).nullable().describe("The drill that proved it as it stands."),
});
const DeletedBackup = z.object({ state: z.literal("deleted"), databaseName: z.string(), takenAt: Time, deletedAt: Time, by: z.string().nullable(), runId: z.number().int().nullable() });
export const BackupAnswer = z.discriminatedUnion("state", [ListedBackup, DeletedBackup]);

const RunRow = z.object({
  id: z.number().int(),
  kind: z.enum(runKinds).nullable(),
  title: z.string(),
  status: z.enum(runStatuses),
  databaseName: z.string().nullable(),
  backupId: z.string().nullable(),
  initiatorKind: z.string(),
  initiatorName: z.string(),
  queuedAt: Time,
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  message: z.string().nullable().describe("What happened, when it did not do what it was asked."),
});
export const Runs = Paged(RunRow);

const Drill = z.object({
  id: z.string(),
  runId: z.number().int(),
  kind: z.enum(drillKinds),
  outcome: z.enum(drillOutcomes).nullable().describe("Null while it runs."),
  databaseId: z.string().nullable(),
  databaseName: z.string(),
  backupId: z.string(),
  backupTakenAt: Time,
  startedAt: Time,
  finishedAt: Time.nullable(),
  totalMs: z.number().nullable(),
  phases: DrillPhases,
  startedBy: z.object({ kind: z.string(), name: z.string() }),
});
export const Drills = Paged(Drill);

export const ScheduleAnswer = z.object({
  databaseId: z.string(),
  name: z.string(),
  kind: z.enum(scheduleKinds),
  databaseOptions: BackupOptions,
  schedule: ScheduleSettings.extend({ cron: z.string(), timeZone: z.string() }).nullable().describe("Null: it has none."),
  otherwise: z.string().describe("What holds while there is no schedule."),
  pause: z.object({ by: z.string(), reason: z.string(), since: Time, until: Time.nullable() }).nullable(),
  next: z.array(Time).describe("Its next three times; none while it is paused for good."),
  last: z.array(z.object({ id: z.number().int(), dueAt: Time, state: z.enum(occurrenceStates), why: z.string().nullable(), retryAt: Time.nullable(), runIds: z.array(z.number().int()) })),
});
export const Schedules = Rows(z.object({ databaseId: z.string(), name: z.string(), kinds: z.array(ScheduleAnswer) }));

export const PlanAnswer = z.object({ status: z.enum(runStatuses), phrase: z.string().nullable().describe("What to send as phrase."), plan: RestorePlan.nullable(), error: PublicErrorSchema.nullable() });

export const KeptDatabases = Rows(
  z.object({
    restoreId: z.string(),
    runId: z.number().int(),
    databaseId: z.string(),
    database: z.string(),
    container: z.string(),
    name: z.string(),
    sizeBytes: z.number().nullable(),
    until: Time.nullable(),
    since: Time.describe("When the restore began that left it."),
    what: z.enum(["before", "restored", "staged"]).describe("The one from before a restore, what was restored before it was undone, or what was staged and waits for a decision: that is never removed by itself."),
    backupTakenAt: Time,
    activeRunId: z.number().int().nullable(),
  }),
);

export const PreviewAnswer = RetentionPreview.extend({ policy: RetentionPolicy, hash: z.string().describe("To be sent with prune.") });

const Facts = z.record(z.string(), z.unknown()).nullable();
const AuditRow = z.object({
  id: z.number().int(),
  at: Time,
  actorKind: z.string(),
  actorName: z.string(),
  action: z.string(),
  outcome: z.enum(auditOutcomes),
  sentence: z.string(),
  databaseName: z.string().nullable(),
  runId: z.number().int().nullable(),
  backupId: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  records: z.number().nullable(),
  origin: z.string(),
  reason: z.string().nullable(),
  before: Facts,
  after: Facts,
  previousHash: z.string(),
  hash: z.string(),
  happenedAt: Time.nullable().optional().describe("Of history that was taken over from elsewhere only."),
});
export const AuditAnswer = z.object({ rows: z.array(AuditRow), total: count });
export const AuditFile = z.array(AuditRow);
