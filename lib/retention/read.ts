import "server-only";
import { isAhead } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import { isBackedUpInPart } from "@/lib/databases/partial";
import type { Tx } from "@/lib/db/client";
import { decideRetention } from "./decide";
import { recordsRead, RetentionPolicy, type RetainedBackup, type RetentionDecision, type SizeRecord } from "./schemas";

/** What is kept of a database; null: everything, because nobody has said otherwise. */
export function policyOf(database: { retention: string | null }): RetentionPolicy | null {
  return readJson(RetentionPolicy, database.retention);
}

/** What a policy keeps of a database, and what it lets go, by what is on record at this moment. */
export async function decideNow(db: Context["db"] | Tx, databaseId: string, policy: RetentionPolicy, now: Date): Promise<RetentionDecision> {
  return decideRetention(await readRetained(db, databaseId, now), policy, await readRecords(db, databaseId));
}

/** In which stores a backup lies that counts neither as there nor as gone. */
const outOfReach = { some: {}, every: { store: { OR: [{ removedAt: { not: null } }, { problem: { not: null } }] } } };
const measured = { id: true, takenAt: true, sizeBytes: true, rows: true, problem: true, isPartial: true, sizeAcceptedBy: true, origin: true } as const;

/**
 * Every listed backup of one database, by its id and by nothing else: files of another database can never be meant. Those that lie only
 * in stores taken out of use, or in ones that cannot be read now, replace nothing, and stay. With `newest` only so many.
 */
export async function readRetained(db: Context["db"] | Tx, databaseId: string, now: Date, newest?: number): Promise<RetainedBackup[]> {
  const rows = await db.backup.findMany({
    where: { databaseId, deletedAt: null, NOT: { copies: outOfReach } },
    orderBy: { takenAt: "desc" },
    ...(newest === undefined ? {} : { take: newest }),
    select: { ...measured, rung: true, keep: true, legalHold: true },
  });
  const isInPart = await isBackedUpInPart(db, databaseId);
  return rows.map((row) => ({
    ...recordOf(row),
    rung: row.rung,
    isKept: row.keep,
    isOnLegalHold: row.legalHold !== null,
    isLesser: row.isPartial && !isInPart,
    isAhead: isAhead(row.takenAt, now),
  }));
}

/** What is on record of the size of others: those that were removed last, and those that are out of reach. */
export async function readRecords(db: Context["db"] | Tx, databaseId: string, newest = recordsRead): Promise<SizeRecord[]> {
  const removed = await db.backup.findMany({ where: { databaseId, deletedAt: { not: null } }, orderBy: { deletedAt: "desc" }, take: newest, select: measured });
  // As a rule every store can be read, and then no copy of any backup has to be looked at.
  const isOutOfReach = (await db.store.count({ where: { OR: [{ removedAt: { not: null } }, { problem: { not: null } }] } })) > 0;
  const away = isOutOfReach ? await db.backup.findMany({ where: { databaseId, deletedAt: null, copies: outOfReach }, orderBy: { takenAt: "desc" }, take: newest, select: measured }) : [];
  return [...removed, ...away].map(recordOf);
}

function recordOf(row: { id: string; takenAt: Date; sizeBytes: bigint; rows: bigint | null; problem: string | null; isPartial: boolean; sizeAcceptedBy: string | null; origin: string }): SizeRecord {
  return { id: row.id, takenAt: row.takenAt, sizeBytes: toNumber(row.sizeBytes), rows: toNumber(row.rows), hasProblem: row.problem !== null, isPartial: row.isPartial, isSizeAccepted: row.sizeAcceptedBy !== null, isForeign: row.origin === "foreign" };
}
