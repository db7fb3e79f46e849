import "server-only";
import { takeSnapshot } from "@/lib/backup/manifest";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { readRelations } from "@/lib/postgres/catalogue";
import { countRows } from "@/lib/postgres/count";
import type { Server } from "@/lib/postgres/server";
import type { RestoreEvidence } from "./schemas";

/**
 * Counts the live tables exactly, in one snapshot, as far as the budget allows. What was not counted is null, never zero, and a table that
 * cannot be read at all is one of those: it may be why the database is to be restored. Null: not even their names could be read.
 */
export async function countLive(server: Server, budgetMs: number, signal: AbortSignal): Promise<RestoreEvidence["target"]["tables"]> {
  try {
    return await countTables(server, budgetMs, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    log.warn({ err: error, database: server.database }, "the live tables of a restore could not be counted");
    return null;
  }
}

async function countTables(server: Server, budgetMs: number, signal: AbortSignal): Promise<RestoreEvidence["target"]["tables"]> {
  const snapshot = await takeSnapshot(server, signal);
  try {
    // Their sizes wait for whoever holds one locked.
    await snapshot.session.lines("SET LOCAL lock_timeout = '5s';");
    const tables = (await readRelations(snapshot.session)).filter((relation) => relation.kind === "table");
    const rows = await countRows(server, { snapshotId: snapshot.id, tables, budgetMs, asFarAsPossible: true }, signal);
    return tables.map(({ oid, schema, name, activity }) => ({ schema, name, rows: rows.get(oid) ?? null, written: activity ? activity.inserted + activity.updated + activity.deleted : null }));
  } finally {
    await snapshot.session.close();
  }
}
