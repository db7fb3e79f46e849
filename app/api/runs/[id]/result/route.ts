import { z } from "zod";
import { handler } from "@/lib/auth/handler";
import { readRunResult } from "@/lib/runs/read-result";

const Input = z.object({ id: z.coerce.number().int().positive().max(2 ** 31) });

/** What a page asks for while it waits for a test or a discovery. */
export const GET = handler({ role: "viewer", attempt: "run.read", input: Input }, readRunResult);
