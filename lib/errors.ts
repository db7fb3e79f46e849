/**
 * What a caller can do about a failure. Retry, HTTP status and tone in the interface switch on this or on `code`,
 * never on a message.
 */
export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "precondition"
  | "unavailable"
  | "integrity"
  | "cancelled"
  | "internal";

/** One way a module can fail. Messages and hints are for people: no stderr, no connection strings. */
interface ErrorSpec<D> {
  kind: ErrorKind;
  /** What happened, and what it means for the data. */
  message: (details: D) => string;
  /** The next thing to try. */
  hint?: (details: D) => string;
}

export class AppError extends Error {
  override readonly name = "AppError";

  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    readonly hint: string | undefined,
    /** For the log and the run page: values the message was made of, and a tool's own words under `stderr`. */
    readonly details: Record<string, unknown>,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

type Details = Record<string, unknown>;
type Throwers<S> = {
  [K in keyof S]: S[K] extends ErrorSpec<infer D> ? (details: D, options?: { cause?: unknown }) => AppError : never;
};

/** Declares how a module can fail, in one table: `defineErrors("backup", { empty_dump: { kind, message, hint } })`. */
export function defineErrors<S extends Record<string, ErrorSpec<never>>>(module: string, specs: S): Throwers<S> {
  const entries = Object.entries(specs).map(([name, spec]) => [
    name,
    (details: never, options?: { cause?: unknown }) =>
      new AppError(`${module}.${name}`, spec.kind, spec.message(details), spec.hint?.(details), details as Details, options),
  ]);
  return Object.fromEntries(entries) as Throwers<S>;
}

/** What may leave the server. */
export interface PublicError {
  code: string;
  kind: ErrorKind;
  message: string;
  hint?: string | undefined;
  /** The tool's own last words, shown as such on the run page. */
  toolOutput?: string | undefined;
}

/** Turns anything thrown into what a person may see; an unknown error becomes a sentence that gives nothing away. */
export function toPublicError(error: unknown): PublicError {
  if (!(error instanceof AppError)) {
    return {
      code: "internal",
      kind: "internal",
      message: "Something went wrong inside Holdfast. Nothing that was stored before has changed.",
      hint: "The log of the process has the details.",
    };
  }
  const { code, kind, message, hint, details } = error;
  const stderr = details["stderr"];
  return {
    code,
    kind,
    message,
    ...(hint ? { hint } : {}),
    ...(typeof stderr === "string" && stderr.trim() ? { toolOutput: stderr.trim() } : {}),
  };
}

/** The HTTP status of each kind. */
export const httpStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 412,
  unavailable: 503,
  integrity: 500,
  cancelled: 409,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;
