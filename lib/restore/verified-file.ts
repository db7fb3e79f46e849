import "server-only";
import { createHash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { readStored } from "@/lib/stores/local";
import { restoreErrors } from "./errors";
import type { StagedFile } from "./stage";

const blockBytes = 2 ** 20;

/**
 * What a reading found that was equal to what was stored: SHA-256 of the file from its start to the end of each MiB, the last one to its own end.
 * They cost no more than one hash of the whole, and tell a later reading of each MiB whether it is the same before anything of it is used.
 */
export type Marks = readonly string[];

/** A reading of a stored file. What it gives away was compared with the reading before, where there was one. */
export class Reading extends Transform {
  readonly #hash = createHash("sha256");
  readonly #marks: string[] = [];
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Of what was read so far; the whole file's once it ended. */
  sizeBytes = 0;
  /** Null before the file's end. */
  sha256: string | null = null;

  /** With `expected` it holds each MiB back until its mark is the same, and fails with `restore.changed_file` where it is not. */
  constructor(
    private readonly file: StagedFile,
    private readonly expected: Marks | undefined,
  ) {
    super({ highWaterMark: blockBytes });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + blockBytes - this.#heldBytes);
      at += part.length;
      this.#hash.update(part);
      this.#held.push(part);
      this.#heldBytes += part.length;
      if (this.#heldBytes === blockBytes && !this.#release()) return done(this.#changed());
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#heldBytes > 0 && !this.#release()) return done(this.#changed());
    if (this.expected && this.expected.length !== this.#marks.length) return done(this.#changed());
    this.sha256 = this.#hash.digest("hex");
    if (!this.file.sha256 || this.file.sha256 === this.sha256) this.file.marks ??= this.#marks;
    done();
  }

  /** Gives away what is held, if that is what it has to be. */
  #release(): boolean {
    // One byte a character: 32 bytes, and no object for each.
    const mark = this.#hash.copy().digest("binary");
    if (this.expected && this.expected[this.#marks.length] !== mark) return false;
    this.#marks.push(mark);
    this.sizeBytes += this.#heldBytes;
    for (const part of this.#held) this.push(part);
    this.#held = [];
    this.#heldBytes = 0;
    return true;
  }

  #changed(): Error {
    return restoreErrors.changed_file({ key: this.file.key });
  }
}

/**
 * Opens a backup's file for a restore. The first reading that comes to the end and finds what was stored is remembered in the file; every later
 * one, of its head alone too, is held to it: whoever can write to the store could exchange the file between two of them, and a role of the live
 * server executes what it reads.
 */
export async function openVerified(file: StagedFile): Promise<Reading> {
  const { stream } = await readStored(file.store, file.key);
  const reading = new Reading(file, file.marks);
  // Whoever reads sees a failure when they read. One that comes before they begin must not end the process as unheard.
  reading.on("error", () => undefined);
  stream.on("error", (error) => reading.destroy(error));
  reading.on("close", () => stream.destroy());
  return stream.pipe(reading);
}
