import type { Role } from "./schemas";

/** Each role by what it may do: `may` in a list of all three, where each adds to the one before; `alone` by itself. */
export const roleWords = {
  viewer: {
    word: "Viewer",
    may: "See every database, backup, run and the audit log.",
    alone: "You may see everything and change nothing.",
  },
  operator: {
    word: "Operator",
    may: "Also back up, verify, keep, describe and download backups, and cancel runs. Restore only with the permission.",
    alone: "You may see everything, make and download backups. Deleting them, databases, stores and people are an admin's; restoring is a permission that an admin gives.",
  },
  admin: {
    word: "Admin",
    may: "Also restore, delete backups, and add and change databases, stores and people.",
    alone: "You may do everything, and decide who else may.",
  },
} as const satisfies Record<Role, { word: string; may: string; alone: string }>;

/** The permission to restore, by what it lets people do. */
export const restoreWords = {
  may: "Replace a live database by a backup, restore tables or beside it, undo a restore, decide what becomes of one that is incomplete, and remove the database it keeps.",
  who: { admin: "always", operator: "when an admin gives it", viewer: "never" },
} as const satisfies { may: string; who: Record<Role, string> };
