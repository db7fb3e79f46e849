/** A backup in the trends of size and duration. */
export interface TrendPoint {
  backupId: string;
  at: number;
  sizeBytes: number;
  /** Null: not measured, as for a file that a rescan found. */
  storedMs: number | null;
}
