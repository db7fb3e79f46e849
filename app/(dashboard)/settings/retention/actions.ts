"use server";

import { action } from "@/lib/action";
import { acceptSize } from "@/lib/retention/accept-size";
import { saveRetention, startCleanUp } from "@/lib/retention/save";
import { AcceptSizeInput, CleanUpInput, SaveRetentionInput } from "@/lib/retention/schemas";

export const saveRetentionAction = action({ name: "retention.save", input: SaveRetentionInput, role: "admin" }, saveRetention);
export const cleanUpAction = action({ name: "retention.clean_up", input: CleanUpInput, role: "admin" }, startCleanUp);
export const acceptSizeAction = action({ name: "retention.accept_size", input: AcceptSizeInput, role: "admin" }, acceptSize);
