import "server-only";
import type { Context } from "@/lib/context";
import { systemClock } from "@/lib/clock";
import { readJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { log } from "@/lib/log";
import { connect, type Server } from "@/lib/postgres/server";
import { isActive, runStatuses } from "@/lib/runs/schemas";
import { forgetRows, isGoneWithDatabase, removeTables } from "@/lib/tables/drop";
import { locateRows } from "@/lib/tables/locate";
import { Comparison } from "@/lib/tables/schemas";
import { settleTables } from "@/lib/tables/settle";
import { startDropTables } from "@/lib/tables/start";
import { runTag, type Worker } from "./execute";

/**
 * Looks after restores of tables whose runs are over: finds out what became of those that died in their transaction, removes what an
 * unfinished staging left, and begins the removal of rows whose time is up. What cannot be reached now is tried again.
 */
export async function tendTables(worker: Worker): Promise<void> {
  const open = await worker.db.tableRestore.findMany({ where: { OR: [{ state: { in: ["staging", "applying", "undoing"] } }, { state: "failed", keptUntil: null, removedAt: null }] }, include: { run: true, database: true } });
  for (const row of open) {
    const run = row.state === "staging" || row.state === "failed" ? row.run : await worker.db.run.findFirst({ where: { databaseId: row.databaseId, kind: { in: ["apply_tables", "undo_tables"] }, input: { contains: row.id } }, orderBy: { id: "desc" } });
    if (!run || isActive(runStatuses.find((status) => status === run.status) ?? "lost")) continue;
    const work = row.state === "staging" || row.state === "failed" ? removeStaged(worker, row) : settleTables(worker.db, row.id, runTag(worker.installation, run.id));
    await work.catch((error: unknown) => log.warn({ err: error, tableRestore: row.id }, "a restore of tables could not be looked after"));
  }
  await dropExpired(worker);
}

type Row = Awaited<ReturnType<Worker["db"]["tableRestore"]["findFirstOrThrow"]>> & { database: { container: string; role: string; databaseName: string; databaseOid: string | null } };

async function removeStaged(worker: Worker, row: Row): Promise<void> {
  await removeTables(await liveServer(row), row, runTag(worker.installation, row.runId));
  await worker.db.tableRestore.update({ where: { id: row.id }, data: { state: "failed", removedAt: new Date() } });
}

async function dropExpired(worker: Worker): Promise<void> {
  const ctx: Context = { actor: { kind: "system", id: null, name: "Holdfast", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db: worker.db };
  const expired = await worker.db.tableRestore.findMany({ where: { state: { in: ["staged", "applied", "undone"] }, removedAt: null, keptUntil: { lt: systemClock.now() }, database: { removedAt: null } }, include: { database: true } });
  for (const row of expired) {
    // Another run of the database comes first, or its server cannot be asked: it is tried again.
    await dropOrForget(worker, ctx, row).catch((error: unknown) => log.debug({ err: error, tableRestore: row.id }, "rows whose time is up wait"));
  }
}

/**
 * Begins the removal of rows that lie in the live database. Of others those on record do not wait: what a restore put aside goes with its
 * database, or is removed when it is put back, and what went with its database already is only written down. Where nobody knows whether the
 * live database is still the same one, the next backup finds out.
 */
async function dropOrForget(worker: Worker, ctx: Context, row: Row): Promise<void> {
  const databaseOid = readJson(Comparison, row.comparison)?.databaseOid;
  if (databaseOid === row.database.databaseOid) return void (await startDropTables(ctx, { tableRestoreId: row.id }));
  await forgetRows(worker.db, row);
  const place = await locateRows(worker.db, { databaseId: row.databaseId, databaseOid }, row.database.databaseOid);
  if (place.is === "aside") return;
  const removedAt = place.is === "gone" ? place.since : (await isGoneWithDatabase(await liveServer(row), databaseOid ?? null)) ? systemClock.now() : null;
  if (removedAt) await worker.db.tableRestore.update({ where: { id: row.id }, data: { removedAt, ...(row.state === "staged" ? { state: "dropped" } : {}) } });
}

async function liveServer({ database: { container, role, databaseName } }: Row): Promise<Server> {
  return connect(await findEngine(), { container, role, database: databaseName });
}
