import type { RetainedBackup } from "./schemas";

/** How many earlier backups the usual size is taken from, and how few are enough. */
const baseline = 10;
const fewest = 3;
/** Less than this share of the usual size or rows is asked about before anything is removed for it. */
const smallestShare = 0.5;

/**
 * Backups that are far smaller, or hold far fewer rows, than the median of those before them: a table may have been emptied, and the
 * older ones are then the only ones that still have it. Partial ones are not compared. `newestFirst` in that order.
 */
export function suspiciouslySmall(newestFirst: readonly RetainedBackup[]): Set<string> {
  const small = new Set<string>();
  const earlier: RetainedBackup[] = [];
  for (const backup of [...newestFirst].reverse()) {
    if (backup.isPartial || backup.hasProblem) continue;
    if (isFarUnder(backup.sizeBytes, earlier.map((one) => one.sizeBytes)) || (backup.rows !== null && isFarUnder(backup.rows, earlier.flatMap((one) => one.rows ?? [])))) small.add(backup.id);
    else {
      earlier.push(backup);
      if (earlier.length > baseline) earlier.shift();
    }
  }
  return small;
}

function isFarUnder(value: number, earlier: readonly number[]): boolean {
  if (earlier.length < fewest) return false;
  const sorted = [...earlier].sort((a, b) => a - b);
  return value < (sorted[Math.floor(sorted.length / 2)] ?? 0) * smallestShare;
}
