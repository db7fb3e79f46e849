import "server-only";
import pino from "pino";
import { env } from "./env";

const descriptors = { stdout: 1, stderr: 2 } as const;

/** Structured log, on standard output but for the command line. Secrets never belong in a log call; these paths are the second line of defence. */
export const log = pino(
  {
    level: env.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ["password", "*.password", "token", "*.token", "passwordHash", "*.passwordHash"], censor: "[hidden]" },
  },
  pino.destination(descriptors[env.logStream]),
);
