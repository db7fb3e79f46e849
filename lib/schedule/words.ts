import { kindOf, type ScheduleKind } from "./schemas";

/** What each kind of schedule is called, and what it does, for sentences and pages. */
export const scheduleWords = {
  backup: { title: "Backup", noun: "backup", adjective: "", when: (name: string) => `When ${name} is backed up`, does: "Takes a backup, reads it back and decodes it." },
  drill: { title: "Drill", noun: "drill", adjective: "drill ", when: (name: string) => `When a backup of ${name} is drilled`, does: "Restores a backup beside your databases and compares it with what was backed up." },
  disaster_drill: { title: "Disaster drill", noun: "disaster drill", adjective: "disaster drill ", when: (name: string) => `When the loss of ${name} is rehearsed`, does: "Takes a fresh backup, loses everything on a copy, restores it and measures how long that takes." },
  clean_up: { title: "Clean-up", noun: "clean-up", adjective: "clean-up ", when: (name: string) => `When backups of ${name} are cleaned up`, does: "Removes what its retention no longer keeps." },
  recheck: { title: "Re-check of stored files", noun: "re-check", adjective: "re-check ", when: (name: string) => `When the files of ${name} are read again`, does: "Reads every stored file to its last byte once a month, a share at each time, and compares its SHA-256." },
} as const satisfies Record<ScheduleKind, { title: string; noun: string; adjective: string; when: (name: string) => string; does: string }>;

/** "schedule of orders", "clean-up schedule of orders". */
export function scheduleName({ kind, database }: { kind: string; database: { name: string } }): string {
  return `${scheduleWords[kindOf({ kind }) ?? "backup"].adjective}schedule of ${database.name}`;
}
