import type { SizeRecord } from "./schemas";

/** How many earlier backups the usual size is taken from, at most. One is enough: where few are kept, the small one would otherwise replace them. */
const baseline = 10;
/** What a person accepted counts for so many, so that one odd backup after it does not become what is usual. */
const acceptedWeight = 3;
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
 * what later ones are compared with. `records` are of backups that were removed: what is usual does not change because a rule let one
 * go. The very first one is compared with nothing. The answer says what was usual.
 */
export function suspiciouslySmall(backups: readonly SizeRecord[], records: readonly SizeRecord[] = []): Map<string, Usual> {
  const small = new Map<string, Usual>();
  const before: Record<"whole" | "partial", SizeRecord[]> = { whole: [], partial: [] };
  const present = new Set(backups.map(({ id }) => id));
  for (const backup of [...records, ...backups].sort(oldestFirst)) {
    if (backup.hasProblem) continue;
    const earlier = before[backup.isPartial ? "partial" : "whole"];
    if (backup.isSizeAccepted) earlier.length = 0;
    const sizes = earlier.map((one) => one.sizeBytes);
    const rows = backup.rows === null ? [] : earlier.flatMap((one) => one.rows ?? []);
    if (isFarUnder(backup.sizeBytes, sizes) || isFarUnder(backup.rows ?? 0, rows)) {
      if (present.has(backup.id)) small.set(backup.id, { sizeBytes: median(sizes), rows: rows.length > 0 ? median(rows) : null });
    } else {
      for (let times = 0; times < (backup.isSizeAccepted ? acceptedWeight : 1); times += 1) earlier.push(backup);
      if (earlier.length > baseline) earlier.shift();
    }
  }
  return small;
}

function isFarUnder(value: number, earlier: readonly number[]): boolean {
  return value < median(earlier) * smallestShare;
}

function oldestFirst(a: SizeRecord, b: SizeRecord): number {
  return a.takenAt.getTime() - b.takenAt.getTime() || (a.id < b.id ? 1 : -1);
}

/** The middle one; 0 of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
