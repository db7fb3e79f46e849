import { z } from "zod";
import { handler } from "@/lib/auth/handler";
import { readRun } from "@/lib/runs/read";

const Input = z.object({ id: z.coerce.number().int().positive().max(2 ** 31), log: z.literal("all").optional() });

/** What the page of a run asks for every second while the run is active. */
export const GET = handler({ role: "viewer", attempt: "run.read", input: Input }, readRun);
