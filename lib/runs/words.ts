import type { RunKind, StepName } from "./schemas";

/** The kind of a run in lists and filters. */
export const runKindWords = {
  backup: "Backup",
  verify_backup: "Verification",
  delete_backup: "Deletion",
  rescan_store: "Rescan",
  check_store: "Store test",
  check_database: "Database test",
  check_application: "Application test",
  discover: "Discovery",
} as const satisfies Record<RunKind, string>;

/** What a run is about, as its page's title: "Backup of orders". `subject` is the database, backup or store. */
export const runTitle = {
  backup: (subject) => `Backup of ${subject}`,
  verify_backup: (subject) => `Verification of ${subject}`,
  delete_backup: (subject) => `Deletion of ${subject}`,
  rescan_store: (subject) => `Rescan of ${subject}`,
  check_store: (subject) => `Test of ${subject}`,
  check_database: (subject) => `Test of ${subject}`,
  check_application: (subject) => `Test of the application of ${subject}`,
  discover: () => "Search for databases",
} as const satisfies Record<RunKind, (subject: string) => string>;

/** The name of a step, and what it is for while it has nothing of its own to say. */
export const stepWords = {
  prepare: { name: "Prepare", purpose: "asks the container, the server, the role and the disk" },
  snapshot: { name: "Snapshot and count", purpose: "one view of the data for the dump and its counts" },
  dump: { name: "Dump", purpose: "straight into the store; nothing is visible there before it is whole" },
  read_back: { name: "Read back and compare", purpose: "makes it intact" },
  decode: { name: "Decode", purpose: "makes it readable" },
  record: { name: "Record", purpose: "writes the proof beside the file" },
  delete: { name: "Delete", purpose: "the file, its roles and its description" },
  scan: { name: "Scan", purpose: "compares the files in the store with the list" },
  check: { name: "Test", purpose: "asks each thing that has to work" },
  discover: { name: "Discover", purpose: "asks Docker which containers run PostgreSQL" },
} as const satisfies Record<StepName, { name: string; purpose: string }>;
