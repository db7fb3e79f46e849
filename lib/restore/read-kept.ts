import "server-only";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { restoreIdOf } from "./read-brief";
import { followUpKinds } from "./result";

/** A database that a restore keeps so that it can be undone, or that waits for a decision. */
export interface KeptDatabase {
  restoreId: string;
  runId: number;
  databaseId: string;
  /** As Holdfast calls the one whose place it had. */
  database: string;
  container: string;
  name: string;
  sizeBytes: number | null;
  /** When it is removed by itself; null: never. */
  until: string | null;
  /** When the restore began that left it. */
  since: string;
  /** The one from before a restore, what was restored before it was undone, or what was staged and waits for a decision. */
  what: "before" | "restored" | "staged";
  /** The backup that was restored. */
  backupTakenAt: string;
  /** The run that does something with it at this moment. */
  activeRunId: number | null;
}

/** Databases that are kept, those that wait for somebody before those that go first; with `databaseId` only those of one. */
export async function listKept(ctx: Pick<Context, "db">, { databaseId }: { databaseId?: string } = {}): Promise<KeptDatabase[]> {
  const [rows, active] = await Promise.all([
    ctx.db.restore.findMany({
      where: { OR: [{ keptName: { not: null }, keptRemovedAt: null, state: { in: ["swapped", "undone"] } }, { stagingName: { not: null }, state: "staged_incomplete" }], ...(databaseId ? { databaseId } : {}) },
      orderBy: [{ keptUntil: "asc" }, { startedAt: "asc" }],
      // Neither the plan nor the outcome: each may name ten thousand tables.
      select: { id: true, runId: true, databaseId: true, startedAt: true, stagingName: true, keptName: true, keptBytes: true, keptUntil: true, state: true, database: { select: { name: true, container: true } }, backup: { select: { takenAt: true } } },
    }),
    ctx.db.run.findMany({ where: { kind: { in: [...followUpKinds] }, status: { in: ["queued", "running"] } }, select: { id: true, input: true } }),
  ]);
  return rows.flatMap((row) => {
    const isStaged = row.state === "staged_incomplete";
    const name = isStaged ? row.stagingName : row.keptName;
    return name === null
      ? []
      : [{
          restoreId: row.id,
          runId: row.runId,
          databaseId: row.databaseId,
          database: row.database.name,
          container: row.database.container,
          name,
          sizeBytes: toNumber(row.keptBytes),
          until: row.keptUntil?.toISOString() ?? null,
          since: row.startedAt.toISOString(),
          what: isStaged ? "staged" : row.state === "undone" ? "restored" : "before",
          backupTakenAt: row.backup.takenAt.toISOString(),
          activeRunId: active.find(({ input }) => restoreIdOf(input) === row.id)?.id ?? null,
        } satisfies KeptDatabase];
  });
}
