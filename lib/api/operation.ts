import type { z } from "zod";
import type { Context } from "@/lib/context";
import type { Scope } from "@/lib/tokens/schemas";
import { StartedRun } from "./answers";
import { apiErrors } from "./errors";

export const methods = ["GET", "POST", "PUT", "DELETE"] as const;
export type Method = (typeof methods)[number];

/**
 * One thing that the REST API does: a path below /api/v1 with its parameters in braces, the scope it needs, and the same function of
 * `lib` that pages and the command line call. Members of the input that stand in the path come from there; the others come from the
 * query of a GET or DELETE, and from the JSON body of a POST or PUT.
 *
 * A member called `databaseId`, `backupId`, `runId`, `planRunId` or `restoreId` is authorised by that name: see require-reach.ts.
 */
export interface Operation {
  /** Its name in the audit log, when it is refused: "backup.start". */
  attempt: string;
  method: Method;
  path: string;
  summary: string;
  scope: Scope;
  input: z.ZodObject;
  answer: z.ZodType;
  /** It only starts a run: answered with 202 and the run's number. */
  starts: boolean;
  /** Parses. Throws a ZodError for what does not fit, and `api.unknown_fields`. */
  prepare: (raw: Readonly<Record<string, unknown>>) => { input: Record<string, unknown>; run: (ctx: Context) => Promise<unknown> };
}

interface Described<S extends z.ZodObject> {
  attempt: string;
  method: Method;
  path: string;
  summary: string;
  scope: Scope;
  input: S;
}

/** Something that is answered at once, with what `answer` describes: the compiler compares it with what is returned. A file is a Response. */
export function operation<S extends z.ZodObject, A extends z.ZodType>(described: Described<S> & { answer: A }, run: (ctx: Context, input: z.output<S>) => Promise<Sent<z.output<A>> | Response>): Operation {
  return { starts: false, ...described, prepare: prepared(described.input, run) };
}

/** What a function returns need not be changeable. */
type Sent<T> = T extends object ? { readonly [K in keyof T]: Sent<T[K]> } : T;

/** Something that the worker does: the answer is the number of its run. */
export function startsRun<S extends z.ZodObject>(described: Described<S> & { answer?: z.ZodType }, start: (ctx: Context, input: z.output<S>) => Promise<{ runId: number }>): Operation {
  const run = async (ctx: Context, input: z.output<S>) => {
    const started = await start(ctx, input);
    return { ...started, run: `/api/v1/runs/${started.runId}` };
  };
  return { answer: StartedRun, ...described, starts: true, prepare: prepared(described.input, run) };
}

function prepared<S extends z.ZodObject>(schema: S, run: (ctx: Context, input: z.output<S>) => Promise<unknown>): Operation["prepare"] {
  return (raw) => {
    // A misspelt option that is ignored is a backup without it.
    const unknown = Object.keys(raw).filter((name) => !(name in schema.shape));
    if (unknown.length > 0) throw apiErrors.unknown_fields({ names: unknown });
    const input = schema.parse(raw);
    return { input, run: (ctx) => run(ctx, input) };
  };
}

/** The names between braces, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
