import { z } from "zod";

/** What a run executes. `handlers/` in the worker has one function for each. */
export const runKinds = [
  "backup",
  "verify_backup",
  "recheck",
  "delete_backup",
  "rescan_store",
  "check_store",
  "check_database",
  "check_application",
  "discover",
  "prune_backups",
  "plan_restore",
  "restore",
  "undo_restore",
  "resolve_staged",
  "drop_kept",
  "start_container",
  "inspect_foreign",
  "convert_backup",
  "open_look",
  "query_look",
  "close_look",
  "plan_tables",
  "stage_tables",
  "apply_tables",
  "undo_tables",
  "drop_tables",
  "export_table",
  "drill",
  "disaster_drill",
] as const;
export type RunKind = (typeof runKinds)[number];

export const runStatuses = ["queued", "running", "succeeded", "failed", "cancelled", "lost"] as const;
/** `lost`: the worker stopped reporting. The outcome is unknown, which is not the same as failure. */
export type RunStatus = (typeof runStatuses)[number];

const moves = {
  queued: ["running", "cancelled"],
  // Back to the queue only when its worker was told to stop before it had begun.
  running: ["queued", "succeeded", "failed", "cancelled", "lost"],
  succeeded: [],
  failed: [],
  cancelled: [],
  lost: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

/** Whether a run in `from` may become `to`. */
export function canMove(from: RunStatus, to: RunStatus): boolean {
  return (moves[from] as readonly RunStatus[]).includes(to);
}

export function isActive(status: RunStatus): boolean {
  return status === "queued" || status === "running";
}

/** The steps of each kind, in order: what the run page draws before they happen. */
export const runSteps = {
  backup: ["prepare", "snapshot", "dump", "read_back", "decode", "record"],
  verify_backup: ["read_back", "decode", "record"],
  recheck: ["read_back"],
  delete_backup: ["delete"],
  rescan_store: ["scan"],
  check_store: ["check"],
  check_database: ["check"],
  check_application: ["check"],
  discover: ["discover"],
  prune_backups: ["delete"],
  plan_restore: ["plan"],
  restore: ["prepare", "safety", "stage", "compare", "stop_application", "swap", "start_application"],
  undo_restore: ["prepare", "stop_application", "swap", "start_application"],
  resolve_staged: ["prepare", "drop", "stop_application", "swap", "start_application"],
  drop_kept: ["drop"],
  start_container: ["start_container"],
  inspect_foreign: ["inspect"],
  convert_backup: ["scratch", "inspect", "load", "snapshot", "dump", "read_back", "decode", "record"],
  open_look: ["read_back", "scratch", "load", "look"],
  query_look: ["ask"],
  close_look: ["close"],
  plan_tables: ["discover"],
  stage_tables: ["prepare", "read_back", "stage_tables", "bring_tables", "compare_tables"],
  apply_tables: ["prepare", "apply_tables"],
  undo_tables: ["undo_tables"],
  drop_tables: ["drop_tables"],
  export_table: ["export_table"],
  drill: ["read_back", "scratch", "load", "compare", "ask_copy", "clean_up", "record"],
  disaster_drill: ["fresh_backup", "production", "lose", "read_back", "scratch", "load", "compare", "ask_copy", "ask_application", "clean_up", "record"],
} as const satisfies Record<RunKind, readonly string[]>;
export type StepName = (typeof runSteps)[RunKind][number];

export const stepNames = ["plan", "safety", "stage", "compare", "stop_application", "swap", "start_application", "drop", "start_container", "prepare", "snapshot", "dump", "read_back", "decode", "record", "delete", "scan", "check", "discover", "stage_tables", "bring_tables", "compare_tables", "apply_tables", "undo_tables", "drop_tables", "export_table", "scratch", "inspect", "load", "look", "ask", "close", "ask_copy", "ask_application", "clean_up", "fresh_backup", "production", "lose"] as const satisfies readonly StepName[];

/** Overwritten at most once a second while bytes move. There is no total: `pg_dump` knows none. */
export const RunProgress = z.object({
  bytes: z.number().int(),
  /** Bytes of each of the last seconds, oldest first, at most 90. */
  perSecond: z.array(z.number().int()),
  /** ISO time of the last byte; "no data for 40 s" is computed from it. */
  lastDataAt: z.string().nullable(),
  /** What is being worked on, as far as the tool says: a table's name. */
  detail: z.string().nullable(),
});
export type RunProgress = z.output<typeof RunProgress>;

export const PublicErrorSchema = z.object({
  code: z.string(),
  kind: z.enum(["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "precondition", "unavailable", "integrity", "cancelled", "internal"]),
  message: z.string(),
  hint: z.string().optional(),
  toolOutput: z.string().optional(),
});

export const RunIdInput = z.object({ runId: z.number().int().positive() });
