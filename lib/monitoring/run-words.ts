import type { RunKind, StepName } from "@/lib/runs/schemas";

/** What a run is doing, with the name of what it works on. */
export const runTitles = {
  backup: (name) => `Backing up ${name}`,
  verify_backup: (name) => `Verifying a backup of ${name}`,
  delete_backup: (name) => `Deleting a backup of ${name}`,
  rescan_store: () => "Rescanning a store",
  check_store: () => "Testing a store",
  check_database: (name) => `Testing ${name}`,
  check_application: (name) => `Testing the application of ${name}`,
  discover: () => "Looking for databases",
} as const satisfies Record<RunKind, (name: string) => string>;

export const stepTitles = {
  prepare: "Prepare",
  snapshot: "Snapshot",
  dump: "Dump",
  read_back: "Read back",
  decode: "Decode",
  record: "Record",
  delete: "Delete",
  scan: "Scan",
  check: "Test",
  discover: "Discover",
} as const satisfies Record<StepName, string>;
