"use server";

import { action } from "@/lib/action";
import { cancelRun } from "@/lib/runs/cancel";
import { restartRun } from "@/lib/runs/restart";
import { RunIdInput } from "@/lib/runs/schemas";

export const cancelRunAction = action({ name: "run.cancel", input: RunIdInput, role: "operator" }, cancelRun);
export const restartRunAction = action({ name: "run.restart", input: RunIdInput, role: "operator" }, restartRun);
