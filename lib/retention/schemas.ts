import { z } from "zod";

const Count = (most: number) => z.number().int().min(0).max(most);

/**
 * What is kept of one database. The windows follow one another and count back from the newest good backup, never from today: when
 * backups stop, nothing ages out. 0 leaves a rule out. A backup stays as long as any rule keeps it.
 */
export const RetentionPolicy = z.object({
  /** Every backup for this many days; then one per hour, day, week, month and year, each for as long as it says. */
  everyDays: Count(3_660).default(30),
  hours: Count(24 * 366).default(0),
  days: Count(3_660).default(0),
  weeks: Count(520).default(0),
  months: Count(120).default(0),
  years: Count(50).default(0),
  /** The newest so many, whatever their age. */
  newest: Count(10_000).default(0),
  /** Never fewer good ones than this. */
  atLeastGood: z.number().int().min(1).max(1_000).default(3),
  /** When what stays is larger, the oldest that nothing protects go as well. */
  totalBytes: z.number().int().positive().nullable().default(null),
  /** Files that Holdfast did not make go by these rules too. Only a clean-up by hand says so: their name is all that tells whose they are. */
  foreign: z.boolean().default(false),
});
export type RetentionPolicy = z.output<typeof RetentionPolicy>;

/** The periods of the procedures (Backup Procedures, 6, "Recommended Retention Periods"). */
export const retentionPresets = [
  { name: "Development", days: 7, why: "frequent changes, less critical" },
  { name: "Production", days: 30, why: "balance of safety and storage" },
  { name: "Compliance", days: 90, why: "regulatory requirements" },
  { name: "Archival", days: 365, why: "long-term audit trail" },
] as const;

/** The policy of a preset: every backup for so many days. */
export function presetPolicy(days: number): RetentionPolicy {
  return RetentionPolicy.parse({ everyDays: days });
}

/** Of so many backups that were removed the sizes are read: far more than say what is usual, and few enough for every decision, however long the history. */
export const recordsRead = 500;

/** What is on record of a backup's size, also of one that was removed. */
export interface SizeRecord {
  id: string;
  takenAt: Date;
  sizeBytes: number;
  rows: number | null;
  /** It failed its last proof. */
  hasProblem: boolean;
  /** It leaves tables out on request, so its size says nothing of the others. */
  isPartial: boolean;
  /** A person looked at it and said that it is right to be so much smaller. */
  isSizeAccepted: boolean;
  /** Holdfast did not make it. */
  isForeign: boolean;
}

/** A backup as far as it matters what becomes of it. */
export interface RetainedBackup extends SizeRecord {
  /** 1 stored to 4 proven. */
  rung: number;
  /** Kept by hand, until a person lets it go. */
  isKept: boolean;
  isOnLegalHold: boolean;
  /** It is partial, of a database that is backed up whole: it stands for no whole one. */
  isLesser: boolean;
  /** It is dated ahead of the clock, so nothing may be counted back from it. */
  isAhead: boolean;
}

export const keptReasons = ["legal_hold", "kept_by_hand", "newest_proven", "newest_readable", "not_replaced", "at_least", "newest", "every", "hour", "day", "week", "month", "year", "nothing_good", "foreign"] as const;
export type KeptReason = (typeof keptReasons)[number];
export type RemovedReason = "no_rule" | "over_size";

export interface RetentionDecision {
  /** Newest first; every reason that holds, the strongest first. */
  stay: { backup: RetainedBackup; reasons: KeptReason[] }[];
  /** Oldest first: the order in which they are removed. `anchor`: what its windows counted back from. */
  go: { backup: RetainedBackup; reason: RemovedReason; anchor: Date }[];
  bytesFreed: number;
  bytesKept: number;
  /** What the windows count back from; null when nothing good is there, and then nothing goes. */
  anchor: Date | null;
  /** Those that are far smaller than usual: they replace nothing before a person has looked. */
  suspicious: string[];
}

const Confirmation = { hash: z.string(), shown: z.number().int().min(0), phrase: z.string() };
/** A null policy keeps everything. Rules that are applied by themselves never touch foreign files. */
export const SaveRetentionInput = z.object({ databaseId: z.string(), policy: RetentionPolicy.transform((policy) => ({ ...policy, foreign: false })).nullable(), ...Confirmation });
export const CleanUpInput = z.object({ databaseId: z.string(), policy: RetentionPolicy, why: z.string().trim().min(1).max(200), ...Confirmation });
/** A null policy is that of the database, as it is when each is removed. */
export const PruneInput = z.object({ backupIds: z.array(z.string()), why: z.string(), policy: RetentionPolicy.nullable().default(null) });
export const AcceptSizeInput = z.object({ backupId: z.string() });
export const LegalHoldInput = z.object({ backupId: z.string(), reason: z.string().trim().min(1, "Say which hold it is.").max(500).nullable() });
/** As an address carries it: the policy is JSON. */
export const PreviewInput = z.object({
  databaseId: z.string(),
  policy: z.string().max(2_000).transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "This is no JSON." });
      return z.NEVER;
    }
  }).pipe(RetentionPolicy),
});
