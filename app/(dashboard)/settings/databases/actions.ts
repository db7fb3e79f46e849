"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { saveApplication, startCheckApplication } from "@/lib/databases/application";
import { CheckApplicationInput, SaveApplicationInput } from "@/lib/databases/application-schemas";
import { acceptIdentity, addDatabase, removeDatabase, updateDatabase } from "@/lib/databases/manage";
import { AcceptIdentityInput, AddDatabaseInput, CheckDatabaseInput, RemoveDatabaseInput, UpdateDatabaseInput } from "@/lib/databases/schemas";
import { startCheckDatabase, startDiscover } from "@/lib/databases/start";

export const discoverAction = action({ name: "database.discover", input: z.object({}), role: "operator" }, startDiscover);
export const checkDatabaseAction = action({ name: "database.test", input: CheckDatabaseInput, role: "operator" }, startCheckDatabase);
export const addDatabaseAction = action({ name: "database.add", input: AddDatabaseInput, role: "admin" }, addDatabase);
export const updateDatabaseAction = action({ name: "database.change", input: UpdateDatabaseInput, role: "admin" }, updateDatabase);
export const acceptIdentityAction = action({ name: "database.accept_identity", input: AcceptIdentityInput, role: "admin" }, acceptIdentity);
export const removeDatabaseAction = action({ name: "database.remove", input: RemoveDatabaseInput, role: "admin" }, removeDatabase);
export const saveApplicationAction = action({ name: "database.change_application", input: SaveApplicationInput, role: "admin" }, saveApplication);
export const checkApplicationAction = action({ name: "database.test_application", input: CheckApplicationInput, role: "operator" }, startCheckApplication);
