import { z } from "zod";

/** Each role may do everything the one before it may. */
export const roles = ["viewer", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** How the column holds it. */
export const RoleColumn = z.enum(roles);

/** Restoring is a permission of its own: admins have it, operators when it was granted, viewers never. */
export function mayRestore({ role, granted }: { role: Role; granted: boolean }): boolean {
  return role === "admin" || (role === "operator" && granted);
}

export const minPasswordLength = 12;
const Password = z.string().min(minPasswordLength, `Use at least ${minPasswordLength} characters.`).max(200, "Use at most 200 characters.");
const Email = z.email("This is not an email address.").max(200).transform((email) => email.toLowerCase());

export const SignInInput = z.object({ email: Email, password: z.string().min(1, "Enter your password.").max(200), remember: z.boolean().default(false) });
export const SetupInput = z.object({ token: z.string().min(1, "Paste the token from the log."), name: z.string().trim().min(1, "Enter your name.").max(80), email: Email, password: Password });
export const AddUserInput = z.object({ name: z.string().trim().min(1, "Enter a name.").max(80), email: Email, role: z.enum(roles), password: Password });
export const ChangeRoleInput = z.object({ userId: z.string(), role: z.enum(roles) });
export const ChangePermissionInput = z.object({ userId: z.string(), mayRestore: z.boolean() });
export const UserIdInput = z.object({ userId: z.string() });
export const ChangePasswordInput = z.object({ current: z.string().min(1, "Enter your present password."), next: Password });
export const ResetPasswordByEmailInput = z.object({ email: Email, password: Password });
export const SessionIdInput = z.object({ sessionId: z.string() });
