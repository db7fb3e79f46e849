import type { Role } from "./schemas";

/** Each role by what it may do. Each may do everything the one before it may. */
export const roleWords = {
  viewer: { word: "Viewer", may: "See every database, backup, run and the audit log." },
  operator: { word: "Operator", may: "Also back up, verify, keep, download and delete backups, and cancel runs." },
  admin: { word: "Admin", may: "Also add and change databases, stores and people." },
} as const satisfies Record<Role, { word: string; may: string }>;
