import { z } from "zod";
import { ScheduleSettings } from "@/lib/schedule/schemas";

/** What a log of years has, many times over. */
export const mostLogBytes = 32 * 1024 ** 2;
export const mostLogRuns = 20_000;

const { timeZone } = ScheduleSettings.shape;

/** As the address carries it. `hash` is that of the preview that was shown; without it nothing is written. */
export const HistoryInput = z.object({ timeZone, hash: z.string().optional() });
export type HistoryInput = z.output<typeof HistoryInput>;

export const HistoryPreview = z.object({
  hash: z.string(),
  lines: z.number().int(),
  runs: z.number().int(),
  /** Those that are in the audit log already. */
  known: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  unfinished: z.number().int(),
  cancelled: z.number().int(),
  /** The first and the last time that the log says; null where it says none. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  newest: z.array(z.object({ sentence: z.string(), outcome: z.string(), lines: z.string() })),
  notUnderstood: z.array(z.object({ line: z.number().int(), text: z.string() })),
  notUnderstoodTotal: z.number().int(),
  /** How many entries were written; null for a preview. */
  written: z.number().int().nullable(),
});
export type HistoryPreview = z.output<typeof HistoryPreview>;

export const SettingsImportInput = z.object({
  text: z.string().max(200_000, "Use at most 200,000 characters."),
  /** What a schedule, retention and application without a database of their own belong to. */
  databaseId: z.string().nullable(),
  /** What relative paths count from. */
  directory: z.string().trim().max(1_000).refine((path) => path === "" || path.startsWith("/"), "Write the whole path, starting with /."),
  timeZone,
  /** Through which mail goes, as `host` or `host:port`; empty: as the file says. */
  mailServer: z.string().trim().max(260).regex(/^([A-Za-z0-9._-]+(:\d{1,5})?)?$/, "Write the server as mail.example.com or mail.example.com:587.").default(""),
});
export type SettingsImportInput = z.output<typeof SettingsImportInput>;
export const ApplySettingsInput = SettingsImportInput.extend({ chosen: z.array(z.string()).min(1, "Choose at least one row.").max(20), hash: z.string() });
export type ApplySettingsInput = z.output<typeof ApplySettingsInput>;

/** The order in which rows are applied: each may need the ones before. */
export const importIds = ["store", "database", "schedule", "retention", "application", "mail", "slack", "offsite"] as const;
export type ImportId = (typeof importIds)[number];

/** What becomes of one or some variables. */
export interface ImportRow {
  /** One of `importIds` for what can be applied, else the variable's name. */
  id: string;
  variables: readonly { name: string; value: string; line: number | null }[];
  /** What it is in Holdfast; null: nothing. */
  becomes: string | null;
  present: string | null;
  /** `change` can be chosen, `same` is so already, `impossible` cannot be carried over. */
  verdict: "change" | "same" | "impossible";
  /** What happens, or why not and what to do. */
  why: string;
  /** It works only together with the row of the database. */
  needsDatabase: boolean;
}

export interface SettingsPreview {
  rows: readonly ImportRow[];
  /** Lines that were not understood, by number and variable: what they set it to may be a secret. */
  problems: readonly { line: number; name: string | null }[];
  hash: string;
}
