import "server-only";
import { isAhead } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { readJson, toNumber } from "@/lib/db/codecs";
import { isBackedUpInPart } from "@/lib/databases/partial";
import type { Tx } from "@/lib/db/client";
import { RetentionPolicy, type RetainedBackup } from "./schemas";

/** What is kept of a database; null: everything, because nobody has said otherwise. */
export function policyOf(database: { retention: string | null }): RetentionPolicy | null {
  return readJson(RetentionPolicy, database.retention);
}

/**
 * Every listed backup of one database, by its id and by nothing else: files of another database can never be meant. Those that lie only
 * in stores taken out of use, or in ones that cannot be read now, replace nothing, and stay. With `newest` only so many.
 */
export async function readRetained(db: Context["db"] | Tx, databaseId: string, now: Date, newest?: number): Promise<RetainedBackup[]> {
  const rows = await db.backup.findMany({
    where: { databaseId, deletedAt: null, NOT: { copies: { some: {}, every: { store: { OR: [{ removedAt: { not: null } }, { problem: { not: null } }] } } } } },
    ...(newest === undefined ? {} : { orderBy: { takenAt: "desc" }, take: newest }),
    select: { id: true, takenAt: true, sizeBytes: true, rows: true, rung: true, problem: true, keep: true, legalHold: true, isPartial: true, sizeAcceptedBy: true, origin: true },
  });
  const isInPart = await isBackedUpInPart(db, databaseId);
  return rows.map((row) => ({
    id: row.id,
    takenAt: row.takenAt,
    sizeBytes: toNumber(row.sizeBytes),
    rows: toNumber(row.rows),
    rung: row.rung,
    hasProblem: row.problem !== null,
    isKept: row.keep,
    isOnLegalHold: row.legalHold !== null,
    isPartial: row.isPartial,
    isLesser: row.isPartial && !isInPart,
    isSizeAccepted: row.sizeAcceptedBy !== null,
    isForeign: row.origin === "foreign",
    isAhead: isAhead(row.takenAt, now),
  }));
}
