import { z } from "zod";
import { PublicErrorSchema, runStatuses } from "./schemas";

/** What GET /api/runs/[id]/result answers: how far a short question to the worker has come, and its answer. */
export const RunResult = z.object({
  status: z.enum(runStatuses),
  /** In the shape of the run's kind; null until it is over. */
  result: z.unknown(),
  error: PublicErrorSchema.nullable(),
  finishedAt: z.string().nullable(),
});
export type RunResult = z.output<typeof RunResult>;
