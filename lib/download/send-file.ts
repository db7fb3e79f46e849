import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { attachment } from "./disposition";
import type { OpenedFile } from "./open-backup-file";
import { ifRangeHolds, portionOf } from "./range";

const chunkBytes = 1 << 20;

/**
 * Answers with the file, or the range asked for, in chunks of 1 MiB whatever its size. `beforeFirstByte` runs before
 * an answer that carries bytes, with the byte it starts from. Rejects when the client goes away or the file got shorter meanwhile.
 */
export async function sendFile(req: IncomingMessage, res: ServerResponse, file: OpenedFile, beforeFirstByte: (start: number) => Promise<void>): Promise<void> {
  const etag = `"${file.sizeBytes.toString(36)}-${Math.floor(file.modifiedAt.getTime()).toString(36)}"`;
  const lastModified = file.modifiedAt.toUTCString();
  const ifRange = [req.headers["if-range"]].flat()[0];
  const range = ifRangeHolds(ifRange, { etag, lastModified }) ? req.headers.range : undefined;
  const portion = portionOf(range, file.sizeBytes);

  res.setHeader("Accept-Ranges", "bytes");
  res.setHeader("ETag", etag);
  res.setHeader("Last-Modified", lastModified);
  // "no-transform" also keeps Next from compressing it, which would take the length away.
  res.setHeader("Cache-Control", "private, no-cache, no-transform");
  if (portion.kind === "unsatisfiable") {
    res.setHeader("Content-Range", `bytes */${file.sizeBytes}`);
    res.statusCode = 416;
    res.end();
    return;
  }
  const length = portion.end - portion.start + 1;
  res.statusCode = portion.kind === "part" ? 206 : 200;
  if (portion.kind === "part") res.setHeader("Content-Range", `bytes ${portion.start}-${portion.end}/${file.sizeBytes}`);
  res.setHeader("Content-Length", String(length));
  res.setHeader("Content-Type", file.contentType);
  res.setHeader("Content-Disposition", attachment(file.fileName));
  res.setHeader("X-Content-Type-Options", "nosniff");
  if (file.sha256) res.setHeader("Repr-Digest", `sha-256=:${Buffer.from(file.sha256, "hex").toString("base64")}:`);
  if (req.method === "HEAD") {
    res.end();
    return;
  }
  await beforeFirstByte(portion.start);
  if (length === 0) {
    res.end();
    return;
  }
  const bytes = file.handle.createReadStream({ start: portion.start, end: portion.end, highWaterMark: chunkBytes, autoClose: false });
  await pipeline(bytes, exactly(length), res);
}

/** A file cut short while it is sent must break the connection: an early end would look like a whole download. */
function exactly(length: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let sent = 0;
    for await (const chunk of chunks) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent !== length) throw new Error(`The file ended after ${sent} of ${length} bytes.`);
  };
}

/** Whether a failed answer only means that nobody is listening any more. */
export function clientWentAway(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "EPIPE";
}
