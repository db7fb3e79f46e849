"use server";

import { action } from "@/lib/action";
import { changeRole } from "@/lib/users/change-role";
import { createUser } from "@/lib/users/create-user";
import { disableUser } from "@/lib/users/disable-user";
import { enableUser } from "@/lib/users/enable-user";
import { resetPassword } from "@/lib/users/reset-password";
import { AddUserInput, ChangeRoleInput, UserIdInput } from "@/lib/users/schemas";

export const addUserAction = action({ name: "user.add", input: AddUserInput, role: "admin" }, createUser);
export const changeRoleAction = action({ name: "user.change_role", input: ChangeRoleInput, role: "admin" }, changeRole);
export const disableUserAction = action({ name: "user.disable", input: UserIdInput, role: "admin" }, disableUser);
export const enableUserAction = action({ name: "user.enable", input: UserIdInput, role: "admin" }, enableUser);
export const resetPasswordAction = action({ name: "user.reset_password", input: UserIdInput, role: "admin" }, resetPassword);
