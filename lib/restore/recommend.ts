import type { BackupRow } from "@/lib/backup/list";
import { plural } from "@/lib/format/counts";
import { minuteTime } from "@/lib/format/times";

/** The newest backups of one database that could be restored from, by how far they were checked. */
export interface Candidates {
  /** Newest that is proven, complete and can be read now. */
  proven: BackupRow | null;
  /** Newest of the highest rung below that. */
  unproven: BackupRow | null;
  /** Newest of those that something speaks against: partial, or made elsewhere. */
  doubtful: BackupRow | null;
  /** All that are listed, whatever their state. */
  total: number;
}

export interface Recommendation {
  backup: BackupRow | null;
  /** Why this one, and what is not known of it; or why there is none. */
  why: string;
  /** Whether what is recommended was restored before, in a drill. */
  isProven: boolean;
}

/** Which backup to go back to: the newest proven one. Without one it says so, and never calls anything safe. */
export function recommend(name: string, { proven, unproven, doubtful, total }: Candidates): Recommendation {
  if (proven) {
    const newer = unproven && unproven.takenAt > proven.takenAt ? ` A newer one, from ${minuteTime(unproven.takenAt)}, is ${rungOf(unproven)} and not proven.` : "";
    return { backup: proven, why: `The newest proven backup.${newer}`, isProven: true };
  }
  if (unproven) return { backup: unproven, why: `No backup of ${name} is proven. This is the newest that is ${rungOf(unproven)}${missing[rungOf(unproven)]}`, isProven: false };
  if (doubtful) return { backup: doubtful, why: doubtful.foreign ? `${name} has only files that were not made by Holdfast. One has to be taken in before it can be restored.` : `${name} has only partial backups: tables or rows were left out on request.`, isProven: false };
  if (total === 0) return { backup: null, why: "No backup yet, so there is nothing to go back to.", isProven: false };
  const none = total === 1 ? "Its only backup cannot be looked at now" : `None of its ${plural(total, "backup")} can be looked at now`;
  return { backup: null, why: `${none}: damaged, missing, or in a store that cannot be read.`, isProven: false };
}

const missing = {
  proven: ".",
  readable: ": decoded to its end, never restored.",
  intact: ": its bytes are what was stored, nobody has decoded them.",
  stored: ": nothing was checked since it was written.",
} as const;

function rungOf({ trust }: BackupRow): keyof typeof missing {
  return trust.state === "checked" ? trust.rung : "stored";
}
