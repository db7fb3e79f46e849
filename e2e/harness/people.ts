import type { Context } from "@/lib/context";
import { createUser } from "@/lib/users/create-user";
import { AddUserInput, type Role } from "@/lib/users/schemas";

/** One person of each role, with a password that only tests use. */
export const people = {
  admin: { name: "Ada Admin", email: "ada@bimcalc.example", password: "ada-tests-this-2026" },
  operator: { name: "Olu Operator", email: "olu@bimcalc.example", password: "olu-tests-this-2026" },
  viewer: { name: "Vera Viewer", email: "vera@bimcalc.example", password: "vera-tests-this-2026" },
} as const satisfies Record<Role, { name: string; email: string; password: string }>;

export async function addPeople(ctx: Context, roles: readonly Role[] = ["admin", "operator", "viewer"]): Promise<void> {
  for (const role of roles) await createUser(ctx, AddUserInput.parse({ ...people[role], role }));
}
