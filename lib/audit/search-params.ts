import { z } from "zod";
import { choice, href, pageNumber, text } from "@/lib/url/query";
import { auditActions, auditOutcomes } from "./schemas";

export const auditRanges = ["24h", "7d", "30d", "90d", "365d"] as const;
export type AuditRange = (typeof auditRanges)[number];

export const rangeWords = { "24h": "last 24 h", "7d": "last 7 days", "30d": "last 30 days", "90d": "last 90 days", "365d": "last year" } as const satisfies Record<AuditRange, string>;

const dayMs = 86_400_000;
const rangeMs = { "24h": dayMs, "7d": 7 * dayMs, "30d": 30 * dayMs, "90d": 90 * dayMs, "365d": 365 * dayMs } as const satisfies Record<AuditRange, number>;

const filters = { q: text(200), who: text(200), action: choice(auditActions), database: text(100), outcome: choice(auditOutcomes), range: choice(auditRanges) };

/** The address of the audit log: search, filters and page. Read by the page, written by every link on it. */
export const AuditParams = z.object({ ...filters, page: pageNumber });
export type AuditParams = z.output<typeof AuditParams>;
export type AuditFilters = Omit<AuditParams, "page">;

/** The address of an export: the same filters, and a format. */
export const AuditExportParams = z.object({ ...filters, format: z.enum(["csv", "json"]) });

const none = { q: null, who: null, action: null, database: null, outcome: null, range: null } as const satisfies AuditFilters;

/** The log with some of its address changed. Any change but of the page leads to the first page. */
export function auditHref(params: AuditParams, change: Partial<AuditParams>): string {
  return href("/audit", { ...params, page: 1, ...change }, { page: 1 });
}

/** The log without search and filters; null when there are none. */
export function clearAuditHref(params: AuditParams): string | null {
  return isFiltered(params) ? auditHref(params, none) : null;
}

export function isFiltered(params: AuditFilters): boolean {
  return (Object.keys(none) as (keyof AuditFilters)[]).some((name) => params[name] !== null);
}

/** The export of what is shown, all pages. */
export function auditExportHref({ page: _, ...params }: AuditParams, format: "csv" | "json"): string {
  return href("/api/audit/export", { ...params, format }, {});
}

/** The filters that a search keeps, as a form carries them. */
export function keptByAuditSearch({ q: _, page: __, ...kept }: AuditParams): Record<string, string> {
  return Object.fromEntries(Object.entries(kept).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** The instant a range begins. */
export function auditRangeStart(range: AuditRange, now: Date): Date {
  return new Date(now.getTime() - rangeMs[range]);
}
