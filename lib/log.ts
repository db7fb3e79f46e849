import "server-only";
import pino from "pino";
import { env } from "./env";

/** Structured log on standard output. Secrets never belong in a log call; these paths are the second line of defence. */
export const log = pino({
  level: env.logLevel,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: ["password", "*.password", "token", "*.token", "passwordHash", "*.passwordHash"], censor: "[hidden]" },
});
