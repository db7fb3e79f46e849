/** A backup as far as a state depends on it. */
export interface BackupFact {
  id: string;
  takenAt: Date;
  /** 1 stored to 4 proven. */
  rung: number;
  /** Tables were left out on request. */
  isPartial: boolean;
  /** Why it failed its proof, or null. */
  problem: string | null;
}

/** What is on record about one database: all that its state is decided from. */
export interface DatabaseFacts {
  name: string;
  objectiveRpoSeconds: number;
  registeredAt: Date;
  workerHeardAt: Date | null;
  /** Where its backups go. */
  store: { name: string; problem: string | null; checkedAt: Date | null };
  /** Deleted backups are in none of these. */
  newest: BackupFact | null;
  /** Dated ahead of the clock, so its age is not known: the newest of none of the others. */
  ahead: BackupFact | null;
  newestReadable: BackupFact | null;
  newestProven: BackupFact | null;
  /** The newest backup run that is over; cancelled ones say nothing. */
  lastRun: { id: number; failed: boolean; finishedAt: Date | null; message: string | null } | null;
  failuresInARow: number;
  activeRunId: number | null;
  /** The newest drill that proved something, for or against; one that could not be set up is none. */
  lastDrill: { id: string; failed: boolean; at: Date; message: string | null } | null;
  /** What backs it up by itself; null: nothing does. `missedAt`: the newest time at which nobody was there to start a backup. */
  schedule: { pausedAt: Date | null; pausedBy: string | null; pauseReason: string | null; pausedUntil: Date | null; missedAt: Date | null } | null;
}
