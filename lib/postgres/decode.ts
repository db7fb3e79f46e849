import "server-only";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { execStream, type ExecProcess } from "@/lib/docker/exec";
import { AppError } from "@/lib/errors";
import { workDirectory } from "./dump";
import { decodeCustom, decodeDirectory, sequencesOfCustom } from "./scripts";
import { pinned, type Server } from "./server";

export interface Archive {
  format: "custom" | "directory";
  packing: "zstd" | "none";
  /** Opens the stored file at its first byte. */
  open: () => Promise<Readable>;
}

/** The sequences whose values are wanted, and who reads the SQL in which the archive states them. */
export interface WantedSequences {
  /** Without their schemas, as pg_restore selects them. */
  names: readonly string[];
  read: (sql: Readable) => Promise<void>;
}

/**
 * Sends a stored archive through the PostgreSQL tool of `server`'s own container, to its last byte, and throws when any tool
 * on the way fails. `pg_restore --list` would not do: it reads the table of contents and never the rows. What the archive says of
 * sequences goes to `wanted.read`; a table of the same name may come with it.
 */
export async function decodeArchive(server: Server, archive: Archive, wanted: WantedSequences, signal: AbortSignal): Promise<void> {
  const options = wanted.names.map((name) => `--table=${name}`);
  if (archive.format === "directory") {
    // It lies unpacked in the container, so one command does both.
    const process = await start(server, ["sh", "-c", decodeDirectory, "holdfast-decode", workDirectory(server.tag ?? "decode"), ...options], signal);
    await whole(process, archive, options.length > 0 ? wanted.read : drain, signal);
    return;
  }
  await whole(await start(server, ["sh", "-c", decodeCustom, "holdfast-decode", archive.packing], signal), archive, drain, signal);
  if (options.length === 0) return;
  const process = await start(server, ["sh", "-c", sequencesOfCustom, "holdfast-decode", archive.packing, ...options], signal);
  // It reads the head and hangs up.
  const sent = pipeline(await archive.open(), process.stdin, { signal }).catch(() => undefined);
  await wanted.read(process.stdout);
  await sent;
}

function start(server: Server, argv: string[], signal: AbortSignal): Promise<ExecProcess> {
  return execStream(server.engine, pinned(server, argv, "pg_restore"), signal);
}

/** Sends all of the archive. The tool's own exit code explains best; a broken pipe on the way in is its consequence. Unless the file was why it was cut off. */
async function whole(process: ExecProcess, archive: Archive, read: (output: Readable) => Promise<void>, signal: AbortSignal): Promise<void> {
  const source = await archive.open();
  const sent = pipeline(source, process.stdin, { signal }).catch((error: unknown) => error);
  await read(process.stdout).catch((error: unknown) => {
    throw source.errored instanceof AppError ? source.errored : error;
  });
  const problem = await sent;
  if (problem) throw problem;
}

async function drain(output: Readable): Promise<void> {
  for await (const _ of output) continue;
}
