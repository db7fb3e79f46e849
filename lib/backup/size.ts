/**
 * How large the next backup will be at most, from the last one of the same format, grown as the database grew, with a tenth to
 * spare; without one, a third of the database.
 */
export function expectedSize(last: { sizeBytes: bigint; databaseBytes: bigint | null } | null, databaseBytes: number): number {
  const before = Number(last?.databaseBytes ?? 0n);
  if (!last || before === 0) return Math.ceil(databaseBytes / 3);
  return Math.ceil(Number(last.sizeBytes) * Math.max(1, databaseBytes / before) * 1.1);
}
