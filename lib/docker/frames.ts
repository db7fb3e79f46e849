import type { Readable } from "node:stream";

export interface Frame {
  stream: "stdout" | "stderr";
  payload: Buffer;
}

const headerBytes = 8;

/**
 * Splits the Engine's multiplexed stream into frames: one byte for the stream, three zero bytes, the payload's length as a
 * big-endian uint32, the payload (Docker Engine API, "Attach to a container", stream format). Reads from `source` only when
 * asked, so a slow consumer slows the process in the container instead of filling memory. Throws when the stream ends inside
 * a frame: the engine or the connection went away.
 */
export async function* frames(source: Readable): AsyncGenerator<Frame, void, void> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < headerBytes) continue;
    let buffer = pending.length === 1 ? chunk : Buffer.concat(pending, pendingBytes);
    while (buffer.length >= headerBytes) {
      const size = buffer.readUInt32BE(4);
      if (buffer.length < headerBytes + size) break;
      yield { stream: buffer[0] === 2 ? "stderr" : "stdout", payload: buffer.subarray(headerBytes, headerBytes + size) };
      buffer = buffer.subarray(headerBytes + size);
    }
    pending = buffer.length > 0 ? [buffer] : [];
    pendingBytes = buffer.length;
  }
  if (pendingBytes > 0) throw new Error(`the engine's stream ended inside a frame, ${pendingBytes} bytes in`);
}

/** Keeps the end of a noisy text: enough to explain a failure, bounded in memory. */
export class Tail {
  #text = "";

  constructor(private readonly limit: number) {}

  push(chunk: Buffer | string): void {
    this.#text = (this.#text + chunk.toString()).slice(-this.limit);
  }

  read(): string {
    return this.#text;
  }
}
