import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { pageSlice } from "@/lib/db/page";
import { pagesOf } from "@/lib/url/query";
import { PublicErrorSchema, runStatuses, type RunKind, type RunStatus } from "./schemas";
import type { RunsParams } from "./search-params";
import { knownKind, storeIdOf, titleOf } from "./subject";

export const runsPerPage = 25;

/** A run as lists show it. */
export interface RunRow {
  id: number;
  kind: RunKind | null;
  title: string;
  status: RunStatus;
  databaseName: string | null;
  backupId: string | null;
  initiatorKind: string;
  initiatorName: string;
  queuedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** What happened, when it did not do what it was asked. */
  message: string | null;
}

const subject = { database: { select: { name: true } }, backup: { select: { databaseName: true, takenAt: true, deletedAt: true } } } as const;
type Found = Prisma.RunGetPayload<{ include: typeof subject }>;

/** One page of all runs that people asked for, newest first. Short questions to the worker are left out. */
export async function listRuns(ctx: Pick<Context, "db">, params: RunsParams): Promise<{ rows: RunRow[]; total: number; page: number; pages: number }> {
  const where: Prisma.RunWhereInput = {
    interactive: false,
    ...(params.status ? { status: params.status } : {}),
    ...(params.kind ? { kind: params.kind } : {}),
    ...(params.database ? { databaseId: params.database } : {}),
  };
  const total = await ctx.db.run.count({ where });
  const pages = pagesOf(total, runsPerPage);
  const page = Math.min(params.page, pages);
  const found = await ctx.db.run.findMany({ where, orderBy: { id: "desc" }, ...pageSlice(page, runsPerPage, total), include: subject });
  return { rows: await toRows(ctx, found), total, page, pages };
}

const lookBackMs = 48 * 3_600_000;
const mostShown = 12;

/** Backups of the last 48 h that left nothing: they failed, were cancelled, or nobody knows. */
export async function runsWithoutBackup(ctx: Pick<Context, "db" | "clock">, databaseId: string | null): Promise<{ rows: RunRow[]; total: number }> {
  const since = new Date(ctx.clock.now().getTime() - lookBackMs);
  const where: Prisma.RunWhereInput = { kind: "backup", status: { in: ["failed", "cancelled", "lost"] }, backupId: null, queuedAt: { gte: since }, ...(databaseId ? { databaseId } : {}) };
  // By the time they were queued, which is in the index: by number, SQLite would read every run that ever failed.
  const [found, total] = await Promise.all([
    ctx.db.run.findMany({ where, orderBy: [{ queuedAt: "desc" }, { id: "desc" }], take: mostShown, include: subject }),
    ctx.db.run.count({ where }),
  ]);
  return { rows: await toRows(ctx, found), total };
}

async function toRows(ctx: Pick<Context, "db">, found: readonly Found[]): Promise<RunRow[]> {
  const storeIds = new Set(found.flatMap((run) => storeIdOf(run.input) ?? []));
  const stores = storeIds.size > 0 ? await ctx.db.store.findMany({ where: { id: { in: [...storeIds] } }, select: { id: true, name: true } }) : [];
  const names = new Map(stores.map((store) => [store.id, store.name]));
  return found.map((run) => ({
    id: run.id,
    kind: knownKind(run.kind),
    title: titleOf(run.id, { ...run, storeName: names.get(storeIdOf(run.input) ?? "") ?? null }),
    status: runStatuses.find((status) => status === run.status) ?? "lost",
    databaseName: run.database?.name ?? run.backup?.databaseName ?? null,
    backupId: run.backup && !run.backup.deletedAt ? run.backupId : null,
    initiatorKind: run.initiatorKind,
    initiatorName: run.initiatorName,
    queuedAt: run.queuedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    message: messageOf(run),
  }));
}

function messageOf(run: Found): string | null {
  if (run.status === "lost") return "The worker stopped reporting, so how it ended is not known.";
  if (run.status === "cancelled" && !run.error) return `Cancelled by ${run.cancelRequestedBy ?? "somebody"} before it started. Nothing was stored.`;
  return readJson(PublicErrorSchema, run.error)?.message ?? null;
}
