import "server-only";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Prisma } from "@/lib/db/generated/client";
import { PublicErrorSchema, runStatuses, type RunStatus } from "@/lib/runs/schemas";
import type { PublicError } from "@/lib/errors";
import { locateRows } from "./locate";
import { Applied, ChosenTables, Comparison, tableRestoreStates, type TableRef, type TableRestoreState } from "./schemas";

export interface TableRestoreView {
  id: string;
  state: TableRestoreState;
  /** Since when nothing of it is there any more: it was removed, or went with its database. */
  removedAt: string | null;
  /** Its rows wait in a database that a restore put aside, and come back when that is undone. */
  isElsewhere: boolean;
  database: { id: string; name: string; databaseName: string; objectiveSeconds: number };
  backup: { id: string; takenAt: string };
  tables: TableRef[];
  comparison: Comparison | null;
  applied: Applied | null;
  startedAt: string;
  stagedMs: number | null;
  appliedMs: number | null;
  keptUntil: string | null;
  /** The newest run that works or worked on it, exports apart. */
  run: { id: number; kind: string; status: RunStatus; error: PublicError | null };
}

const include = { database: true, backup: { select: { id: true, takenAt: true } } } as const satisfies Prisma.TableRestoreInclude;
type Row = Prisma.TableRestoreGetPayload<{ include: typeof include }>;

/** One restore of tables as its page shows it; null when there is none. */
export async function readTableRestore(ctx: Pick<Context, "db">, id: string): Promise<TableRestoreView | null> {
  const row = await ctx.db.tableRestore.findUnique({ where: { id }, include });
  return row ? toView(ctx, row) : null;
}

/** The restore that a run staged, applied, undid or removed. */
export async function findByRun(ctx: Pick<Context, "db">, runId: number): Promise<string | null> {
  const staged = await ctx.db.tableRestore.findUnique({ where: { runId }, select: { id: true } });
  if (staged) return staged.id;
  const run = await ctx.db.run.findUnique({ where: { id: runId }, select: { input: true } });
  const input: unknown = run ? JSON.parse(run.input) : null;
  return typeof input === "object" && input !== null && "tableRestoreId" in input && typeof input.tableRestoreId === "string" ? input.tableRestoreId : null;
}

export interface TableRestoreRow {
  id: string;
  state: TableRestoreState;
  removedAt: string | null;
  isElsewhere: boolean;
  database: string;
  tables: TableRef[];
  takenAt: string;
  startedAt: string;
  keptUntil: string | null;
}

const mostListed = 50;

/** The newest restores of tables, of one database or of all. */
export async function listTableRestores(ctx: Pick<Context, "db">, databaseId: string | null): Promise<TableRestoreRow[]> {
  const rows = await ctx.db.tableRestore.findMany({ where: databaseId ? { databaseId } : {}, orderBy: { startedAt: "desc" }, take: mostListed, include });
  return Promise.all(rows.map(async (row) => ({
    id: row.id,
    state: stateOf(row),
    ...(await placeOf(ctx, row)),
    database: row.database.name,
    tables: ChosenTables.parse(JSON.parse(row.tables)),
    takenAt: row.backup.takenAt.toISOString(),
    startedAt: row.startedAt.toISOString(),
    keptUntil: row.keptUntil?.toISOString() ?? null,
  })));
}

async function toView(ctx: Pick<Context, "db">, row: Row): Promise<TableRestoreView> {
  const later = await ctx.db.run.findFirst({ where: { databaseId: row.databaseId, kind: { in: ["apply_tables", "undo_tables", "drop_tables"] }, input: { contains: row.id } }, orderBy: { id: "desc" } });
  const run = later ?? (await ctx.db.run.findUniqueOrThrow({ where: { id: row.runId } }));
  const { database, backup } = row;
  return {
    id: row.id,
    state: stateOf(row),
    ...(await placeOf(ctx, row)),
    database: { id: database.id, name: database.name, databaseName: database.databaseName, objectiveSeconds: database.objectiveTableSeconds },
    backup: { id: backup.id, takenAt: backup.takenAt.toISOString() },
    tables: ChosenTables.parse(JSON.parse(row.tables)),
    comparison: readJson(Comparison, row.comparison),
    applied: readJson(Applied, row.applied),
    startedAt: row.startedAt.toISOString(),
    stagedMs: row.stagedMs,
    appliedMs: row.appliedMs,
    keptUntil: row.keptUntil?.toISOString() ?? null,
    run: { id: run.id, kind: run.kind, status: runStatuses.find((known) => known === run.status) ?? "lost", error: readJson(PublicErrorSchema, run.error) },
  };
}

async function placeOf({ db }: Pick<Context, "db">, row: Row): Promise<Pick<TableRestoreView, "removedAt" | "isElsewhere">> {
  if (row.removedAt) return { removedAt: row.removedAt.toISOString(), isElsewhere: false };
  const place = await locateRows(db, { databaseId: row.databaseId, databaseOid: readJson(Comparison, row.comparison)?.databaseOid }, row.database.databaseOid);
  return { removedAt: place.is === "gone" ? place.since.toISOString() : null, isElsewhere: place.is === "aside" };
}

function stateOf(row: { state: string }): TableRestoreState {
  return tableRestoreStates.find((known) => known === row.state) ?? "failed";
}
