import { z } from "zod";
import { BackupOptions } from "@/lib/databases/schemas";
import { readCron } from "./cron";
import { nextOccurrence } from "./occurrences";
import { isTimeZone } from "./zone";

/** What a schedule starts. A database has at most one of each. */
export const scheduleKinds = ["backup", "drill", "disaster_drill", "clean_up", "recheck"] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

/** The kind of a stored schedule; null for one of a newer version. */
export function kindOf({ kind }: { kind: string }): ScheduleKind | null {
  return scheduleKinds.find((known) => known === kind) ?? null;
}

/** What happens after a time at which Holdfast was not running. `catch_up`: one run makes up for all that were missed. */
export const missedPolicies = ["catch_up", "skip"] as const;
export type MissedPolicy = (typeof missedPolicies)[number];

/** What happens when the same, or what cannot be done beside it, is under way already. */
export const overlapPolicies = ["skip", "wait"] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

/**
 * `expected` is still to come or about to start, `claimed` has its run. The others are final: `late` succeeded well after its time,
 * `missed` did not happen because nobody was there, `skipped` because of a rule or a person.
 */
export const occurrenceStates = ["expected", "claimed", "done", "late", "missed", "skipped", "failed"] as const;
export type OccurrenceState = (typeof occurrenceStates)[number];

const TimeZone = z.string().trim().min(1, "Choose a time zone.").max(60).refine(isTimeZone, "This machine knows no such zone. Write it as in Europe/Dublin, or UTC.");

const Expression = z
  .string()
  .max(200, "Use at most 200 characters.")
  .transform((text) => text.trim().split(/\s+/).join(" "))
  .superRefine((text, ctx) => {
    const reading = readCron(text);
    if (!reading.ok) ctx.addIssue({ code: "custom", message: reading.message });
    else if (!nextOccurrence({ cron: text, timeZone: "UTC" }, new Date(0))) ctx.addIssue({ code: "custom", message: "No month has such a day, so this would never run." });
  });

const Figure = z.number("Write a figure.").int("Write a whole number.");

export const ScheduleSettings = z.object({
  cron: Expression,
  timeZone: TimeZone,
  /** Of a backup alone. Null takes the database's own options. */
  options: BackupOptions.nullable().default(null),
  /** Up to this long after its time, so that many databases do not start at once. */
  jitterSeconds: Figure.min(0, "At least 0.").max(3_600, "At most an hour.").default(0),
  /** How often one that failed is tried again. */
  retries: Figure.min(0, "At least 0.").max(10, "At most 10.").default(2),
  retryDelaySeconds: Figure.min(10, "At least 10 seconds.").max(86_400, "At most a day.").default(300),
  /** Null: it may take as long as it takes. */
  timeoutSeconds: Figure.min(60, "At least a minute.").max(7 * 86_400, "At most a week.").nullable().default(null),
  missed: z.enum(missedPolicies).default("catch_up"),
  overlap: z.enum(overlapPolicies).default("skip"),
});
export type ScheduleSettings = z.output<typeof ScheduleSettings>;

/** Whose schedule, and which of its schedules. */
export const ScheduleOfInput = z.object({ databaseId: z.string(), kind: z.enum(scheduleKinds).default("backup") });
export type ScheduleOfInput = z.output<typeof ScheduleOfInput>;

export const SaveScheduleInput = ScheduleSettings.extend(ScheduleOfInput.shape);
export type SaveScheduleInput = z.output<typeof SaveScheduleInput>;

export const PauseScheduleInput = ScheduleOfInput.extend({
  reason: z.string().trim().min(1, "Say why. Whoever wonders later why nothing happened will want to know.").max(500, "Use at most 500 characters."),
  /** After so many hours it goes on by itself; null: until somebody resumes it. */
  hours: Figure.min(1, "At least an hour.").max(24 * 90, "At most 90 days.").nullable(),
});
export type PauseScheduleInput = z.output<typeof PauseScheduleInput>;
