import "server-only";
import { constants, createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { access, link, mkdir, open, readFile, rename, rm, stat, statfs, unlink, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Sink, Staged } from "@/lib/pipeline/run";
import { isFull, storeErrors, whyOf } from "./errors";

/** A directory on this machine that holds backups. */
export interface LocalStore {
  name: string;
  path: string;
}

export const partialMark = ".holdfast-partial-";
/** The path of `key` inside the store. Throws `store.outside` for a key that leads out of it. */
export function pathOf(store: LocalStore, key: string): string {
  const root = path.resolve(/*turbopackIgnore: true*/ store.path);
  const file = path.resolve(/*turbopackIgnore: true*/ root, key);
  if (!file.startsWith(root + path.sep) || key.includes("\0")) throw storeErrors.outside({ key });
  return file;
}

/**
 * A sink for `key`. Bytes go to a hidden file in the same directory, named after `owner` so that a crash's leftovers can be
 * found; `commit` gives it its name and never overwrites another file.
 */
export async function createFile(store: LocalStore, key: string, owner: string): Promise<Sink<Staged>> {
  const target = pathOf(store, key);
  const partial = path.join(path.dirname(target), `${partialMark}${owner}-${path.basename(target)}`);
  const stream = await openForWriting(store, partial);
  const discard = async () => {
    stream.destroy();
    await rm(partial, { force: true });
  };
  return {
    stream,
    discard,
    async stage() {
      await finished(stream);
      await syncFile(partial);
      const { size } = await stat(partial);
      return { sizeBytes: size, discard, commit: () => publish(partial, target, key) };
    },
  };
}

async function openForWriting(store: LocalStore, file: string): Promise<WriteStream> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, "wx", 0o640);
    const stream = createWriteStream(file, { fd: handle, highWaterMark: 1 << 20 });
    const destroy = stream._destroy.bind(stream);
    stream._destroy = (error, done) => destroy(error && isFull(error) ? storeErrors.full({ path: store.path }, { cause: error }) : error, done);
    return stream;
  } catch (error) {
    if (isFull(error)) throw storeErrors.full({ path: store.path }, { cause: error });
    throw storeErrors.unwritable({ path: store.path, why: whyOf(error) }, { cause: error });
  }
}

/** `link` fails where the name exists, `rename` would replace it; some network file systems know only the latter. */
async function publish(partial: string, target: string, key: string): Promise<void> {
  try {
    await link(partial, target);
    await unlink(partial);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw storeErrors.file_exists({ key }, { cause: error });
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "ENOSYS") throw error;
    if (await exists(target)) throw storeErrors.file_exists({ key }, { cause: error });
    await rename(partial, target);
  }
  await syncFile(path.dirname(target));
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

/** Writes a small file durably, replacing an older version of it in one step. */
export async function writeSmallFile(store: LocalStore, key: string, text: string, owner: string): Promise<void> {
  const target = pathOf(store, key);
  const partial = path.join(path.dirname(target), `${partialMark}${owner}-${path.basename(target)}`);
  try {
    const handle = await open(partial, "w", 0o640);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, target);
    await syncFile(path.dirname(target));
  } catch (error) {
    await rm(partial, { force: true });
    if (isFull(error)) throw storeErrors.full({ path: store.path }, { cause: error });
    throw storeErrors.unwritable({ path: store.path, why: whyOf(error) }, { cause: error });
  }
}

/** As much as is read at once: each piece is garbage behind its reader, and larger ones make nothing faster (`npm run bench`). */
const readBytes = 1 << 17;

/**
 * Opens a stored file for reading. Throws `store.file_missing` and `store.file_unreadable`, with which the stream fails too: a disk gives
 * its bad sectors away only to whoever reads them.
 */
export async function readStored(store: LocalStore, key: string): Promise<{ stream: Readable; sizeBytes: number }> {
  const file = pathOf(store, key);
  try {
    const handle = await open(file, "r");
    const { size } = await handle.stat();
    return { stream: streamOf(handle, (error) => readFailure(store, key, error)), sizeBytes: size };
  } catch (error) {
    throw readFailure(store, key, error);
  }
}

/** By hand: of the errors that end a stream of Node's, those of its file cannot be told from those of whoever it is piped to. */
function streamOf(handle: FileHandle, failure: (error: unknown) => Error): Readable {
  return new Readable({
    highWaterMark: readBytes,
    read() {
      handle.read(Buffer.allocUnsafeSlow(readBytes), 0, readBytes, null).then(
        ({ bytesRead, buffer }) => this.push(bytesRead > 0 ? buffer.subarray(0, bytesRead) : null),
        (error: unknown) => this.destroy(failure(error)),
      );
    },
    destroy(error, done) {
      handle.close().then(() => done(error), done);
    },
  });
}

/** The first `bytes` of a stored file, to recognise its kind by. */
export async function readStart(store: LocalStore, key: string, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(pathOf(store, key), { end: bytes - 1 }) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A small stored text, or null when there is none. */
export async function readSmallFile(store: LocalStore, key: string): Promise<string | null> {
  try {
    return await readFile(pathOf(store, key), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw readFailure(store, key, error);
  }
}

function readFailure(store: LocalStore, key: string, error: unknown) {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return storeErrors.file_missing({ key, store: store.name }, { cause: error });
  return storeErrors.file_unreadable({ key, store: store.name, why: whyOf(error) }, { cause: error });
}

/**
 * How large a stored file is; null when it is gone, "shut" when it lies in a directory below the store's own that this user may not look
 * into. Throws `store.file_unreadable` when that cannot be told of any file.
 */
export async function sizeOfStored(store: LocalStore, key: string): Promise<number | "shut" | null> {
  try {
    return (await stat(pathOf(store, key))).size;
  } catch (error) {
    if (isGone(error)) return null;
    if (path.dirname(key) !== "." && isShut(error)) return "shut";
    throw readFailure(store, key, error);
  }
}

/** Whether there is a file of this name. */
export async function isStored(store: LocalStore, key: string): Promise<boolean> {
  return exists(pathOf(store, key));
}

/** Deletes a file; one that is gone already is no error, one that cannot be deleted is `store.not_removed`. */
export async function removeStored(store: LocalStore, key: string): Promise<void> {
  try {
    await rm(pathOf(store, key), { force: true });
  } catch (error) {
    throw storeErrors.not_removed({ key, why: whyOf(error) }, { cause: error });
  }
}

/** Not for this user to look into. */
export function isShut(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM";
}

/** Removed, or a directory above it was replaced by a file. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Throws unless the store is a directory that can be read and written, as far as the system says without writing. */
export async function requireUsable(store: LocalStore): Promise<void> {
  try {
    await access(store.path, constants.R_OK | constants.X_OK);
    if (!(await stat(store.path)).isDirectory()) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
  } catch (error) {
    throw storeErrors.unreadable({ path: store.path, why: whyOf(error) }, { cause: error });
  }
  await access(store.path, constants.W_OK).catch((error: unknown) => {
    throw storeErrors.unwritable({ path: store.path, why: whyOf(error) }, { cause: error });
  });
}

/** Total and free bytes of the file system the store is on. */
export async function spaceOf(store: LocalStore): Promise<{ totalBytes: number; freeBytes: number }> {
  try {
    const { bsize, blocks, bavail } = await statfs(store.path);
    return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch (error) {
    throw storeErrors.unreadable({ path: store.path, why: whyOf(error) }, { cause: error });
  }
}
