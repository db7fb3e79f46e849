import { z } from "zod";
import { Application } from "@/lib/restore/schemas";

/** Apart from `schemas.ts`, which the schemas of a restore build on. */
export const SaveApplicationInput = z.object({ databaseId: z.string().min(1), application: Application });
export const CheckApplicationInput = SaveApplicationInput;

const ApplicationLine = z.object({
  /** `engine`, `health`, or a container by its name. */
  id: z.string(),
  outcome: z.enum(["passed", "warning", "failed", "skipped"]),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
});
export type ApplicationLine = z.output<typeof ApplicationLine>;

/** What a `check_application` run found. */
export const ApplicationCheck = z.object({
  lines: z.array(ApplicationLine),
  tookMs: z.number().int(),
  /** What could be chosen: every container of the engine but the one of the database. */
  containers: z.array(z.object({ name: z.string(), image: z.string(), state: z.string(), status: z.string() })),
});
export type ApplicationCheck = z.output<typeof ApplicationCheck>;
