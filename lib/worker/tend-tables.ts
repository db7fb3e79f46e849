import "server-only";
import type { Context } from "@/lib/context";
import { systemClock } from "@/lib/clock";
import { readJson } from "@/lib/db/codecs";
import { findEngine } from "@/lib/docker/engine";
import { log } from "@/lib/log";
import { connect } from "@/lib/postgres/server";
import { isActive, runStatuses } from "@/lib/runs/schemas";
import { forgetRows, removeTables } from "@/lib/tables/drop";
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

type Row = Awaited<ReturnType<Worker["db"]["tableRestore"]["findFirstOrThrow"]>> & { database: { container: string; role: string; databaseName: string } };

async function removeStaged(worker: Worker, row: Row): Promise<void> {
  const { container, role, databaseName } = row.database;
  const server = await connect(await findEngine(), { container, role, database: databaseName });
  await removeTables(server, row, runTag(worker.installation, row.runId));
  await worker.db.tableRestore.update({ where: { id: row.id }, data: { state: "failed", removedAt: new Date() } });
}

async function dropExpired(worker: Worker): Promise<void> {
  const ctx: Context = { actor: { kind: "system", id: null, name: "Holdfast", origin: worker.id.split(":")[0] ?? worker.id }, clock: systemClock, db: worker.db };
  const expired = await worker.db.tableRestore.findMany({ where: { state: { in: ["staged", "applied", "undone"] }, removedAt: null, keptUntil: { lt: systemClock.now() }, database: { removedAt: null } }, select: { id: true, comparison: true, database: { select: { databaseOid: true } } } });
  for (const { id, comparison, database } of expired) {
    if (readJson(Comparison, comparison)?.databaseOid !== database.databaseOid) {
      // The schema lies in a database that a restore put aside: it goes with it, or is removed when it is put back. Rows on record do not wait.
      await forgetRows(worker.db, { id, comparison }).catch((error: unknown) => log.warn({ err: error, tableRestore: id }, "exported rows whose time is up could not be removed"));
      continue;
    }
    // Another run of the database comes first: it is tried again.
    await startDropTables(ctx, { tableRestoreId: id }).catch((error: unknown) => log.debug({ err: error, tableRestore: id }, "rows whose time is up wait"));
  }
}
