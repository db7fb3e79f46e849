/**
 * Every family of GET /api/metrics, in the order in which they are written. Names follow the conventions of Prometheus: base units,
 * the unit last, `_total` for what only grows. A series that is absent is not known; none is 0 for want of evidence.
 */
export const families = {
  holdfast_build_info: { type: "gauge", help: "Always 1; the version of Holdfast is a label.", labels: ["version"] },

  holdfast_database_state: { type: "gauge", help: "1 for the state that the overview shows, 0 for the others.", labels: ["database", "state"] },
  holdfast_database_within_objective: { type: "gauge", help: "1 while a good backup is young enough, as GET /api/health/backups says; 0 also while that is not known.", labels: ["database"] },
  holdfast_backup_last_success_timestamp_seconds: { type: "gauge", help: "When the newest backup was taken that can be restored. Absent: there is none.", labels: ["database"] },
  holdfast_backup_age_seconds: { type: "gauge", help: "Age of the newest backup that can be restored. Absent: there is none.", labels: ["database"] },
  holdfast_backup_size_bytes: { type: "gauge", help: "Size of the newest backup that can be restored.", labels: ["database"] },
  holdfast_backup_duration_seconds: { type: "gauge", help: "How long the newest backup took that can be restored. Absent: no run made it, as with a file found in a store.", labels: ["database"] },
  holdfast_backup_rows: { type: "gauge", help: "Rows in the newest backup that can be restored. Absent: they were not counted.", labels: ["database"] },
  holdfast_backup_proof_rung: { type: "gauge", help: "How far the newest backup is proven: 1 stored, 2 intact, 3 readable, 4 proven. Absent: there is no backup.", labels: ["database"] },
  holdfast_backup_proven_timestamp_seconds: { type: "gauge", help: "When the newest backup was taken that a drill restored and compared. Absent: there is none.", labels: ["database"] },
  holdfast_backup_proven_age_seconds: { type: "gauge", help: "Age of the newest backup that a drill restored and compared. Absent: there is none.", labels: ["database"] },

  holdfast_rpo_target_seconds: { type: "gauge", help: "Recovery point objective.", labels: ["database"] },
  holdfast_rpo_measured_seconds: { type: "gauge", help: "What would be lost now. Absent: not known, as while the worker is silent or the store cannot be read.", labels: ["database"] },
  holdfast_rto_target_seconds: { type: "gauge", help: "Recovery time objective.", labels: ["database"] },
  holdfast_rto_measured_seconds: { type: "gauge", help: "How long the last drill or restore of a backup as large took that was timed to its end. Absent: none was.", labels: ["database"] },
  holdfast_schedule_next_run_timestamp_seconds: { type: "gauge", help: "When the database is backed up next by itself. Absent: it has no schedule, or nobody knows when its pause ends.", labels: ["database"] },
  holdfast_drill_last_timestamp_seconds: { type: "gauge", help: "When the last drill began that proved something, for or against. Absent: there was none.", labels: ["database"] },
  holdfast_drill_last_passed: { type: "gauge", help: "1 when the last drill that proved something passed, 0 when it failed. Absent: there was none.", labels: ["database"] },

  holdfast_runs_total: { type: "counter", help: "Runs that are over, by kind and outcome, since Holdfast was set up.", labels: ["kind", "outcome"] },
  holdfast_drills_total: { type: "counter", help: "Drills that are over, by outcome, since Holdfast was set up.", labels: ["outcome"] },
  holdfast_schedule_occurrences_total: { type: "counter", help: "Times at which a schedule wanted something, by what it was and what became of them.", labels: ["kind", "outcome"] },
  holdfast_queue_length: { type: "gauge", help: "Runs that wait for the worker.", labels: [] },
  holdfast_runs_running: { type: "gauge", help: "Runs under way.", labels: [] },

  holdfast_store_up: { type: "gauge", help: "1 when the store was usable at the last look, which was just now; else 0.", labels: ["store"] },
  holdfast_store_size_bytes: { type: "gauge", help: "Size of the store's file system. Absent: not known.", labels: ["store"] },
  holdfast_store_free_bytes: { type: "gauge", help: "Free space of the store's file system. Absent: not known.", labels: ["store"] },
  holdfast_store_used_bytes: { type: "gauge", help: "Used space of the store's file system, by backups and everything else. Absent: not known.", labels: ["store"] },
  holdfast_store_backup_bytes: { type: "gauge", help: "What backups of a database take in a store, missing files left out.", labels: ["store", "database"] },
  holdfast_store_backups: { type: "gauge", help: "Backups of a database in a store, missing files left out.", labels: ["store", "database"] },

  holdfast_worker_up: { type: "gauge", help: "1 while the worker was heard in the last 30 seconds and was not stopped; else 0.", labels: [] },
  holdfast_worker_heartbeat_age_seconds: { type: "gauge", help: "Since when nothing was heard of the worker. Absent: none was ever heard.", labels: [] },
  holdfast_engine_up: { type: "gauge", help: "1 when the Docker Engine answered the worker, else 0. Absent: the worker is silent.", labels: [] },
  holdfast_token_expiry_timestamp_seconds: { type: "gauge", help: "When a working API token expires, the one that reads this included.", labels: ["token"] },
} as const satisfies Record<string, { type: "gauge" | "counter"; help: string; labels: readonly string[] }>;

export type FamilyName = keyof typeof families;

/** One figure. Labels are those of its family, every one of them. */
export type Sample = { [N in FamilyName]: { name: N; labels: Record<(typeof families)[N]["labels"][number], string>; value: number } }[FamilyName];
