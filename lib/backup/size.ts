import type { BackupOptions } from "@/lib/databases/schemas";
import type { Db } from "@/lib/db/client";

/** How large a registered database's next backup will be at most. One that leaves something out is compared with the last one that did. */
export async function expectedSizeOf(db: Db, databaseId: string, options: BackupOptions, databaseBytes: number): Promise<number> {
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
export function expectedSize(last: { sizeBytes: bigint; databaseBytes: bigint | null } | null, databaseBytes: number): number {
  const before = Number(last?.databaseBytes ?? 0n);
  if (!last || before === 0) return Math.ceil(databaseBytes / 3);
  return Math.ceil(Number(last.sizeBytes) * Math.max(1, databaseBytes / before) * 1.1);
}
