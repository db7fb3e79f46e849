import "server-only";
import type { Context } from "@/lib/context";
import { toNumber } from "@/lib/db/codecs";
import { isActive, runStatuses } from "@/lib/runs/schemas";
import { z } from "zod";
import type { OngoingRestore } from "./ongoing";
import { restoreStates, type RestoreState } from "./schemas";

const unfinished: RestoreState[] = ["started", "staging", "staged_incomplete", "staged", "swapping"];
const most = 10;

/** Restores that run, wait for a decision, or left a database that is still kept; newest first, at most ten. */
export async function readOngoing(ctx: Pick<Context, "db">): Promise<OngoingRestore[]> {
  const rows = await ctx.db.restore.findMany({
    where: { OR: [{ state: { in: unfinished } }, { keptName: { not: null }, keptRemovedAt: null }] },
    orderBy: { startedAt: "desc" },
    take: most,
    include: { run: { select: { status: true } }, database: { select: { name: true } } },
  });
  return rows.map((row) => ({
    runId: row.runId,
    database: row.database.name,
    state: z.enum(restoreStates).parse(row.state),
    isActive: isActive(z.enum(runStatuses).parse(row.run.status)),
    startedAt: row.startedAt.toISOString(),
    targetName: row.targetName,
    keptName: row.keptRemovedAt ? null : row.keptName,
    keptBytes: toNumber(row.keptBytes),
    keptUntil: row.keptUntil?.toISOString() ?? null,
  }));
}
