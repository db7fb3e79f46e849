import type { ErrorKind } from "@/lib/errors";
import type { RunStatus } from "@/lib/runs/schemas";

/** What the command's end says to a script (docs/command-line.md, "Exit codes"). They do not change between versions. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  pastObjective: 5,
  busy: 6,
  unavailable: 7,
  integrity: 8,
  unknown: 9,
  cancelled: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of every kind of error. A kind without one does not compile. */
export const exitCodeOfKind = {
  invalid: exitCodes.usage,
  unauthenticated: exitCodes.refused,
  forbidden: exitCodes.refused,
  not_found: exitCodes.notFound,
  conflict: exitCodes.busy,
  precondition: exitCodes.refused,
  unavailable: exitCodes.unavailable,
  integrity: exitCodes.integrity,
  cancelled: exitCodes.cancelled,
  internal: exitCodes.failed,
} as const satisfies Record<ErrorKind, ExitCode>;

/** The exit code of a run that is over. One that failed has the code of its error's kind. */
export function exitCodeOfRun({ status, error }: { status: RunStatus; error: { kind: ErrorKind } | null }): ExitCode {
  switch (status) {
    case "succeeded":
    case "queued":
    case "running":
      return exitCodes.done;
    case "cancelled":
      return exitCodes.cancelled;
    case "failed":
      return error ? exitCodeOfKind[error.kind] : exitCodes.failed;
    case "lost":
      return exitCodes.unknown;
  }
}
