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
    may: "Also back up, verify, keep, describe and download backups, and cancel runs.",
    alone: "You may see everything, make and download backups. Deleting them, databases, stores and people are an admin's.",
  },
  admin: {
    word: "Admin",
    may: "Also delete backups, and add and change databases, stores and people.",
    alone: "You may do everything, and decide who else may.",
  },
} as const satisfies Record<Role, { word: string; may: string; alone: string }>;
