import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** Reads `source` to its end and returns its SHA-256 and size. */
export async function hashStream(source: Readable, onProgress?: (total: number) => void, signal?: AbortSignal): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    sizeBytes += chunk.length;
    onProgress?.(sizeBytes);
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}
