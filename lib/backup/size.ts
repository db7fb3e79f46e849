import type { BackupOptions } from "@/lib/databases/schemas";
import type { Db } from "@/lib/db/client";

/** What the next backup will take at most. A guess knows of no earlier one, and rows may pack far better than it says. */
export interface ExpectedSize {
  bytes: number;
  isGuess: boolean;
}

/** Where less than this is free, a disk counts as full. */
const leastBytes = 16 << 20;

/** How large a registered database's next backup will be at most. One that leaves something out is compared with the last one that did. */
export async function expectedSizeOf(db: Db, databaseId: string, options: BackupOptions, databaseBytes: number): Promise<ExpectedSize> {
  const isPartial = options.excludeTables.length + options.excludeTableData.length > 0;
  const last = await db.backup.findFirst({
    where: { databaseId, deletedAt: null, origin: "holdfast", isPartial, format: options.format },
    orderBy: { takenAt: "desc" },
    select: { sizeBytes: true, databaseBytes: true },
  });
  return expectedSize(last, databaseBytes);
}

/**
 * How large the next backup will be at most, from the last one of the same format, grown as the database grew, with a tenth to
 * spare; without one, a third of the database.
 */
export function expectedSize(last: { sizeBytes: bigint; databaseBytes: bigint | null } | null, databaseBytes: number): ExpectedSize {
  const before = Number(last?.databaseBytes ?? 0n);
  if (!last || before === 0) return { bytes: Math.ceil(databaseBytes / 3), isGuess: true };
  return { bytes: Math.ceil(Number(last.sizeBytes) * Math.max(1, databaseBytes / before) * 1.1), isGuess: false };
}

/** Whether so much space is enough. On a guess nothing is refused but what lacks even the least; it may be tight. */
export function fits(freeBytes: number, { bytes, isGuess }: ExpectedSize): "fits" | "may_be_tight" | "does_not_fit" {
  if (freeBytes >= bytes) return "fits";
  return isGuess && freeBytes >= leastBytes ? "may_be_tight" : "does_not_fit";
}
