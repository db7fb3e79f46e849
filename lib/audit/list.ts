import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { AuditEntry, Prisma } from "@/lib/db/generated/client";
import { pageSlice } from "@/lib/db/page";
import { pagesOf } from "@/lib/url/query";
import { AuditJson, type AuditOutcome, auditOutcomes } from "./schemas";
import { auditRangeStart, type AuditFilters, type AuditParams } from "./search-params";

export const auditPageSize = 25;

/** An entry as pages and exports show it. */
export interface AuditRow {
  id: number;
  at: string;
  actorKind: string;
  actorName: string;
  action: string;
  outcome: AuditOutcome;
  sentence: string;
  databaseName: string | null;
  runId: number | null;
  backupId: string | null;
  sizeBytes: number | null;
  records: number | null;
  origin: string;
  reason: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  previousHash: string;
  hash: string;
  /** Of history that was taken over from elsewhere: when it happened, null where that is not known; undefined for what Holdfast saw. */
  happenedAt?: string | null;
}

export interface AuditPage {
  rows: AuditRow[];
  total: number;
}

/** One page of the log, newest first. */
export async function listAudit({ db, clock }: Pick<Context, "db" | "clock">, params: AuditParams): Promise<AuditPage> {
  const where = auditWhere(params, clock.now());
  const total = await db.auditEntry.count({ where });
  // To find nothing, a search would read the whole log a second time.
  if (params.page > pagesOf(total, auditPageSize) || total === 0) return { rows: [], total };
  const entries = await db.auditEntry.findMany({ where, orderBy: { id: "desc" }, ...pageSlice(params.page, auditPageSize, total) });
  return { rows: entries.map(toAuditRow), total };
}

/** What can be chosen in the filters: everyone who did something, every database that was ever registered. */
export async function listAuditChoices({ db }: Pick<Context, "db">): Promise<{ people: string[]; databases: { id: string; name: string }[] }> {
  const [people, databases] = await Promise.all([
    db.auditEntry.groupBy({ by: ["actorName"], orderBy: { actorName: "asc" } }),
    db.database.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } }),
  ]);
  return { people: people.map(({ actorName }) => actorName), databases };
}

/** The condition that filters stand for. */
export function auditWhere({ q, who, action, database, outcome, range }: AuditFilters, now: Date): Prisma.AuditEntryWhereInput {
  return {
    ...(q ? { sentence: { contains: q } } : {}),
    ...(who ? { actorName: who } : {}),
    ...(action ? { action } : {}),
    ...(database ? { databaseId: database } : {}),
    ...(outcome ? { outcome } : {}),
    ...(range ? { at: { gte: auditRangeStart(range, now) } } : {}),
  };
}

export function toAuditRow(entry: AuditEntry): AuditRow {
  const { databaseId: _, actorId: __, ...rest } = entry;
  const after = readJson(AuditJson, entry.after);
  return {
    ...rest,
    at: entry.at.toISOString(),
    outcome: auditOutcomes.find((known) => known === entry.outcome) ?? "lost",
    sizeBytes: toNumber(entry.sizeBytes),
    records: toNumber(entry.records),
    before: readJson(AuditJson, entry.before),
    after,
    ...(entry.action === "history.imported" ? { happenedAt: typeof after?.["happenedAt"] === "string" ? after["happenedAt"] : null } : {}),
  };
}
