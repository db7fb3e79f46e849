import { z } from "zod";

/** Every action that leaves an entry. The sentence is written where it happens; this is what filters use. */
export const auditActions = [
  "backup.started", "backup.finished", "backup.verified", "backup.kept", "backup.described", "backup.deleted", "backup.downloaded", "backup.imported", "backup.conversion_started", "backup.converted", "backup.rechecked", "backup.file_missing", "backup.file_changed", "backup.file_found", "backup.size_accepted", "look.opened", "look.closed",
  "restore.started", "restore.finished", "restore.undo_started", "restore.undone", "restore.redo_started", "restore.redone", "restore.resolved", "restore.kept_removed",
  "database.started",
  "run.cancelled",
  "tables.staged", "tables.applied", "tables.undone", "tables.dropped", "tables.exported", "tables.downloaded",
  "drill.started", "drill.finished", "drill.policy_changed", "drill.check_added", "drill.check_removed",
  "database.added", "database.changed", "database.removed", "database.checked",
  "store.added", "store.changed", "store.removed", "store.checked", "store.rescanned",
  "config.applied", "config.refused", "config.released", "config.imported", "history.imported",
  "schedule.saved", "schedule.paused", "schedule.resumed", "schedule.removed", "schedule.missed", "schedule.rewound",
  "user.added", "user.changed", "user.removed", "user.password_changed",
  "session.started", "session.ended", "session.revoked",
  "token.created", "token.revoked",
  "alert.channel_saved", "alert.channel_removed", "alert.channel_tested", "alert.settings_changed", "alert.retried",
  "audit.exported", "backup.held", "retention.changed", "retention.prune_started", "retention.pruned", "setup.completed", "worker.started", "access.refused",
] as const;
export type AuditAction = (typeof auditActions)[number];

export const auditOutcomes = ["started", "succeeded", "failed", "cancelled", "lost", "refused"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

export const AuditJson = z.record(z.string(), z.unknown());
