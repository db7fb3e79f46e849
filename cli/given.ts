import type { z } from "zod";
import { cliErrors } from "./errors";

/** What a person wrote, through the schema of what it is for. Throws `cli.usage` with the schema's own words. */
export function given<S extends z.ZodType>(schema: S, value: z.input<S>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw cliErrors.usage({ message: parsed.error.issues.map(({ message }) => message).join(" ") });
  return parsed.data;
}
