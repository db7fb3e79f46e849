"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { changePassword } from "@/lib/users/change-password";
import { revokeSession } from "@/lib/users/revoke-session";
import { ChangePasswordInput, SessionIdInput } from "@/lib/users/schemas";
import { signOutEverywhere } from "@/lib/users/sign-out-everywhere";

export const changePasswordAction = action({ name: "account.change_password", input: ChangePasswordInput, role: "viewer" }, changePassword);
export const revokeSessionAction = action({ name: "account.revoke_session", input: SessionIdInput, role: "viewer" }, revokeSession);
export const signOutEverywhereAction = action({ name: "account.sign_out_everywhere", input: z.object({}), role: "viewer" }, signOutEverywhere);
