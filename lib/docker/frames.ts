import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export interface Frame {
  stream: "stdout" | "stderr";
  payload: Buffer;
}

const headerBytes = 8;

/**
 * Splits the Engine's multiplexed stream into what each stream says: one byte for the stream, three zero bytes, the payload's length as
 * a big-endian uint32, the payload (Docker Engine API, "Attach to a container", stream format). A payload comes in as many pieces as it
 * arrived in, uncopied. Reads from `source` only when asked, so a slow consumer slows the process in the container instead of filling
 * memory. Throws when the stream ends inside a frame: the engine or the connection went away.
 */
export async function* frames(source: Readable): AsyncGenerator<Frame, void, void> {
  const header = Buffer.alloc(headerBytes);
  let headerLength = 0;
  let stream: Frame["stream"] = "stdout";
  let left = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const copied = chunk.copy(header, headerLength, at);
        at += copied;
        headerLength += copied;
        if (headerLength < headerBytes) break;
        stream = header[0] === 2 ? "stderr" : "stdout";
        left = header.readUInt32BE(4);
        headerLength = 0;
        continue;
      }
      const payload = chunk.subarray(at, at + left);
      at += payload.length;
      left -= payload.length;
      yield { stream, payload };
    }
  }
  if (left > 0 || headerLength > 0) throw new Error(`the engine's stream ended inside a frame, ${left > 0 ? `${left} bytes short` : `${headerLength} bytes into its header`}`);
}

/** Joins buffers to pieces of at least `least` bytes: each piece passes through a pipeline at the same price, whatever its size. */
export class Pieces {
  #held: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly least: number) {}

  /** A piece once there is enough for one, else null. */
  add(buffer: Buffer): Buffer | null {
    this.#held.push(buffer);
    this.#bytes += buffer.length;
    return this.#bytes < this.least ? null : this.rest();
  }

  /** What is held, or null when that is nothing. */
  rest(): Buffer | null {
    const held = this.#held;
    const bytes = this.#bytes;
    this.#held = [];
    this.#bytes = 0;
    return held.length > 1 ? Buffer.concat(held, bytes) : (held[0] ?? null);
  }
}

/** Keeps the end of a noisy text: enough to explain a failure, bounded in memory. */
export class Tail {
  #text = "";
  /** A character may come in two pieces. */
  readonly #decoder = new StringDecoder();

  constructor(private readonly limit: number) {}

  /** Returns what was added, as text. */
  push(chunk: Buffer): string {
    const text = this.#decoder.write(chunk);
    this.#text = (this.#text + text).slice(-this.limit);
    return text;
  }

  read(): string {
    return this.#text;
  }
}
