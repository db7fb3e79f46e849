import "server-only";
import { z } from "zod";
import type { Context } from "@/lib/context";
import { httpStatus, toPublicError, type PublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Place } from "@/lib/tokens/authenticate";
import { authoriseToken } from "@/lib/tokens/authorise";
import { recordForbidden } from "@/lib/tokens/refusal";
import type { Operation } from "./operation";
import { readInput } from "./read-input";
import { requireReach } from "./require-reach";

const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/**
 * Answers one request: the token and its scope, the input, every object it names, then the operation. Tokens only: a cookie is sent by a
 * browser whoever wrote the page, a header is not. Errors are `{ error }` with the status of their kind; what does not fit also says which
 * fields.
 */
export async function answer(operation: Operation, place: Place, request: Request, params: Readonly<Record<string, string | string[] | undefined>>): Promise<Response> {
  let ctx: Context | null = null;
  try {
    ctx = await authoriseToken(place, request.headers.get("authorization"), operation);
    const { input, run } = operation.prepare(await readInput(operation, request, params));
    await requireReach(ctx, input);
    const result = await run(ctx);
    if (result instanceof Response) return result;
    return result === undefined ? new Response(null, { status: 204, headers }) : Response.json(result, { status: operation.starts ? 202 : 200, headers });
  } catch (error) {
    if (error instanceof z.ZodError) return refusal({ code: "invalid", kind: "invalid", message: "Some fields need attention. Nothing was done." }, fieldsOf(error));
    const shown = toPublicError(error);
    if (ctx && shown.kind === "forbidden") await recordForbidden(ctx, operation.attempt, shown).catch((unsaid: unknown) => log.error({ err: unsaid, attempt: operation.attempt }, "a refusal could not be recorded"));
    if (shown.kind === "internal") log.error({ err: error, attempt: operation.attempt }, "request failed");
    return refusal(shown);
  }
}

function refusal(error: PublicError, fields?: Record<string, string[]>): Response {
  const challenge = error.kind === "unauthenticated" ? { "WWW-Authenticate": "Bearer" } : {};
  return Response.json({ error, ...(fields ? { fields } : {}) }, { status: httpStatus[error.kind], headers: { ...headers, ...challenge } });
}

function fieldsOf(error: z.ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of error.issues) (fields[path.join(".")] ??= []).push(message);
  return fields;
}
