import "server-only";
import { type BackupRow, type BackupsPage, toRow } from "@/lib/backup/list";
import { rungNumber, type Rung } from "@/lib/backup/schemas";
import type { Context } from "@/lib/context";
import type { Prisma } from "@/lib/db/generated/client";
import { pagesOf } from "@/lib/url/query";
import { type Candidates, recommend, type Recommendation } from "./recommend";
import type { FromParams } from "./search-params";

const sourcesPerPage = 25;
const backupsPerPage = 25;

/** Something that backups were taken of. It need not be there any more: that is when a restore is wanted. */
export interface RestoreSource {
  /** A database's id, or `file:<name>`. */
  key: string;
  name: string;
  /** Null: it is not registered here, or no longer. */
  container: string | null;
  total: number;
  recommendation: Recommendation;
}

export interface SourcesPage {
  sources: RestoreSource[];
  total: number;
  page: number;
  pages: number;
}

/** Every database that is protected or has backups, by name, each with the backup to go back to. Names that only broken files bear are left out. Asks no container. */
export async function readSources(ctx: Pick<Context, "db">, { q, page: wanted }: Pick<FromParams, "q" | "page">): Promise<SourcesPage> {
  const named = (await readNamed(ctx, notBroken)).filter(({ name }) => q === null || name.toLowerCase().includes(q.toLowerCase()));
  const pages = pagesOf(named.length, sourcesPerPage);
  const page = Math.min(wanted, pages);
  const shown = named.slice((page - 1) * sourcesPerPage, page * sourcesPerPage);
  return { sources: await Promise.all(shown.map((one) => describe(ctx, one))), total: named.length, page, pages };
}

/** One of them, or null. */
export async function readSource(ctx: Pick<Context, "db">, key: string): Promise<RestoreSource | null> {
  const found = (await readNamed(ctx)).find((one) => one.key === key);
  return found ? describe(ctx, found) : null;
}

/** One page of its backups, newest first; `q` looks at labels and notes. */
export async function listSourceBackups(ctx: Pick<Context, "db">, key: string, { q, page: wanted }: Pick<FromParams, "q" | "page">): Promise<BackupsPage> {
  const where = { ...ofSource(key), ...(q ? { OR: [{ label: { contains: q } }, { note: { contains: q } }] } : {}) };
  const total = await ctx.db.backup.count({ where });
  const pages = pagesOf(total, backupsPerPage);
  const page = Math.min(wanted, pages);
  const rows = await ctx.db.backup.findMany({ where, orderBy: { takenAt: "desc" }, skip: (page - 1) * backupsPerPage, take: backupsPerPage, include });
  return { rows: rows.map(toRow), total, page, pages };
}

/** A backup as the wizard goes on with it; null when it is not listed (any more). */
export async function readChosen(ctx: Pick<Context, "db">, id: string | null): Promise<(BackupRow & { serverVersion: string | null; tables: number | null }) | null> {
  const row = id === null ? null : await ctx.db.backup.findUnique({ where: { id, deletedAt: null }, include });
  return row ? { ...toRow(row), serverVersion: row.serverVersion, tables: row.tables } : null;
}

/** The key under which a backup's database stands in the list. */
export function sourceKey({ databaseId, databaseName }: Pick<BackupRow, "databaseId" | "databaseName">): string {
  return databaseId ?? `${filePrefix}${databaseName}`;
}

const filePrefix = "file:";
const include = { copies: { include: { store: { select: { name: true, problem: true, removedAt: true } } }, orderBy: { storedAt: "asc" } } } as const satisfies Prisma.BackupInclude;

type Named = Pick<RestoreSource, "key" | "name" | "container">;

/** What nobody vouched for and is known to be broken is nothing to go back to. Its own page says what is wrong with it. */
const notBroken = { NOT: { origin: "foreign", problem: { not: null } } } as const satisfies Prisma.BackupWhereInput;

/** A database that was removed from Holdfast is offered as long as it has backups. `which` narrows those that belong to none. */
async function readNamed({ db }: Pick<Context, "db">, which: Prisma.BackupWhereInput = {}): Promise<Named[]> {
  const [databases, loose] = await Promise.all([
    db.database.findMany({ where: { OR: [{ removedAt: null }, { backups: { some: { deletedAt: null } } }] }, select: { id: true, name: true, container: true, removedAt: true } }),
    db.backup.groupBy({ by: ["databaseName"], where: { databaseId: null, deletedAt: null, ...which } }),
  ]);
  const named: Named[] = [
    ...databases.map(({ id, name, container, removedAt }) => ({ key: id, name, container: removedAt ? null : container })),
    ...loose.map(({ databaseName }) => ({ key: `${filePrefix}${databaseName}`, name: databaseName, container: null })),
  ];
  return named.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

async function describe(ctx: Pick<Context, "db">, source: Named): Promise<RestoreSource> {
  const total = await ctx.db.backup.count({ where: ofSource(source.key) });
  return { ...source, total, recommendation: recommend(source.name, await readCandidates(ctx, source.key, total)) };
}

async function readCandidates(ctx: Pick<Context, "db">, key: string, total: number): Promise<Candidates> {
  const readable = await readableStores(ctx);
  const newest = async (where: Prisma.BackupWhereInput) => {
    if (readable !== null && readable.length === 0) return null;
    // Usually every store answers, and the newest without a problem is it: then no copy has to be asked.
    const find = (copies: Prisma.BackupWhereInput) => ctx.db.backup.findFirst({ where: { ...ofSource(key), problem: null, ...where, ...copies }, orderBy: { takenAt: "desc" }, include });
    const first = readable === null ? await find({}) : null;
    if (readable === null && (!first || toRow(first).trust.state === "checked")) return first && toRow(first);
    const row = await find({ copies: { some: { missingAt: null, problem: null, ...(readable ? { storeId: { in: readable } } : {}) } } });
    return row && toRow(row);
  };
  const ours = { isPartial: false, origin: "holdfast" };
  const at = (rung: Rung) => newest({ ...ours, rung: rungNumber(rung) });
  const proven = total > 0 ? await at("proven") : null;
  const unproven = total > 0 ? ((await at("readable")) ?? (await at("intact")) ?? (await newest({ ...ours, rung: { lte: rungNumber("stored") } }))) : null;
  const doubtful = total > 0 && !proven && !unproven ? await newest({}) : null;
  return { proven, unproven, doubtful, total };
}

/** The stores that can be read now; null: all of them. */
async function readableStores({ db }: Pick<Context, "db">): Promise<string[] | null> {
  const stores = await db.store.findMany({ select: { id: true, problem: true } });
  const readable = stores.filter(({ problem }) => problem === null).map(({ id }) => id);
  return readable.length === stores.length ? null : readable;
}

function ofSource(key: string): Prisma.BackupWhereInput {
  return key.startsWith(filePrefix) ? { deletedAt: null, databaseId: null, databaseName: key.slice(filePrefix.length) } : { deletedAt: null, databaseId: key };
}
