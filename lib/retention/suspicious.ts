import type { RetainedBackup } from "./schemas";

/** How many earlier backups the usual size is taken from, and how few are enough. */
const baseline = 10;
const fewest = 3;
/** Less than this share of the usual size or rows is asked about before anything is removed for it. */
const smallestShare = 0.5;

/** What a backup that is far smaller is compared with; null rows: not compared. */
export interface Usual {
  sizeBytes: number;
  rows: number | null;
}

/**
 * Backups that are far smaller, or hold far fewer rows, than the median of those before them: a table may have been emptied, and the
 * older ones are then the only ones that still have it. Partial ones are compared with partial ones alone, and one that a person accepted is
 * what later ones are compared with. `newestFirst` in that order; the answer says what was usual.
 */
export function suspiciouslySmall(newestFirst: readonly RetainedBackup[]): Map<string, Usual> {
  const small = new Map<string, Usual>();
  const before: Record<"whole" | "partial", RetainedBackup[]> = { whole: [], partial: [] };
  for (const backup of [...newestFirst].reverse()) {
    if (backup.hasProblem) continue;
    const earlier = before[backup.isPartial ? "partial" : "whole"];
    if (backup.isSizeAccepted) earlier.length = 0;
    const sizes = earlier.map((one) => one.sizeBytes);
    const rows = backup.rows === null ? [] : earlier.flatMap((one) => one.rows ?? []);
    if (isFarUnder(backup.sizeBytes, sizes) || isFarUnder(backup.rows ?? 0, rows)) small.set(backup.id, { sizeBytes: median(sizes), rows: rows.length > 0 ? median(rows) : null });
    else {
      // An accepted one is what later ones are compared with, from the next on.
      for (let times = 0; times < (backup.isSizeAccepted ? fewest : 1); times += 1) earlier.push(backup);
      if (earlier.length > baseline) earlier.shift();
    }
  }
  return small;
}

function isFarUnder(value: number, earlier: readonly number[]): boolean {
  return earlier.length >= fewest && value < median(earlier) * smallestShare;
}

/** The middle one; 0 of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
