import "server-only";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import type { Backup, Prisma } from "@/lib/db/generated/client";
import { pageSlice, type PageSlice } from "@/lib/db/page";
import { pagesOf } from "@/lib/url/query";
import { backupKind } from "./initiators";
import { silentStores } from "./silent-stores";
import { BackupProblem, rungNumber } from "./schemas";
import { rangeStart, type BackupKind, type BackupsParams } from "./search-params";
import { trustOf, type Trust } from "./trust";

export const backupsPerPage = 25;

/** A backup as lists show it. Plain data, so that it may go to the browser. */
export interface BackupRow {
  id: string;
  takenAt: string;
  databaseId: string | null;
  databaseName: string;
  kind: BackupKind;
  by: string;
  foreign: boolean;
  rows: number | null;
  sizeBytes: number;
  databaseBytes: number | null;
  partial: boolean;
  format: string;
  label: string | null;
  note: string | null;
  keep: boolean;
  /** The reason of a legal hold; null without one. */
  legalHold: string | null;
  /** Its database has rules that decide how long it stays. */
  hasRules: boolean;
  trust: Trust;
  copies: { store: string; missing: boolean; unreachable: boolean; outOfUse: boolean }[];
}

export interface BackupsPage {
  rows: BackupRow[];
  total: number;
  page: number;
  pages: number;
}

/** One page of the list, and how many rows there are in all. A page past the end shows the last one. */
export async function listBackups(ctx: Pick<Context, "db" | "clock">, params: BackupsParams): Promise<BackupsPage> {
  const where = await filter(ctx, params);
  const { ids, total, page } = params.sort === "database" ? await pageByName(ctx, where, params) : await pageInOrder(ctx, where, params);
  const found = await ctx.db.backup.findMany({
    where: { id: { in: ids } },
    include: { copies: { include: { store: { select: { name: true, problem: true, removedAt: true } } }, orderBy: { storedAt: "asc" } }, database: { select: { retention: true } } },
  });
  const place = new Map(ids.map((id, index) => [id, index]));
  const rows = found.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0)).map(toRow);
  return { rows, total, page, pages: pagesOf(total, backupsPerPage) };
}

interface Page {
  /** Ids alone, and their rows afterwards: what has to be sorted stays narrow. */
  ids: string[];
  total: number;
  page: number;
}

async function pageInOrder({ db }: Pick<Context, "db">, where: Prisma.BackupWhereInput, params: BackupsParams): Promise<Page> {
  const total = await db.backup.count({ where });
  const page = Math.min(params.page, pagesOf(total, backupsPerPage));
  // To find nothing, a search would read every backup a second time.
  const found = total === 0 ? [] : await db.backup.findMany({ where, orderBy: order(params), ...slice(params, page, total), select: { id: true } });
  return { ids: found.map(({ id }) => id), total, page };
}

/** By name, and the newest first within each: name by name, because an index gives the times of one name and none gives both ways at once. */
async function pageByName({ db }: Pick<Context, "db">, where: Prisma.BackupWhereInput, params: BackupsParams): Promise<Page> {
  const names = await db.backup.groupBy({ by: ["databaseName"], where, orderBy: { databaseName: params.order }, _count: true });
  const total = names.reduce((sum, { _count: many }) => sum + many, 0);
  const page = Math.min(params.page, pagesOf(total, backupsPerPage));
  const ids: string[] = [];
  let skip = (page - 1) * backupsPerPage;
  for (const { databaseName, _count: many } of names) {
    if (ids.length < backupsPerPage && skip < many) {
      const found = await db.backup.findMany({ where: { AND: [where, { databaseName }] }, orderBy: { takenAt: "desc" }, skip, take: backupsPerPage - ids.length, select: { id: true } });
      ids.push(...found.map(({ id }) => id));
    }
    skip = Math.max(0, skip - many);
  }
  return { ids, total, page };
}

/** Whether anything was ever backed up and is still listed. */
export async function hasBackups(ctx: Pick<Context, "db">): Promise<boolean> {
  return (await ctx.db.backup.findFirst({ where: { deletedAt: null }, select: { id: true } })) !== null;
}

async function filter(ctx: Pick<Context, "db" | "clock">, params: BackupsParams): Promise<Prisma.BackupWhereInput> {
  const { database, proof, kind, store, taken, q } = params;
  return {
    deletedAt: null,
    ...(database ? { databaseId: database } : {}),
    ...(kind ? { initiatorKind: kind } : {}),
    ...(store && !(await isOnlyStore(ctx, store)) ? { copies: { some: { storeId: store } } } : {}),
    ...(taken ? { takenAt: { gte: rangeStart(taken, ctx.clock.now()) } } : {}),
    ...(q ? { OR: [{ label: { contains: q } }, { note: { contains: q } }, { databaseName: { contains: q } }, { initiatorName: { contains: q } }] } : {}),
    ...(proof ? { AND: await proofFilter(ctx, proof) } : {}),
  };
}

/** With one store every backup lies in it, and the copies need not be asked. */
async function isOnlyStore(ctx: Pick<Context, "db">, storeId: string): Promise<boolean> {
  const stores = await ctx.db.store.findMany({ select: { id: true }, take: 2 });
  return stores.length === 1 && stores[0]?.id === storeId;
}

/**
 * Without a copy that nothing is known against, a backup has a problem of its own; unless one lies in a store that cannot be read, or is not in
 * use any more. So only where there is such a store need the copies a look.
 */
async function proofFilter(ctx: Pick<Context, "db">, proof: NonNullable<BackupsParams["proof"]>): Promise<Prisma.BackupWhereInput> {
  if (proof === "problem") return { problem: { not: null } };
  const silent = (await silentStores(ctx)).map(({ id }) => id);
  if (proof === "unknown" && silent.length === 0) return { id: { in: [] } };
  if (proof === "unknown") return { problem: null, copies: { none: { storeId: { notIn: silent }, missingAt: null, problem: null } } };
  return { problem: null, rung: rungNumber(proof), ...(silent.length > 0 ? { copies: { some: { storeId: { notIn: silent }, missingAt: null, problem: null } } } : {}) };
}

function order({ sort, order: direction }: BackupsParams): Prisma.BackupOrderByWithRelationInput {
  if (sort === "records") return { rows: direction };
  if (sort === "stored") return { sizeBytes: direction };
  return { takenAt: direction };
}

/** By time, an index gives the order, and backups of the same instant stay in theirs; other orders have too many that are equal. */
function slice({ sort, store }: BackupsParams, page: number, total: number): PageSlice {
  return sort === "taken" && !store ? pageSlice(page, backupsPerPage, total) : { skip: (page - 1) * backupsPerPage, take: backupsPerPage };
}

type Found = Backup & { database?: { retention: string | null } | null; copies: { missingAt: Date | null; problem: string | null; store: { name: string; problem: string | null; removedAt: Date | null } }[] };

/** A row of the record as plain data. Without its database nothing is known of rules. */
export function toRow(backup: Found): BackupRow {
  const copies = backup.copies.map((copy) => ({ store: copy.store.name, storeProblem: copy.store.problem, storeRemovedAt: copy.store.removedAt, missingAt: copy.missingAt, isDamaged: copy.problem !== null }));
  return {
    id: backup.id,
    takenAt: backup.takenAt.toISOString(),
    databaseId: backup.databaseId,
    databaseName: backup.databaseName,
    kind: backupKind(backup.initiatorKind),
    by: backup.initiatorName,
    foreign: backup.origin === "foreign",
    rows: toNumber(backup.rows),
    sizeBytes: toNumber(backup.sizeBytes),
    databaseBytes: toNumber(backup.databaseBytes),
    partial: backup.isPartial,
    format: backup.format,
    label: backup.label,
    note: backup.note,
    keep: backup.keep,
    legalHold: backup.legalHold,
    hasRules: backup.database?.retention != null,
    trust: trustOf(backup, readJson(BackupProblem, backup.problem), copies),
    copies: copies.map((copy) => ({ store: copy.store, missing: copy.missingAt !== null, unreachable: copy.storeProblem !== null || copy.storeRemovedAt !== null, outOfUse: copy.storeRemovedAt !== null })),
  };
}
