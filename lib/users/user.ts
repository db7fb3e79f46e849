import type { Actor } from "@/lib/context";
import type { User as UserRow } from "@/lib/db/generated/client";
import { userErrors } from "./errors";
import { RoleColumn, type Role } from "./schemas";

/** Someone who may sign in, as pages see them. The password's hash stays behind. */
export interface User {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** Whether an operator was given the permission to restore; `mayRestore` says what it comes to. */
  restoreGranted: boolean;
  createdAt: Date;
  disabledAt: Date | null;
}

export function toUser({ id, name, email, role, mayRestore, createdAt, disabledAt }: UserRow): User {
  return { id, name, email, role: RoleColumn.parse(role), restoreGranted: mayRestore, createdAt, disabledAt };
}

/** The person behind an operation on their own account. Throws `user.no_account` for the schedule and the command line. */
export function requirePerson(actor: Actor): Extract<Actor, { kind: "user" }> {
  if (actor.kind !== "user") throw userErrors.no_account({});
  return actor;
}
