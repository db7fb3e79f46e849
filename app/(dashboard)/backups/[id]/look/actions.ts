"use server";

import { action } from "@/lib/action";
import { LookIdInput, OpenLookInput, QueryLookInput } from "@/lib/look/schemas";
import { startCloseLook, startOpenLook, startQueryLook } from "@/lib/look/start";

export const openLookAction = action({ name: "look.open", input: OpenLookInput, role: "operator" }, startOpenLook);
export const queryLookAction = action({ name: "look.query", input: QueryLookInput, role: "operator" }, startQueryLook);
export const closeLookAction = action({ name: "look.close", input: LookIdInput, role: "operator" }, startCloseLook);
