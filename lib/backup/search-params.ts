import { z } from "zod";
import { choice, href, pageNumber, text } from "@/lib/url/query";

/** How far a backup was checked, what is wrong with it, or that nobody can say. */
export const proofFilters = ["proven", "readable", "intact", "stored", "unknown", "problem"] as const;
export type ProofFilter = (typeof proofFilters)[number];

export const takenRanges = ["24h", "7d", "30d", "90d", "365d"] as const;
export type TakenRange = (typeof takenRanges)[number];

export const backupKinds = ["user", "schedule", "token", "cli", "system", "unknown"] as const;
export type BackupKind = (typeof backupKinds)[number];

export const backupSorts = ["taken", "database", "records", "stored"] as const;
export type BackupSort = (typeof backupSorts)[number];

/** The address of the list of backups: filters, sort and page. Read by the page, written by every link on it. */
export const BackupsParams = z.object({
  database: text(100),
  proof: choice(proofFilters),
  kind: choice(backupKinds),
  store: text(100),
  taken: choice(takenRanges),
  q: text(200),
  sort: choice(backupSorts).transform((sort) => sort ?? "taken"),
  order: choice(["asc", "desc"]).transform((order) => order ?? "desc"),
  page: pageNumber,
});
export type BackupsParams = z.output<typeof BackupsParams>;

const defaults = { sort: "taken", order: "desc", page: 1 } as const;
export const backupFilters = ["database", "proof", "kind", "store", "taken", "q"] as const;

/** The list with some of its address changed. Any change but of the page leads to the first page. */
export function backupsHref(params: BackupsParams, change: Partial<BackupsParams>): string {
  return href("/backups", { ...params, page: 1, ...change }, defaults);
}

/** The list sorted by a column: the other way round when it is already. */
export function sortHref(params: BackupsParams, sort: BackupSort): string {
  const first = sort === "database" ? "asc" : "desc";
  const other = params.order === "asc" ? "desc" : "asc";
  return backupsHref(params, { sort, order: params.sort === sort ? other : first });
}

/** The list without filters, in the same order; null when there is nothing to clear. */
export function clearHref(params: BackupsParams): string | null {
  if (backupFilters.every((name) => params[name] === null)) return null;
  return backupsHref(params, { database: null, proof: null, kind: null, store: null, taken: null, q: null });
}

/** The parameters that a search keeps, as a form carries them. */
export function keptBySearch(params: BackupsParams): Record<string, string> {
  const { q: _, page: __, ...kept } = params;
  const entries = Object.entries(kept).filter(([name, value]) => value !== null && value !== (defaults as Record<string, unknown>)[name]);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

const dayMs = 86_400_000;
const rangeMs = { "24h": dayMs, "7d": 7 * dayMs, "30d": 30 * dayMs, "90d": 90 * dayMs, "365d": 365 * dayMs } as const satisfies Record<TakenRange, number>;

/** The instant a range begins. */
export function rangeStart(range: TakenRange, now: Date): Date {
  return new Date(now.getTime() - rangeMs[range]);
}

export const takenWords = {
  "24h": "last 24 h",
  "7d": "last 7 days",
  "30d": "last 30 days",
  "90d": "last 90 days",
  "365d": "last year",
} as const satisfies Record<TakenRange, string>;

export const proofWords = {
  proven: "Proven",
  readable: "Readable",
  intact: "Intact",
  stored: "Stored",
  unknown: "Not known",
  problem: "Damaged or missing",
} as const satisfies Record<ProofFilter, string>;
