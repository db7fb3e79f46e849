import { z } from "zod";
import { keptReasons, type KeptReason, type RemovedReason } from "./schemas";

const Coverage = z.object({ everyDaySince: z.string().nullable(), everyWeekSince: z.string().nullable(), oldest: z.string().nullable() });

const ComingDay = z.object({ at: z.string(), taken: z.number(), goes: z.number(), kept: z.number(), bytes: z.number(), everyDaySince: z.string().nullable() });
export type ComingDay = z.output<typeof ComingDay>;

/** What GET /api/retention answers. */
export const RetentionPreview = z.object({
  computedAt: z.string(),
  /** Of what goes: saving is refused when something else would go. */
  hash: z.string(),
  go: z.object({ count: z.number(), foreign: z.number(), bytes: z.number(), listed: z.array(z.object({ id: z.string(), takenAt: z.string(), sizeBytes: z.number(), reason: z.enum(["no_rule", "over_size"]) })) }),
  stay: z.object({ count: z.number(), bytes: z.number(), groups: z.array(z.object({ from: z.string(), to: z.string(), count: z.number(), reason: z.enum(keptReasons) })) }),
  /** How many stay for each reason; one backup may have several. */
  byReason: z.partialRecord(z.enum(keptReasons), z.number()),
  before: Coverage,
  after: Coverage,
  marks: z.array(z.object({ at: z.string(), what: z.enum(["stays", "held", "goes"]) })),
  /** Those far smaller than usual, newest first, with what is usual. */
  suspicious: z.array(z.object({ id: z.string(), takenAt: z.string(), sizeBytes: z.number(), rows: z.number().nullable(), usualBytes: z.number(), usualRows: z.number().nullable() })),
  /** What is kept in the coming days when every backup succeeds; null with the reason where nobody can say. */
  coming: z.object({ sentence: z.string(), days: z.array(ComingDay) }).nullable(),
  notComing: z.string().nullable(),
  anchor: z.string().nullable(),
});
export type RetentionPreview = z.output<typeof RetentionPreview>;

/** Why backups stay, behind their dates. */
export const keptWords = {
  legal_hold: "on legal hold",
  kept_by_hand: "kept by hand",
  newest_proven: "newest proven",
  newest_readable: "newest readable",
  not_replaced: "newer than the newest good one",
  at_least: "one of the newest good ones",
  newest: "among the newest",
  every: "every one kept",
  hour: "one per hour",
  day: "one per day",
  week: "one per week",
  month: "one per month",
  year: "one per year",
  nothing_good: "nothing good replaces it",
  foreign: "not made by Holdfast, so only a clean-up by hand removes it",
} as const satisfies Record<KeptReason, string>;

export const removedWords = { no_rule: "no rule keeps it", over_size: "over the size limit" } as const satisfies Record<RemovedReason, string>;
