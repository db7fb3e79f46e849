import "server-only";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { restoreIdOf } from "./read-brief";
import { followUpKinds } from "./result";

/** A database that a restore keeps so that it can be undone. */
export interface KeptDatabase {
  restoreId: string;
  runId: number;
  databaseId: string;
  /** As Holdfast calls the one whose place it had. */
  database: string;
  container: string;
  name: string;
  sizeBytes: number | null;
  until: string | null;
  /** The one from before a restore, or what was restored before it was undone. */
  what: "before" | "restored";
  /** The backup that was restored. */
  backupTakenAt: string;
  /** The run that does something with it at this moment. */
  activeRunId: number | null;
}

/** Databases that are kept, those that go first at the top; with `databaseId` only those of one. */
export async function listKept(ctx: Pick<Context, "db">, { databaseId }: { databaseId?: string } = {}): Promise<KeptDatabase[]> {
  const [rows, active] = await Promise.all([
    ctx.db.restore.findMany({
      where: { keptName: { not: null }, keptRemovedAt: null, state: { in: ["swapped", "undone"] }, ...(databaseId ? { databaseId } : {}) },
      orderBy: [{ keptUntil: "asc" }, { startedAt: "asc" }],
      // Neither the plan nor the outcome: each may name ten thousand tables.
      select: { id: true, runId: true, databaseId: true, keptName: true, keptBytes: true, keptUntil: true, state: true, database: { select: { name: true, container: true } }, backup: { select: { takenAt: true } } },
    }),
    ctx.db.run.findMany({ where: { kind: { in: [...followUpKinds] }, status: { in: ["queued", "running"] } }, select: { id: true, input: true } }),
  ]);
  return rows.flatMap((row) =>
    row.keptName === null
      ? []
      : [{
          restoreId: row.id,
          runId: row.runId,
          databaseId: row.databaseId,
          database: row.database.name,
          container: row.database.container,
          name: row.keptName,
          sizeBytes: toNumber(row.keptBytes),
          until: row.keptUntil?.toISOString() ?? null,
          what: row.state === "undone" ? "restored" : "before",
          backupTakenAt: row.backup.takenAt.toISOString(),
          activeRunId: active.find(({ input }) => restoreIdOf(input) === row.id)?.id ?? null,
        } satisfies KeptDatabase],
  );
}
