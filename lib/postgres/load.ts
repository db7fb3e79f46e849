import "server-only";
import type { Readable } from "node:stream";
import { pipeline as pipelineOf, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Unpacker } from "@/lib/backup/names";
import type { DumpFormat } from "@/lib/databases/schemas";
import { execStream } from "@/lib/docker/exec";
import { AppError } from "@/lib/errors";
import { connectionString, workDirectory } from "./dump";
import { layArchive, layHead, loadPlain, loadStream } from "./scripts";
import { pinned, psql, run, type Server } from "./server";

/** A backup's file in a store. `open` gives a fresh stream of its bytes each time: a load may read it twice. */
export interface StoredArchive {
  format: DumpFormat;
  unpack: Unpacker;
  open: () => Promise<Readable>;
}

export interface LoadOptions {
  /** Parallel jobs. One streams straight into pg_restore; more lay the archive down inside the container first, where there is room. */
  jobs: number;
  /** An archive that is longer unpacked is streamed all the same; null or left out: as long as there is room. */
  layDownBytes?: number | null;
  /** Parallel jobs behind the data of an archive that is streamed. They need its head alone, so nothing large is laid down for them. */
  indexJobs?: number;
  /** Everything belongs to the role that loads. */
  skipOwners?: boolean;
  /** Everything lies in the database's own tablespace. */
  skipTablespaces?: boolean;
  /** Hears the bytes of the file that were sent so far. */
  onBytes?: (total: number) => void;
  /** Asked before anything of the archive is used; "read" when all of it was read already, to lie in the container as one file. */
  beforeUse?: (how: "read" | "unread") => Promise<void>;
}

export interface Loaded {
  /** What failed behind the data, in the tool's own words: an index, a constraint, a view. The rows are whole. */
  failures: string[];
}

/**
 * Settings of every session that loads. A parallel index build, or the query of a materialized view, needs shared memory that a container's 64 MB do not have ("could
 * not resize shared memory segment"), and what is loaded becomes durable with the commit that puts it in place.
 */
const loadSettings = {
  max_parallel_maintenance_workers: "0",
  max_parallel_workers_per_gather: "0",
  synchronous_commit: "off",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  default_transaction_read_only: "off",
  row_security: "off",
} as const;

/** What all jobs together may take to build indexes, and the server's own default for one. With more than that a sort is no faster (`npm run bench`). */
const indexMemoryMB = { together: 128, each: 64 };

function settingsOf(jobs: number): Record<string, string> {
  return { ...loadSettings, maintenance_work_mem: `${Math.max(indexMemoryMB.each, Math.floor(indexMemoryMB.together / jobs))}MB` };
}

const mostFailuresKept = 100;

/**
 * Loads a stored backup into `server.database`, an empty database, with the tools of its own container. Throws when anything up
 * to and including the rows fails; what fails behind them (section "post-data" of manual page pg_restore) is collected and returned.
 * Plain SQL has no sections: it stops at its first error.
 */
export async function loadArchive(server: Server, archive: StoredArchive, options: LoadOptions, signal: AbortSignal): Promise<Loaded> {
  if (archive.format === "plain") {
    await options.beforeUse?.("unread");
    const unpack = archive.unpack === "gzip" ? "gzip" : "none";
    const restrict = (await restrictsItself(archive)) ? "as-it-is" : "restrict";
    await send(server, { argv: ["sh", "-c", loadPlain, "holdfast-load", unpack, restrict, ...psql], tool: "psql" }, archive, options, signal);
    return { failures: [] };
  }
  const laid = archive.format === "directory" || options.jobs > 1 ? await loadFromDirectory(server, archive, options, signal) : null;
  return laid ?? loadFromStream(server, archive, options, signal);
}

const headBytes = 4_096;

/**
 * Whether a plain dump forbids psql's own commands in what follows, as pg_dump does since its versions of August 2025 (manual page psql,
 * "\\restrict"). It can be said only once: behind it a second one is a forbidden command itself.
 */
async function restrictsItself(archive: StoredArchive): Promise<boolean> {
  const source = await archive.open();
  const text = archive.unpack === "gzip" ? pipelineOf(source, createGunzip(), () => undefined) : source;
  let head = "";
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      head += chunk.toString("latin1");
      if (head.length >= headBytes) break;
    }
  } catch {
    // What cannot be unpacked fails with its own words when it is loaded.
  } finally {
    source.destroy();
  }
  return /^\\restrict \w+$/m.test(head.slice(0, headBytes));
}

const beforeIndices = ["--section=pre-data", "--section=data", "--exit-on-error"];
const indices = ["--section=post-data"];

function restoreArguments(server: Server, options: LoadOptions): string[] {
  return ["--no-password", `--dbname=${connectionString(server.database)}`, ...(options.skipOwners ? ["--no-owner"] : []), ...(options.skipTablespaces ? ["--no-tablespaces"] : [])];
}

async function loadFromStream(server: Server, archive: StoredArchive, options: LoadOptions, signal: AbortSignal): Promise<Loaded> {
  await options.beforeUse?.("unread");
  const unpack = archive.unpack === "zstd" ? "zstd" : "none";
  const common = restoreArguments(server, options);
  await send(server, { argv: ["sh", "-c", loadStream, "holdfast-load", unpack, "whole", ...common, ...beforeIndices], tool: "pg_restore" }, archive, options, signal);
  const { indexJobs = 1 } = options;
  const together = indexJobs > 1 ? await loadIndicesOfHead(server, archive, { indexJobs, unpack, common }, signal) : null;
  // The table of contents leads the file and is all that the last section needs, so the second reading ends early.
  return together ?? collectFailures(signal, (onStderr) =>
    send(server, { argv: ["sh", "-c", loadStream, "holdfast-load", unpack, "head", ...common, ...indices], tool: "pg_restore", onStderr, isHeadEnough: true }, archive, {}, signal),
  );
}

/** Longer than the table of contents of a hundred thousand objects. */
const headLimit = 64 << 20;

/** The section behind the data with several jobs, from the head of the archive. Null when that cannot be laid down; nothing was done then. */
async function loadIndicesOfHead(server: Server, archive: StoredArchive, how: { indexJobs: number; unpack: string; common: string[] }, signal: AbortSignal): Promise<Loaded | null> {
  const { indexJobs, unpack, common } = how;
  const directory = workDirectory(server.tag ?? "load");
  const laid = send(server, { argv: ["sh", "-c", layHead, "holdfast-load", directory, unpack, String(headLimit)], tool: "pg_restore", isHeadEnough: true }, archive, {}, signal);
  try {
    if (!(await laid.then(() => true, whenWithoutRoom))) return null;
    return await collectFailures(signal, (onStderr) => restoreLaid(server, ["sh", "-c", loadIndices, "holdfast-load", directory, String(indexJobs), ...common, ...indices], { jobs: indexJobs, onStderr }, signal));
  } finally {
    await removeLaid(server, directory);
  }
}

function whenWithoutRoom(error: unknown): false {
  if (error instanceof AppError && error.code === "docker.exec_failed" && error.details["exitCode"] === 6) return false;
  throw error;
}

/** More than any disk has. */
const noLimit = Number.MAX_SAFE_INTEGER;

/** Null when an archive that can be streamed as well has no room to lie down; nothing was done then. */
async function loadFromDirectory(server: Server, archive: StoredArchive, options: LoadOptions, signal: AbortSignal): Promise<Loaded | null> {
  const { jobs } = options;
  const directory = workDirectory(server.tag ?? "load");
  const packing = archive.format === "directory" ? "tar" : archive.unpack === "zstd" ? "zstd" : "none";
  const common = restoreArguments(server, options);
  if (archive.format === "directory") await options.beforeUse?.("unread");
  try {
    const laid = send(server, { argv: ["sh", "-c", layArchive, "holdfast-load", directory, packing, ...(packing === "tar" ? [] : [String(options.layDownBytes ?? noLimit)])], tool: "tar" }, archive, options, signal);
    if (archive.format === "directory") await laid;
    else if (!(await laid.then(() => true, whenWithoutRoom))) return null;
    else await options.beforeUse?.("read");
    await restoreLaid(server, ["pg_restore", ...common, `--jobs=${jobs}`, ...beforeIndices, `${directory}/archive`], { jobs }, signal);
    return await collectFailures(signal, (onStderr) => restoreLaid(server, ["sh", "-c", loadIndices, "holdfast-load", directory, String(jobs), ...common, ...indices], { jobs, onStderr }, signal));
  } finally {
    await removeLaid(server, directory);
  }
}

/** Runs pg_restore on what lies in the container. */
async function restoreLaid(server: Server, argv: readonly string[], how: { jobs: number; onStderr?: (text: string) => void }, signal: AbortSignal): Promise<void> {
  const process = await execStream(server.engine, { ...pinned(server, argv, "pg_restore", settingsOf(how.jobs)), onStderr: how.onStderr }, signal);
  process.stdin.end();
  await drain(process.stdout);
}

/** A container that is gone has nothing left to remove. */
async function removeLaid(server: Server, directory: string): Promise<void> {
  await run(server, ["rm", "-rf", directory], {}).catch(() => undefined);
}

/**
 * The section behind the data from the archive in the directory $1 with $2 jobs; the rest are pg_restore's arguments. Two jobs that
 * attach indexes of partitions, or foreign keys over them, take locks on the same tables in different orders, and pg_restore
 * does not see it coming: the server ends one as a deadlock, and a healthy backup would lack an index. So where there are such
 * indexes, those and what may need them come one after the other, behind everything else; event triggers then too, as always last.
 */
const loadIndices = `
directory=$1
jobs=$2
shift 2
entry='^[0-9]+; [0-9]+ [0-9]+'
pg_restore --list --section=post-data "$directory/archive" > "$directory/list" || exit
if [ "$jobs" = 1 ] || ! grep -qE "$entry INDEX ATTACH " "$directory/list"; then
  exec pg_restore --jobs="$jobs" "$@" "$directory/archive"
fi
failed=0
alone="$entry (INDEX ATTACH|FK CONSTRAINT|EVENT TRIGGER|COMMENT|SECURITY LABEL) "
grep -vE "$alone" "$directory/list" > "$directory/together"
grep -E "$alone" "$directory/list" > "$directory/alone"
pg_restore --jobs="$jobs" --use-list="$directory/together" "$@" "$directory/archive" || failed=$?
pg_restore --use-list="$directory/alone" "$@" "$directory/archive" || { code=$?; [ "$failed" -gt "$code" ] || failed=$code; }
exit "$failed"
`;

interface Command {
  argv: string[];
  tool: string;
  onStderr?: (text: string) => void;
  isHeadEnough?: boolean;
}

/** Streams the stored file into a command inside the container and waits for its end. */
async function send(server: Server, command: Command, archive: StoredArchive, options: Pick<LoadOptions, "onBytes">, signal: AbortSignal): Promise<void> {
  const source = await archive.open();
  const request = pinned(server, command.argv, command.tool, settingsOf(1));
  const process = await execStream(server.engine, { ...request, ...(command.onStderr ? { onStderr: command.onStderr } : {}) }, signal).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  let total = 0;
  const observe = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      options.onBytes?.((total += chunk.length));
      done(null, chunk);
    },
  });
  const sent = pipeline(source, observe, process.stdin, { signal }).then(() => null, (error: unknown) => error);
  // The tool's own exit code explains best; a broken pipe on the way in is its consequence. Unless the file was why it was cut off.
  await drain(process.stdout).catch((error: unknown) => {
    throw source.errored instanceof AppError ? source.errored : error;
  });
  if (command.isHeadEnough) source.destroy();
  const problem = await sent;
  if (problem && !command.isHeadEnough) throw problem;
}

async function drain(stream: Readable): Promise<void> {
  for await (const _ of stream) continue;
}

/**
 * Runs the section behind the data. pg_restore goes on after an error there and ends with exit code 1; each error is one line that
 * a person reads. Whether the result is complete is not decided by these words: it is compared with the manifest afterwards.
 */
async function collectFailures(signal: AbortSignal, work: (onStderr: (text: string) => void) => Promise<void>): Promise<Loaded> {
  let said = "";
  const onStderr = (text: string) => {
    if (said.length < 1 << 20) said += text;
  };
  try {
    await work(onStderr);
    return { failures: [] };
  } catch (error) {
    const failures = failuresIn(said);
    if (failures.length === 0 || signal.aborted) throw error;
    return { failures };
  }
}

/** What each failed statement was, with the server's reason: two lines of pg_restore's as one. */
function failuresIn(stderr: string): string[] {
  const failures: string[] = [];
  for (const match of stderr.matchAll(/could not execute query: ERROR: +(.+)\n(?:(?!pg_restore:|Command was:).*\n)*(?:Command was: (.+))?/g)) {
    failures.push(match[2] ? `${match[2].slice(0, 300)} (${match[1]})` : (match[1] ?? ""));
    if (failures.length === mostFailuresKept) break;
  }
  return failures;
}
