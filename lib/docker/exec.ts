import "server-only";
import { Readable, type Duplex, type Writable } from "node:stream";
import { AppError } from "@/lib/errors";
import type { Engine } from "./engine";
import { dockerErrors } from "./errors";
import { frames, Pieces, Tail } from "./frames";

export interface ExecRequest {
  container: string;
  /** Names, paths and other input go here or into `env`, never into shell text. */
  argv: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The user inside the container; the image's own when absent. */
  user?: string | undefined;
  /** What to call it in messages: `pg_dump`. */
  tool: string;
  /** Marks the process and its children (environment HOLDFAST_RUN), so that `killTagged` finds them. */
  tag?: string | undefined;
  /** Called with each piece of standard error as it comes. */
  onStderr?: ((text: string) => void) | undefined;
  /** Standard output comes in pieces of at least so many bytes, for what is large. Otherwise as the engine sends it, at once. */
  pieceBytes?: number | undefined;
}

export interface ExecProcess {
  /** Ends only after the process exited 0; fails with `docker.exec_failed` otherwise. */
  stdout: Readable;
  /** Closing it is the process's end of input. */
  stdin: Writable;
  /** The last of what it wrote to standard error. */
  stderr: () => string;
  /** Breaks the connection, whether anything moves on it or not. */
  destroy: (reason: Error) => void;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const stderrKept = 16_384;
export const tagVariable = "HOLDFAST_RUN";

/** Starts a process in a container. Aborting `signal` breaks the streams; the process itself is stopped by `killTagged`. */
export async function execStream(engine: Engine, request: ExecRequest, signal?: AbortSignal): Promise<ExecProcess> {
  signal?.throwIfAborted();
  const { exec, connection } = await open(engine, request);
  const stderr = new Tail(stderrKept);
  const pieces = new Pieces(request.pieceBytes ?? 0);
  let brokenOff: Error | null = null;
  const source = async function* (): AsyncGenerator<Buffer, void, void> {
    let exitCode: number | null;
    try {
      for await (const frame of frames(connection)) {
        if (frame.stream === "stdout") {
          const piece = pieces.add(frame.payload);
          if (piece) yield piece;
        } else {
          const text = stderr.push(frame.payload);
          request.onStderr?.(text);
        }
      }
      const rest = pieces.rest();
      if (rest) yield rest;
      exitCode = await exitCodeOf(exec);
    } catch (error) {
      throw brokenOff ?? dockerErrors.connection_lost({ tool: request.tool }, { cause: error });
    }
    if (exitCode !== 0) throw dockerErrors.exec_failed({ tool: request.tool, exitCode, stderr: stderr.read() });
  };
  const stdout = Readable.from(source(), { objectMode: false, highWaterMark: 1 << 18 });
  // Whoever reads sees a failure when they read. One that comes before they begin must not end the process as unheard.
  stdout.on("error", () => undefined);
  connection.on("error", () => undefined);
  // The connection first: a generator that waits for a silent one is not told of anything else.
  const destroy = (reason: Error) => {
    brokenOff = reason;
    connection.destroy(reason);
    stdout.destroy(reason);
  };
  const abort = () => destroy(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
  signal?.addEventListener("abort", abort, { once: true });
  stdout.once("close", () => {
    signal?.removeEventListener("abort", abort);
    connection.destroy();
  });
  return { stdout, stdin: connection, stderr: stderr.read.bind(stderr), destroy };
}

/**
 * Runs a short command to its end and returns what it said, whatever its exit code. `limitBytes` bounds what is kept.
 * An exit code that the engine does not know is a failure.
 */
export async function execText(
  engine: Engine,
  request: ExecRequest & { stdin?: string; limitBytes?: number },
  signal?: AbortSignal,
): Promise<ExecResult> {
  signal?.throwIfAborted();
  const { exec, connection } = await open(engine, request);
  const abort = () => connection.destroy(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    // A process that does not read its input may be gone before it is written; its exit code tells, not this.
    connection.on("error", () => undefined);
    connection.end(request.stdin ?? "");
    const stdout: Buffer[] = [];
    const stderr = new Tail(stderrKept);
    let left = request.limitBytes ?? 64 << 20;
    for await (const frame of frames(connection)) {
      if (frame.stream === "stderr") stderr.push(frame.payload);
      else if ((left -= frame.payload.length) >= 0) stdout.push(Buffer.from(frame.payload));
      else throw new Error(`${request.tool} wrote more than was expected of it`);
    }
    const exitCode = await exitCodeOf(exec);
    if (exitCode === null) throw dockerErrors.exec_failed({ tool: request.tool, exitCode, stderr: stderr.read() });
    return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: stderr.read() };
  } finally {
    signal?.removeEventListener("abort", abort);
    connection.destroy();
  }
}

type Exec = Awaited<ReturnType<ReturnType<Engine["docker"]["getContainer"]>["exec"]>>;

async function open(engine: Engine, request: ExecRequest): Promise<{ exec: Exec; connection: Duplex }> {
  const env = { ...request.env, ...(request.tag ? { [tagVariable]: request.tag } : {}) };
  try {
    const exec = await engine.docker.getContainer(request.container).exec({
      Cmd: [...request.argv],
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      ...(request.user ? { User: request.user } : {}),
    });
    // Without `hijack` the engine never answers an exec that has standard input.
    const connection = await exec.start({ hijack: true, stdin: true });
    return { exec, connection };
  } catch (error) {
    throw engineError(error, request);
  }
}

/** Translates what the engine said, once, by its HTTP status. */
function engineError(error: unknown, request: ExecRequest): AppError {
  if (error instanceof AppError) return error;
  const status = (error as { statusCode?: number }).statusCode;
  const container = request.container;
  if (status === 404) return dockerErrors.container_missing({ container }, { cause: error });
  if (status === 409) return dockerErrors.container_stopped({ container, state: "stopped or paused" }, { cause: error });
  if (status === undefined) return dockerErrors.unreachable({ tried: "the engine that answered before" }, { cause: error });
  return dockerErrors.exec_not_started({ tool: request.tool, container }, { cause: error });
}

const exitPollMs = 50;
const exitPolls = 100;

/** The exit code once the engine knows it: the stream may end a moment before. Null when it never does. */
async function exitCodeOf(exec: Exec): Promise<number | null> {
  for (let poll = 0; poll < exitPolls; poll += 1) {
    const { ExitCode, Running } = await exec.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, exitPollMs));
  }
  return null;
}
