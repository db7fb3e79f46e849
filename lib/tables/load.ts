import "server-only";
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "@/lib/errors";
import { execStream } from "@/lib/docker/exec";
import { connectionString, workDirectory } from "@/lib/postgres/dump";
import type { StoredArchive } from "@/lib/postgres/load";
import { layArchive, loadStream } from "@/lib/postgres/scripts";
import { pinned, run, type Server } from "@/lib/postgres/server";
import { tableErrors } from "./errors";
import { PlainFilter, type PlainPart } from "./plain-filter";
import type { TableRef } from "./schemas";
import { keepList, listStream } from "./scripts";
import { dataList, keysList, parseToc } from "./toc";

/** Settings of every session that loads; see `lib/postgres/load.ts`. */
const settings = { max_parallel_maintenance_workers: "0", max_parallel_workers_per_gather: "0", synchronous_commit: "off", statement_timeout: "0", lock_timeout: "0", idle_in_transaction_session_timeout: "0", default_transaction_read_only: "off", row_security: "off" } as const;

/** One stored backup, opened for loading parts of it into `server.database`. */
export interface PartialLoad {
  /**
   * Every definition before the rows, then keys and foreign keys over empty tables. Returns what the tool complained of: it is no failure yet.
   * Bytes are told of a directory while it is laid down, and then that there are none; the tool itself tells nothing.
   */
  definitions(onBytes: (total: number) => void): Promise<string>;
  /** The rows of these tables; of a directory that lies there already no bytes are told. Throws `tables.not_in_backup`, `tables.load_failed`. */
  rows(tables: readonly TableRef[], onBytes: (total: number) => void): Promise<void>;
  /** Removes what lies in the container for it. */
  close(): Promise<void>;
}

/**
 * Opens an archive for a load of some tables. Custom archives are streamed once for their contents, once for their definitions (both
 * end at the table of contents) and once for the rows; a directory is laid down in the container first; of plain SQL everything but
 * what is wanted is left out on the way.
 */
export function openPartialLoad(server: Server, archive: StoredArchive, jobs: number, signal: AbortSignal): PartialLoad {
  return archive.format === "plain" ? plainLoad(server, archive, signal) : archiveLoad(server, archive, jobs, signal);
}

const definitionOptions = ["--no-owner", "--no-privileges", "--no-comments", "--no-security-labels", "--no-publications", "--no-subscriptions", "--no-tablespaces"];

function archiveLoad(server: Server, archive: StoredArchive, jobs: number, signal: AbortSignal): PartialLoad {
  const directory = workDirectory(server.tag ?? "tables");
  const target = ["--no-password", `--dbname=${connectionString(server.database)}`];
  const isDirectory = archive.format === "directory";
  const unpack = archive.unpack === "zstd" ? "zstd" : "none";

  const lay = async (onBytes: (total: number) => void) => {
    await feed(server, ["sh", "-c", layArchive, "holdfast-tables", directory, "tar"], archive, { tool: "tar", onBytes }, signal);
    onBytes(0);
  };
  /** pg_restore with these arguments. `head`: the definitions are all it needs of a streamed file. */
  const restore = async (argv: string[], options: { isHead: boolean; onBytes?: (total: number) => void }) => {
    if (isDirectory) return (await execute(server, ["pg_restore", ...argv, ...(options.isHead ? [] : [`--jobs=${jobs}`]), `${directory}/archive`], signal)).stderr;
    // pg_restore reads no further than the last entry it wants; that it got those whole is its own exit code's word.
    const script = ["sh", "-c", loadStream, "holdfast-tables", unpack, "head", ...argv];
    return (await feed(server, script, archive, { tool: "pg_restore", isHeadEnough: true, ...(options.onBytes ? { onBytes: options.onBytes } : {}) }, signal)).stderr;
  };
  const contents = async () => {
    const listed = isDirectory
      ? await execute(server, ["pg_restore", "--list", `${directory}/archive`], signal)
      : await feed(server, ["sh", "-c", listStream, "holdfast-tables", unpack], archive, { tool: "pg_restore", isHeadEnough: true }, signal);
    return parseToc(listed.stdout);
  };
  const keep = (name: string, list: string) => runChecked(server, ["sh", "-c", keepList, "holdfast-tables", directory, name], list, signal);

  return {
    async definitions(onBytes) {
      if (isDirectory) await lay(onBytes);
      const entries = await contents();
      await keep("keys", keysList(entries));
      // What cannot be created here (an extension of another database, say) matters only if a chosen table needs it, and that shows.
      const made = await restore([...target, ...definitionOptions, "--section=pre-data"], { isHead: true }).catch(complaintOf);
      const keyed = await restore([...target, ...definitionOptions, `--use-list=${directory}/keys`], { isHead: true }).catch(complaintOf);
      return `${made}${keyed}`;
    },
    async rows(tables, onBytes) {
      const { list, missing } = dataList(await contents(), tables);
      if (missing.length > 0) throw tableErrors.not_in_backup({ tables: missing });
      await keep("rows", list);
      await restore([...target, "--exit-on-error", `--use-list=${directory}/rows`], { isHead: false, onBytes }).catch(asLoadFailure);
    },
    // A container that is gone has nothing left to remove.
    close: () => run(server, ["rm", "-rf", directory], {}).then(() => undefined, () => undefined),
  };
}

function plainLoad(server: Server, archive: StoredArchive, signal: AbortSignal): PartialLoad {
  const load = async (part: PlainPart, stop: boolean, onBytes?: (total: number) => void) => {
    const filter = new PlainFilter(part);
    const argv = ["psql", "-X", "-q", "-o", "/dev/null", "-v", `ON_ERROR_STOP=${stop ? 1 : 0}`];
    const through = archive.unpack === "gzip" ? [createGunzip({ chunkSize: 1 << 18 }), filter] : [filter];
    const { stderr } = await feed(server, argv, archive, { tool: "psql", through, ...(onBytes ? { onBytes } : {}) }, signal);
    return { stderr, missing: filter.missing() };
  };
  return {
    definitions: async () => (await load({ part: "definitions" }, false)).stderr,
    async rows(tables, onBytes) {
      const loaded = await load({ part: "rows", tables }, true, onBytes).catch(asLoadFailure);
      if (loaded.missing.length > 0) throw tableErrors.not_in_backup({ tables: loaded.missing });
    },
    close: () => Promise.resolve(),
  };
}

/** Definitions are judged by what they made, so a tool that ends with an error only tells. Anything else is thrown. */
function complaintOf(error: unknown): string {
  if (error instanceof AppError && error.code === "docker.exec_failed") return String(error.details["stderr"] ?? "");
  throw error;
}

function asLoadFailure(error: unknown): never {
  if (error instanceof AppError && error.code === "docker.exec_failed") throw tableErrors.load_failed({ stderr: String(error.details["stderr"] ?? "") }, { cause: error });
  throw error;
}

interface Feed {
  tool: string;
  through?: Transform[];
  onBytes?: (total: number) => void;
  /** The process may end before the file does. */
  isHeadEnough?: boolean;
}

const mostListed = 256 << 20;

/** Streams the stored file through `through` into a command inside the container, and returns what it said. */
async function feed(server: Server, argv: string[], archive: StoredArchive, options: Feed, signal: AbortSignal): Promise<{ stdout: string; stderr: string }> {
  const source = await archive.open();
  const request = pinned(server, argv, options.tool, settings);
  // The rows keep the bytes they have in the dump, whose own first lines name their encoding.
  const process = await execStream(server.engine, { ...request, env: { ...request.env, PGCLIENTENCODING: "" } }, signal).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  let total = 0;
  const observed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      options.onBytes?.((total += chunk.length));
      done(null, chunk);
    },
  });
  const sent = pipeline([source, observed, ...(options.through ?? []), process.stdin], { signal }).then(() => null, (error: unknown) => error);
  // The tool's own exit code explains best; a broken pipe on the way in is its consequence. Unless the file was why it was cut off.
  const stdout = await textOf(process.stdout).catch((error: unknown) => {
    throw source.errored instanceof AppError ? source.errored : error;
  });
  if (options.isHeadEnough) source.destroy();
  const problem = await sent;
  if (problem && !options.isHeadEnough) throw problem;
  return { stdout, stderr: process.stderr() };
}

/** A command without input, to its end. */
async function execute(server: Server, argv: string[], signal: AbortSignal): Promise<{ stdout: string; stderr: string }> {
  const process = await execStream(server.engine, pinned(server, argv, argv[0] ?? "sh", settings), signal);
  process.stdin.end();
  const stdout = await textOf(process.stdout);
  return { stdout, stderr: process.stderr() };
}

async function runChecked(server: Server, argv: string[], stdin: string, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await run(server, argv, { stdin }, signal);
  if (exitCode !== 0) throw tableErrors.load_failed({ stderr });
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if ((bytes += chunk.length) <= mostListed) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
