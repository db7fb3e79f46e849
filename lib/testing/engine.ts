import Docker from "dockerode";

/** The Engine that tests use: DOCKER_HOST as everywhere, else the socket that `npm test` made sure of. */
export const engine = new Docker(process.env["DOCKER_HOST"] ? {} : { socketPath: "/var/run/docker.sock" });

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs one command in a container and waits for it. It buffers everything, which suits a test's few rows, and shares no
 * code with `lib/docker`, so that a fault there cannot hide itself.
 */
export async function execIn(
  containerId: string,
  argv: string[],
  options: { input?: string; env?: Record<string, string>; user?: string } = {},
): Promise<ExecResult> {
  const exec = await engine.getContainer(containerId).exec({
    Cmd: argv,
    Env: Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    ...(options.user ? { User: options.user } : {}),
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.end(options.input ?? "");
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const { stdout, stderr } = splitFrames(Buffer.concat(chunks));
  const { ExitCode } = await exec.inspect();
  if (ExitCode === null) throw new Error(`${argv[0]} in ${containerId} ended without an exit code.`);
  return { exitCode: ExitCode, stdout, stderr };
}

/** Engine frames: one byte for the stream, three of padding, four for the length, then the payload. */
function splitFrames(all: Buffer): { stdout: string; stderr: string } {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  for (let at = 0; at + 8 <= all.length; ) {
    const length = all.readUInt32BE(at + 4);
    (all[at] === 2 ? err : out).push(all.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return { stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") };
}
