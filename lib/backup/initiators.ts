import { backupKinds, type BackupKind } from "./search-params";

/** What made a backup. `unknown` is a file that was found in a store. */
export const kindWords = {
  user: "By hand",
  schedule: "Scheduled",
  token: "API token",
  cli: "Command line",
  system: "By Holdfast",
  unknown: "Found in a store",
} as const satisfies Record<BackupKind, string>;

/** The kind that a record's column holds; a value from a newer version is not known here. */
export function backupKind(value: string): BackupKind {
  return backupKinds.find((kind) => kind === value) ?? "unknown";
}

/** What starts drills that no schedule times, as a run's record and every list name it. */
export const drillPolicyName = "Drill policy";

/** "by the schedule", "by the drill policy", "by Maeve Byrne": who started something, at the end of a sentence. */
export function byWhom(kind: string, name: string): string {
  if (kind === "schedule") return name === drillPolicyName ? "by the drill policy" : "by the schedule";
  if (kind === "user" || kind === "cli") return `by ${name}`;
  if (kind === "token") return `by the API token ${name}`;
  return kind === "system" ? "by Holdfast" : "by something outside Holdfast";
}
