import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import type { Stage } from "./run";

/** A stage that watches bytes go by and reports a result, without changing them. */
export function observe<R>(onChunk: (chunk: Buffer) => void, result: () => R): Stage<R> {
  return {
    stream: new Transform({
      readableHighWaterMark: 1 << 18,
      writableHighWaterMark: 1 << 18,
      transform(chunk: Buffer, _encoding, done) {
        onChunk(chunk);
        done(null, chunk);
      },
    }),
    result,
  };
}

/** Counts bytes; `onProgress` gets the total so far with every chunk. */
export function countBytes(onProgress?: (total: number) => void): Stage<number> {
  let total = 0;
  return observe(
    (chunk) => {
      total += chunk.length;
      onProgress?.(total);
    },
    () => total,
  );
}

/** SHA-256 of what went by, in hex. */
export function sha256(): Stage<string> {
  const hash = createHash("sha256");
  return observe((chunk) => hash.update(chunk), () => hash.digest("hex"));
}
