import "server-only";
import readline from "node:readline";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { execStream } from "@/lib/docker/exec";
import { postgresErrors } from "./errors";
import { lockWaitMs, pinned, psqlWith, type Server } from "./server";

/** psql's exit code when a statement failed and ON_ERROR_STOP is set (manual page psql, "Exit Status"). */
const statementFailed = 3;

/** A server that no longer answers must not keep a run from ending. */
const closePatienceMs = 10_000;

/** Bounds of a session's own, so that a server's defaults cannot end a long snapshot (manual, "Client Connection Defaults"). */
const patience = `
SET statement_timeout = 0;
SET lock_timeout = '${lockWaitMs}ms';
SET idle_in_transaction_session_timeout = 0;
SET default_transaction_read_only = off;
SET row_security = off;
SET search_path = '';
SET DateStyle = ISO;
SET extra_float_digits = 3;
SELECT pg_catalog.set_config('transaction_timeout', '0', false) WHERE pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL;
SELECT pg_catalog.set_config('idle_session_timeout', '0', false) WHERE pg_catalog.current_setting('idle_session_timeout', true) IS NOT NULL;
`;

/** One psql process that stays connected: what a snapshot needs to live in. */
export interface Session {
  /** Runs SQL that prints lines and returns them. Statements run in the order of the calls. */
  lines(sql: string): Promise<string[]>;
  /** Runs SQL that returns one JSON value. */
  json<S extends z.ZodType>(sql: string, schema: S): Promise<z.output<S>>;
  /** Ends the connection and waits until the process is gone. Safe to call twice, and after a failure. */
  close(): Promise<void>;
}

let sessions = 0;

/** Opens a session with psql variables. Its first failure fails every later call with `postgres.session_lost` or `postgres.query_failed`. */
export async function openSession(server: Server, what: string, signal: AbortSignal, variables: Readonly<Record<string, string>> = {}): Promise<Session> {
  const process = await execStream(server.engine, pinned(server, psqlWith(variables), "psql"), signal);
  const mark = `holdfast-end-${(sessions += 1)}`;
  const waiting: { resolve: (lines: string[]) => void; reject: (error: unknown) => void }[] = [];
  let answer: string[] = [];
  let failure: unknown;

  const explain = (cause: unknown) => {
    const details = { what, container: server.container.name, stderr: process.stderr() };
    const exitCode = cause instanceof AppError ? cause.details["exitCode"] : null;
    return exitCode === statementFailed ? postgresErrors.query_failed(details, { cause }) : postgresErrors.session_lost(details, { cause });
  };
  const fail = (cause: unknown) => {
    failure ??= signal.aborted ? signal.reason : explain(cause);
    for (const call of waiting.splice(0)) call.reject(failure);
  };
  process.stdin.on("error", fail);
  process.stdout.on("error", fail);
  const reader = readline.createInterface({ input: process.stdout, crlfDelay: Infinity });
  reader.on("error", fail);
  reader.on("line", (line) => {
    if (line !== mark) return answer.push(line);
    waiting.shift()?.resolve(answer);
    answer = [];
    return undefined;
  });
  const ended = new Promise<void>((resolve) => {
    process.stdout.once("close", () => {
      fail(new Error("psql ended"));
      resolve();
    });
  });

  const lines = (sql: string) =>
    new Promise<string[]>((resolve, reject) => {
      if (failure) return reject(failure);
      waiting.push({ resolve, reject });
      process.stdin.write(`${sql}\nSELECT '${mark}';\n`);
      return undefined;
    });

  await lines(patience);
  return {
    lines: async (sql) => (await lines(sql)).filter((line) => line !== ""),
    json: async (sql, schema) => schema.parse(JSON.parse((await lines(sql)).join("\n") || "null")),
    async close() {
      if (failure) process.destroy(new Error("closed after a failure"));
      else process.stdin.end("\\q\n");
      const timer = setTimeout(() => process.destroy(new Error("psql did not end")), closePatienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
