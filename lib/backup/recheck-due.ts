import "server-only";
import { latestBy } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { readJson } from "@/lib/db/codecs";
import type { Tx } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { plural } from "@/lib/format/counts";
import { enqueueRun } from "@/lib/runs/enqueue";
import type { Times } from "@/lib/schedule/occurrences";
import { usualSettings } from "@/lib/schedule/usual";
import { recheckEveryDays, recheckShare } from "./recheck-share";
import { BackupProblem } from "./schemas";

/**
 * Queues the reading of those stored files of a database whose month is about to end; or says why none is read now. One that is known to be
 * damaged has its turn a month after that was found: reading it earlier would only say so again.
 */
export async function enqueueRecheck(tx: Tx, ctx: Context, { databaseId, database, ...times }: Times & { databaseId: string | null; database: { name: string } }): Promise<{ runId: number } | { state: "done" | "skipped"; why: string }> {
  const copies = await tx.copy.findMany({
    where: { missingAt: null, sha256: { not: null }, store: { removedAt: null }, backup: { databaseId, deletedAt: null } },
    select: { id: true, readBackAt: true, storedAt: true, problem: true },
  });
  if (copies.length === 0) return { state: "done", why: "There is no stored file with a known SHA-256." };
  const share = recheckShare(copies.map((copy) => ({ id: copy.id, lastReadAt: lastReadAt(copy) })), times, ctx.clock.now());
  if (share.length === 0) return { state: "done", why: `No file had its turn: ${copies.length === 1 ? "the one stored was" : `all ${plural(copies.length, "file")} were`} read within the last ${recheckEveryDays} days.` };
  const activeKey = { key: `recheck:${databaseId ?? "none"}`, what: `A re-check of ${database.name}` };
  return enqueueRun(tx, ctx, { kind: "recheck", databaseId, input: { copyIds: share.map(({ id }) => id) }, activeKey });
}

/** When a file was last read, or found to be another one. */
function lastReadAt({ readBackAt, storedAt, problem }: { readBackAt: Date | null; storedAt: Date; problem: string | null }): Date {
  const read = readBackAt ?? storedAt;
  const found = readJson(BackupProblem, problem);
  return found && Date.parse(found.at) > read.getTime() ? new Date(found.at) : read;
}

/** A little less than a day, so that the look of the next day is not too early. */
const betweenMs = 23 * 3_600_000;

/**
 * The same for what no schedule speaks of: backups of databases that were removed, and files that never belonged to one. Holdfast still keeps
 * them, so it has to know whether they are what was stored. One run at a time, and for each at most one a day.
 */
export async function recheckLeft(ctx: Context): Promise<number | null> {
  const kept = { missingAt: null, sha256: { not: null }, store: { removedAt: null } };
  const left = await ctx.db.backup.groupBy({ by: ["databaseId"], where: { deletedAt: null, OR: [{ databaseId: null }, { database: { removedAt: { not: null } } }], copies: { some: kept } } });
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - betweenMs);
  for (const { databaseId } of left) {
    const started = await transaction(ctx, async (tx) => {
      if ((await tx.run.count({ where: { kind: "recheck", OR: [{ status: { in: ["queued", "running"] } }, { databaseId, queuedAt: { gt: since, lte: latestBy(now) } }] } })) > 0) return null;
      const database = databaseId === null ? null : await tx.database.findUniqueOrThrow({ where: { id: databaseId }, select: { name: true } });
      return enqueueRecheck(tx, ctx, { ...usualSettings("recheck"), databaseId, database: database ?? { name: "files of no database" } });
    });
    if (started && "runId" in started) return started.runId;
  }
  return null;
}
