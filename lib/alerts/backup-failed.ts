import "server-only";
import type { Clock } from "@/lib/clock";
import { countsFor } from "@/lib/databases/partial";
import type { Tx } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { PublicError } from "@/lib/errors";
import { readGood } from "./good";
import { raise } from "./raise";

interface Of {
  database: { id: string; name: string };
  runId: number;
}

/** How a backup failed that is not tried again. `attempts`: the runs it took, this one included. */
export interface Failure extends Of {
  attempts: number;
  error: Pick<PublicError, "message" | "hint"> | null;
  isLost: boolean;
}

/** Tells that a backup failed, unless a later one has succeeded by now: that is over, and nobody need be woken. */
export async function raiseBackupFailed(tx: Tx, ctx: { clock: Clock }, { database, runId, attempts, error, isLost }: Failure): Promise<void> {
  if ((await tx.run.count({ where: { ...(await succeeded(tx, database)), id: { gt: runId } } })) > 0) return;
  const now = ctx.clock.now();
  const facts = { event: "backup_failed", database, good: await readGood(tx, database.id, now), runId, attempts, reason: error?.message ?? "No reason is on record.", hint: error?.hint ?? null, isLost } as const;
  await raise(tx, ctx, { cause: `run:${runId}:backup_failed`, facts, episode: { name: await episodeOf(tx, database, runId), phase: "happened", openedAt: now } });
}

/** Tells those who heard that backups failed that one has succeeded again. */
export async function raiseBackupRecovered(tx: Tx, ctx: { clock: Clock }, { database, runId }: Of): Promise<void> {
  const name = await episodeOf(tx, database, runId);
  const first = await tx.alert.findFirst({ where: { episode: name, phase: "happened" }, orderBy: { at: "asc" }, select: { at: true } });
  if (!first) return;
  const facts = { event: "backup_failed", database, good: null, runId, attempts: 1, reason: "", hint: null, isLost: false } as const;
  await raise(tx, ctx, { cause: `run:${runId}:backup_recovered`, facts, episode: { name, phase: "recovered", openedAt: first.at } });
}

/** Failures in a row belong together: all those since the same success. */
async function episodeOf(tx: Tx, database: Of["database"], runId: number): Promise<string> {
  const before = await tx.run.findFirst({ where: { ...(await succeeded(tx, database)), id: { lt: runId } }, orderBy: { id: "desc" }, select: { id: true } });
  return `backup_failed:${database.id}#${before?.id ?? 0}`;
}

/** Runs that made good what failed: a partial backup by hand does not, of a database that is backed up whole. */
async function succeeded(tx: Tx, { id }: Of["database"]): Promise<Prisma.RunWhereInput> {
  return { databaseId: id, kind: "backup", status: "succeeded", OR: [{ backupId: null }, { backup: await countsFor(tx, id) }] };
}
