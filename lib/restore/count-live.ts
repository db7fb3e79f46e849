import "server-only";
import { takeSnapshot } from "@/lib/backup/manifest";
import { readRelations } from "@/lib/postgres/catalogue";
import { countRows } from "@/lib/postgres/count";
import type { Server } from "@/lib/postgres/server";
import type { RestoreEvidence } from "./schemas";

/** Counts the live tables exactly, in one snapshot, as far as the budget allows. What was not counted is null, never zero. */
export async function countLive(server: Server, budgetMs: number, signal: AbortSignal): Promise<NonNullable<RestoreEvidence["target"]["tables"]>> {
  const snapshot = await takeSnapshot(server, signal);
  try {
    const tables = (await readRelations(snapshot.session)).filter((relation) => relation.kind === "table");
    const rows = await countRows(server, { snapshotId: snapshot.id, tables, budgetMs }, signal);
    return tables.map(({ oid, schema, name, activity }) => ({ schema, name, rows: rows.get(oid) ?? null, written: activity ? activity.inserted + activity.updated + activity.deleted : null }));
  } finally {
    await snapshot.session.close();
  }
}
