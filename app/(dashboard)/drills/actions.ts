"use server";

import { action } from "@/lib/action";
import { addDrillCheck, removeDrillCheck, setDrillPolicy } from "@/lib/drill/manage";
import { AddDrillCheckInput, DrillCheckIdInput, SetDrillPolicyInput, StartDisasterDrillInput, StartDrillInput } from "@/lib/drill/schemas";
import { startDisasterDrill, startDrill } from "@/lib/drill/start";

export const startDrillAction = action({ name: "drill.start", input: StartDrillInput, role: "operator" }, startDrill);
export const startDisasterDrillAction = action({ name: "drill.start_disaster", input: StartDisasterDrillInput, role: "operator" }, startDisasterDrill);
export const setDrillPolicyAction = action({ name: "drill.set_policy", input: SetDrillPolicyInput, role: "admin" }, setDrillPolicy);
export const addDrillCheckAction = action({ name: "drill.add_check", input: AddDrillCheckInput, role: "admin" }, addDrillCheck);
export const removeDrillCheckAction = action({ name: "drill.remove_check", input: DrillCheckIdInput, role: "admin" }, removeDrillCheck);
