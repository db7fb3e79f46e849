/** How much something matters, the least first. */
export const severities = ["info", "warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** `opened`, `repeated` and `recovered` are of conditions; what simply took place `happened`, and `recovered` is of failed backups too. */
export const phases = ["happened", "opened", "repeated", "recovered"] as const;
export type Phase = (typeof phases)[number];

export const alertEvents = [
  "backup_failed", "backup_missed", "nothing_succeeded", "backup_unusual", "backup_succeeded",
  "drill_failed", "drill_inconclusive", "file_damaged", "database_exposed",
  "restore_started", "restore_finished", "restore_failed", "restore_undone",
  "store_filling", "store_unreadable", "worker_silent",
] as const;
export type AlertEvent = (typeof alertEvents)[number];

interface EventKind {
  severity: Severity;
  /** A `happening` is told once, with the record it speaks of. A `condition` holds for a while. */
  nature: "happening" | "condition";
  /** As a choice on the page. */
  title: string;
  /** In a sentence: "Tells … about failed backups". */
  noun: string;
  /** A new channel is told, unless its owner says otherwise. */
  isUsual: boolean;
}

/** What can be told. The table in docs/alerts.md says the same, and a test compares the two. */
export const eventKinds = {
  backup_failed: { severity: "critical", nature: "happening", title: "A backup failed", noun: "failed backups", isUsual: true },
  backup_missed: { severity: "warning", nature: "happening", title: "A backup was missed", noun: "missed backups", isUsual: true },
  nothing_succeeded: { severity: "critical", nature: "condition", title: "No backup succeeded for too long", noun: "databases without a backup for too long", isUsual: true },
  backup_unusual: { severity: "warning", nature: "happening", title: "A backup is far smaller or larger than usual", noun: "unusually small or large backups", isUsual: true },
  backup_succeeded: { severity: "info", nature: "happening", title: "A backup succeeded", noun: "successful backups", isUsual: false },
  drill_failed: { severity: "critical", nature: "condition", title: "A drill failed", noun: "failed drills", isUsual: true },
  drill_inconclusive: { severity: "warning", nature: "happening", title: "A drill proved nothing", noun: "drills that proved nothing", isUsual: true },
  file_damaged: { severity: "critical", nature: "condition", title: "A stored file is missing or changed", noun: "missing or changed files", isUsual: true },
  database_exposed: { severity: "critical", nature: "condition", title: "A database is exposed", noun: "exposed databases", isUsual: true },
  restore_started: { severity: "info", nature: "happening", title: "A restore started", noun: "started restores", isUsual: true },
  restore_finished: { severity: "info", nature: "happening", title: "A restore finished", noun: "finished restores", isUsual: true },
  restore_failed: { severity: "critical", nature: "happening", title: "A restore failed", noun: "failed restores", isUsual: true },
  restore_undone: { severity: "info", nature: "happening", title: "A restore was undone", noun: "undone restores", isUsual: true },
  store_filling: { severity: "warning", nature: "condition", title: "A store is nearly full", noun: "stores that fill", isUsual: true },
  store_unreadable: { severity: "critical", nature: "condition", title: "A store cannot be read or written", noun: "stores that cannot be read", isUsual: true },
  worker_silent: { severity: "critical", nature: "condition", title: "The worker is silent", noun: "a silent worker", isUsual: true },
} as const satisfies Record<AlertEvent, EventKind>;

/** The choices of the page, in the order they are read. */
export const eventGroups = [
  { title: "Backups", events: ["backup_failed", "backup_missed", "nothing_succeeded", "backup_unusual", "backup_succeeded"] },
  { title: "Proof", events: ["drill_failed", "drill_inconclusive", "file_damaged", "database_exposed"] },
  { title: "Restores", events: ["restore_started", "restore_finished", "restore_failed", "restore_undone"] },
  { title: "Holdfast itself", events: ["store_filling", "store_unreadable", "worker_silent"] },
] as const satisfies readonly { title: string; events: readonly AlertEvent[] }[];

/** What a ping says: whether the last backup was good. Nothing else has a place in it. */
export const pingEvents = ["backup_succeeded", "backup_failed"] as const satisfies readonly AlertEvent[];

export const usualEvents: readonly AlertEvent[] = alertEvents.filter((event) => eventKinds[event].isUsual);

export function isAtLeast(severity: Severity, lowest: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(lowest);
}
