import type { AuditAction, AuditOutcome } from "./schemas";

/** What each action is called in the filter. */
export const actionWords = {
  "backup.started": "Backup started",
  "backup.finished": "Backup finished",
  "backup.verified": "Backup verified",
  "backup.kept": "Backup kept or released",
  "backup.described": "Backup described",
  "backup.deleted": "Backup deleted",
  "backup.downloaded": "Backup downloaded",
  "backup.imported": "Backup imported",
  "run.cancelled": "Run cancelled",
  "database.added": "Database added",
  "database.changed": "Database changed",
  "database.removed": "Database removed",
  "database.checked": "Database tested",
  "store.added": "Store added",
  "store.changed": "Store changed",
  "store.removed": "Store removed",
  "store.checked": "Store tested",
  "store.rescanned": "Store rescanned",
  "user.added": "User added",
  "user.changed": "User changed",
  "user.removed": "User removed",
  "user.password_changed": "Password changed",
  "session.started": "Sign-in",
  "session.ended": "Sign-out",
  "session.revoked": "Session revoked",
  "setup.completed": "Setup completed",
  "worker.started": "Worker started",
  "access.refused": "Access refused",
} as const satisfies Record<AuditAction, string>;

export const outcomeWords = {
  started: "Started",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  lost: "Lost",
  refused: "Refused",
} as const satisfies Record<AuditOutcome, string>;
