import "server-only";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { backupErrors } from "@/lib/backup/errors";
import { execStream } from "@/lib/docker/exec";
import { AppError } from "@/lib/errors";
import type { StoredArchive } from "@/lib/postgres/load";
import { pinned, type Server } from "@/lib/postgres/server";
import { convertErrors } from "./errors";
import { archiveToSql } from "./scripts";

/** Nobody's user inside a container: what reads a foreign file has no rights there either. */
export const nobody = "65534";

/**
 * Reads a stored file as SQL text and gives each piece to `onSql`, waiting for it. Plain SQL is unpacked here; an archive goes through
 * pg_restore in `server`'s container, which has to be a throwaway one. Throws `backup.not_gzip`, `convert.unreadable`.
 */
export async function readSql(server: () => Promise<Server>, archive: StoredArchive, onSql: (chunk: Buffer) => void, signal: AbortSignal): Promise<void> {
  for await (const chunk of await openSql(server, archive, signal)) onSql(chunk as Buffer);
}

/** The same as a stream: it ends only when the file was read to its end and every tool exited 0. */
export async function openSql(server: () => Promise<Server>, archive: StoredArchive, signal: AbortSignal): Promise<Readable> {
  const source = await archive.open();
  if (archive.format === "plain") return archive.unpack === "gzip" ? unzip(source) : source;
  return fromArchive(await server(), archive, source, signal);
}

function unzip(source: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  let sqlBytes = 0;
  gunzip.on("data", (chunk: Buffer) => (sqlBytes += chunk.length));
  gunzip.pause();
  // Whoever reads sees a failure when they read. One that comes before they begin must not end the process as unheard.
  gunzip.on("error", () => undefined);
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const destroy = gunzip._destroy.bind(gunzip);
  gunzip._destroy = (error, done) => {
    source.destroy();
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    destroy(code?.startsWith("Z_") ? backupErrors.not_gzip({ sqlBytes }, { cause: error }) : error, done);
  };
  return gunzip;
}

async function fromArchive(server: Server, archive: StoredArchive, source: Readable, signal: AbortSignal): Promise<Readable> {
  const packing = archive.format === "directory" ? "tar" : archive.unpack === "zstd" ? "zstd" : "none";
  const argv = ["sh", "-c", archiveToSql, "holdfast-read", packing, `/tmp/holdfast-${server.tag ?? "read"}-directory`];
  const process = await execStream(server.engine, { ...pinned(server, argv, "pg_restore"), user: nobody }, signal).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  const sent = pipeline(source, process.stdin, { signal }).then(() => null, (error: unknown) => error);
  return readableOf(process.stdout, sent);
}

/** The tool's own exit code explains best; a broken pipe on the way in is its consequence. Unless the file was why it was cut off. */
function readableOf(stdout: Readable, sent: Promise<unknown>): Readable {
  const destroy = stdout._destroy.bind(stdout);
  stdout._destroy = (error, done) => {
    const isTool = error instanceof AppError && error.code === "docker.exec_failed" && [3, 4].includes(Number(error.details["exitCode"]));
    void sent.then((problem) => {
      if (error && problem instanceof AppError) return destroy(problem, done);
      destroy(isTool ? convertErrors.unreadable({ stderr: String(error.details["stderr"] ?? "") }, { cause: error }) : error, done);
    });
  };
  return stdout;
}
