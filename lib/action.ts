import "server-only";
import { z } from "zod";
import { requireContext } from "./auth/context";
import type { Context } from "./context";
import { toPublicError, type PublicError } from "./errors";
import { log } from "./log";
import { recordForbidden } from "./tokens/refusal";
import type { Role } from "./users/schemas";

export type ActionResult<T> =
  | { ok: true; data: T }
  | { ok: false; error: PublicError; fieldErrors?: Record<string, string[]> };

/**
 * Turns a domain operation into a server action: authorise, parse, run, and never throw at the browser.
 * A session that may not is refused and written to the audit log under `name`, whether by its role or by the operation.
 */
export function action<S extends z.ZodType, T>(
  { name, input, role, permission }: { name: string; input: S; role: Role; permission?: "restore" },
  run: (ctx: Context, input: z.output<S>) => Promise<T>,
): (raw: z.input<S>) => Promise<ActionResult<T>> {
  return async (raw) => {
    let ctx: Context | null = null;
    try {
      ctx = await requireContext({ role, attempt: name, ...(permission ? { permission } : {}) });
      const parsed = input.safeParse(raw);
      if (!parsed.success) return { ok: false, error: invalid, fieldErrors: fieldErrors(parsed.error) };
      return { ok: true, data: await run(ctx, parsed.data) };
    } catch (error) {
      const shown = toPublicError(error);
      // What the role may and the operation itself refuses, such as password hashes for somebody who is no admin.
      if (ctx && shown.kind === "forbidden") await recordForbidden(ctx, name, shown).catch((unsaid: unknown) => log.error({ err: unsaid, action: name }, "a refusal could not be recorded"));
      if (shown.kind === "internal") log.error({ err: error, action: name }, "action failed");
      return { ok: false, error: shown };
    }
  };
}

const invalid: PublicError = { code: "invalid", kind: "invalid", message: "Some fields need attention." };

/** Messages by field; nested fields are joined with dots: `options.excludeTables.0`. */
function fieldErrors(error: z.ZodError): Record<string, string[]> {
  const byField: Record<string, string[]> = {};
  for (const issue of error.issues) (byField[issue.path.join(".")] ??= []).push(issue.message);
  return byField;
}
