"use server";

import { action } from "@/lib/action";
import { saveRetention, startCleanUp } from "@/lib/retention/save";
import { CleanUpInput, SaveRetentionInput } from "@/lib/retention/schemas";

export const saveRetentionAction = action({ name: "retention.save", input: SaveRetentionInput, role: "admin" }, saveRetention);
export const cleanUpAction = action({ name: "retention.clean_up", input: CleanUpInput, role: "admin" }, startCleanUp);
