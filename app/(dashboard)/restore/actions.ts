"use server";

import { action } from "@/lib/action";
import { PlanRestoreInput, StartContainerInput, StartRestoreInput } from "@/lib/restore/schemas";
import { startPlan, startRestore } from "@/lib/restore/start";
import { startStartContainer } from "@/lib/restore/start-container";

export const planRestoreAction = action({ name: "restore.plan", input: PlanRestoreInput, role: "operator", permission: "restore" }, startPlan);
export const startRestoreAction = action({ name: "restore.start", input: StartRestoreInput, role: "operator", permission: "restore" }, startRestore);
export const startContainerAction = action({ name: "database.start", input: StartContainerInput, role: "operator", permission: "restore" }, startStartContainer);
