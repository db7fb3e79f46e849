import type { Scope } from "./schemas";

/** Each scope by what it lets a program do. */
export const scopeWords = {
  metrics: { word: "Metrics", may: "Read the figures of /api/metrics." },
  health: { word: "Health", may: "Ask whether backups are within their targets." },
  read: { word: "Read", may: "See databases, backups, runs, drills, schedules and the audit log." },
  backup: { word: "Back up", may: "Back up, verify and keep backups, cancel runs, pause and resume schedules." },
  drill: { word: "Drill", may: "Start drills." },
  download: { word: "Download", may: "Download backups: a copy of all that is in them." },
  restore: { word: "Restore", may: "Plan, start and undo restores: replace live data." },
  manage: { word: "Manage", may: "Delete backups, place and lift legal holds, change schedules, clean up by retention." },
} as const satisfies Record<Scope, { word: string; may: string }>;
