import "server-only";
import type { z } from "zod";
import type { Context } from "@/lib/context";
import { httpStatus, toPublicError, type PublicError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Requirement } from "./authorise";
import { requireContext } from "./context";

type RouteParams = Record<string, string | string[] | undefined>;
type Route = (request: Request, route: { params: Promise<RouteParams> }) => Promise<Response>;

/**
 * Turns a read into a GET route handler: authorise, parse, run, answer JSON. `input` parses the query and the path's own
 * parameters together, the path winning. Errors become their status and `{ error }`; without a session that is 401, never
 * a redirect. A `Response` returned by `read` is sent as it is.
 */
export function handler(needed: Requirement, read: (ctx: Context) => Promise<unknown>): Route;
export function handler<S extends z.ZodType>(needed: Requirement & { input: S }, read: (ctx: Context, input: z.output<S>) => Promise<unknown>): Route;
export function handler(needed: Requirement & { input?: z.ZodType }, read: (ctx: Context, input: unknown) => Promise<unknown>): Route {
  return async (request, { params }) => {
    try {
      const ctx = await requireContext(needed);
      const parsed = needed.input?.safeParse({ ...query(request), ...(await params) });
      if (parsed && !parsed.success) return refusal(invalid(parsed.error));
      const result = await read(ctx, parsed?.data);
      return result instanceof Response ? result : Response.json(result, { headers: fresh });
    } catch (error) {
      const shown = toPublicError(error);
      if (shown.kind === "internal") log.error({ err: error, attempt: needed.attempt }, "request failed");
      return refusal(shown);
    }
  };
}

const fresh = { "Cache-Control": "no-store" };

function refusal(error: PublicError): Response {
  return Response.json({ error }, { status: httpStatus[error.kind], headers: fresh });
}

/** A name given once is a text, given several times a list. */
function query(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

function invalid(error: z.ZodError): PublicError {
  const [first] = error.issues;
  const where = first?.path.join(".");
  return { code: "invalid", kind: "invalid", message: first ? `${where ? `${where}: ` : ""}${first.message}` : "This request does not make sense." };
}
