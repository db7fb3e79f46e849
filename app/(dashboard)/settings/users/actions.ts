"use server";

import { action } from "@/lib/action";
import { changePermission } from "@/lib/users/change-permission";
import { changeRole } from "@/lib/users/change-role";
import { createUser } from "@/lib/users/create-user";
import { disableUser } from "@/lib/users/disable-user";
import { enableUser } from "@/lib/users/enable-user";
import { resetPassword } from "@/lib/users/reset-password";
import { AddUserInput, ChangePermissionInput, ChangeRoleInput, UserIdInput } from "@/lib/users/schemas";

export const addUserAction = action({ name: "user.add", input: AddUserInput, role: "admin" }, createUser);
export const changeRoleAction = action({ name: "user.change_role", input: ChangeRoleInput, role: "admin" }, changeRole);
export const changePermissionAction = action({ name: "user.change_permission", input: ChangePermissionInput, role: "admin" }, changePermission);
export const disableUserAction = action({ name: "user.disable", input: UserIdInput, role: "admin" }, disableUser);
export const enableUserAction = action({ name: "user.enable", input: UserIdInput, role: "admin" }, enableUser);
export const resetPasswordAction = action({ name: "user.reset_password", input: UserIdInput, role: "admin" }, resetPassword);
