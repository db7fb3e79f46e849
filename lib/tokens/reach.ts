import { atLeast, type Role } from "@/lib/users/schemas";
import type { Scope } from "./schemas";

/** The role a person needs for what a scope lets a token do; `restore` needs the permission besides. */
const roleFor = {
  metrics: "viewer",
  health: "viewer",
  read: "viewer",
  backup: "operator",
  drill: "operator",
  download: "operator",
  restore: "operator",
  manage: "admin",
} as const satisfies Record<Scope, Role>;

/** The scopes that a person may not use themselves, so that no token of theirs may have them. */
export function scopesBeyond({ role, mayRestore }: { role: Role; mayRestore: boolean }, scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => !atLeast(role, roleFor[scope]) || (scope === "restore" && !mayRestore));
}
