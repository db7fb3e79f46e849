import "server-only";
import { readableOf } from "@/lib/backup/newest-readable";
import { latestBy } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { countsFor } from "@/lib/databases/partial";
import type { Tx } from "@/lib/db/client";
import type { Database } from "@/lib/db/generated/client";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { isInterrupted } from "@/lib/schedule/attempts";
import { chooseBackup, dueDrill, type DrillFacts } from "./due";
import { drillPolicyOf, type WithDrillPolicy } from "./policy";
import { enqueueDrill } from "./start";

/** What `drillPolicyOf` needs of a database. */
export const withSchedule = { schedules: { where: { kind: "drill" } } } as const;

const kinds = ["drill", "disaster_drill"];
const active = { in: ["queued", "running"] };
/** Far more than any turn goes back. */
const mostBackups = 500;
const mostScheduled = 20;

/**
 * Starts the drill that is due because a backup was taken, and returns its run; null when none is. One at a time in all: a drill takes
 * as much of the machine as a backup, and backups come first. Decided inside the transaction that puts it in the queue, so two
 * workers never start the same.
 */
export async function startDueDrill(ctx: Context): Promise<number | null> {
  const databases = await ctx.db.database.findMany({ where: { removedAt: null, drillPolicy: { not: null } }, orderBy: { name: "asc" }, include: withSchedule });
  for (const database of databases) {
    if (drillPolicyOf(database)?.when !== "after_backup") continue;
    const runId = await transaction(ctx, (tx) => startOne(tx, ctx, database.id)).catch((error: unknown) => {
      // Somebody verifies or deletes that very backup at this moment: the next look finds it free, or gone.
      if (error instanceof AppError && error.kind === "conflict") return null;
      throw error;
    });
    if (runId !== null) return runId;
  }
  return null;
}

async function startOne(tx: Tx, ctx: Context, databaseId: string): Promise<number | null> {
  if (await tx.run.findFirst({ where: { kind: { in: kinds }, status: active, initiatorKind: "schedule" }, select: { id: true } })) return null;
  const database = await tx.database.findUnique({ where: { id: databaseId, removedAt: null }, include: withSchedule });
  if (!database) return null;
  const due = dueDrill(await readDrillFacts(tx, database, ctx.clock.now()));
  if (!due.isDue) return null;
  return (await enqueueDrill(tx, ctx, { backupId: due.backupId, scheduled: true, reason: due.reason })).runId;
}

/** Starts the drill that a schedule wants now, of the backup whose turn it is. */
export async function enqueueChosenDrill(tx: Tx, ctx: Context, databaseId: string): Promise<{ runId: number } | { state: "skipped"; why: string }> {
  const database = await tx.database.findUniqueOrThrow({ where: { id: databaseId }, include: withSchedule });
  const chosen = chooseBackup(await readDrillFacts(tx, database, ctx.clock.now()));
  if (!chosen) return { state: "skipped", why: "There is no backup that can be drilled." };
  return enqueueDrill(tx, ctx, { backupId: chosen.backupId, scheduled: true, reason: `By its schedule: ${chosen.which}.` });
}

/** What is on record of a database's backups and drills, as its policy sees it. */
export async function readDrillFacts(tx: Tx, database: Pick<Database, "id"> & WithDrillPolicy, now: Date): Promise<DrillFacts> {
  const [backups, drilled, scheduled, running] = await Promise.all([
    readableOf(tx, database.id, { most: mostBackups, where: { origin: "holdfast", manifest: { isNot: null }, ...(await countsFor(tx, database.id)), takenAt: { lte: latestBy(now) } } }),
    tx.drill.groupBy({ by: ["backupId"], where: { databaseId: database.id }, _max: { startedAt: true } }),
    tx.run.findMany({ where: { databaseId: database.id, kind: "drill", initiatorKind: "schedule" }, orderBy: { id: "desc" }, take: mostScheduled, select: { backupId: true, queuedAt: true, status: true, cancelRequestedBy: true, backup: { select: { takenAt: true } } } }),
    tx.run.findFirst({ where: { databaseId: database.id, kind: { in: kinds }, status: active }, select: { id: true } }),
  ]);
  const last = new Map(drilled.map((one) => [one.backupId, one._max.startedAt]));
  return {
    policy: drillPolicyOf(database),
    backups: backups.map(({ id, takenAt, storedAt }) => ({ id, takenAt, storedAt: storedAt ?? takenAt, drilledAt: last.get(id) ?? null })),
    scheduled: scheduled.map(({ backupId, backup, queuedAt, status, cancelRequestedBy }) => ({ backupId, takenAt: backup?.takenAt ?? null, at: queuedAt, isLost: isInterrupted({ status, cancelledBy: cancelRequestedBy }) })),
    isActive: running !== null,
  };
}
