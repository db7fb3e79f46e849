import type { Duplex, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** One step of a byte pipeline. `result()` means something only once the pipeline has completed. */
export interface Stage<R = unknown> {
  readonly stream: Duplex;
  result(): R;
}

/** Where the bytes go. Nothing is visible under its final name before `commit` of what `stage` returns. */
export interface Sink<S extends Staged> {
  readonly stream: Writable;
  /** Makes what was written durable, still under a temporary name. Called once, after the stream has finished. */
  stage(): Promise<S>;
  discard(): Promise<void>;
}

export interface Staged {
  readonly sizeBytes: number;
  /** Gives it its final name. Nothing may fail the run between this and its record. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

type Results<S extends Record<string, Stage>> = { [K in keyof S]: ReturnType<S[K]["result"]> };

/**
 * Streams `source` through `stages`, in the order they are written, into `sink`. End of stream is a claim of success: a
 * source ends only after its producer exited 0. On any failure the sink is discarded and the failure is thrown.
 */
export async function runPipeline<S extends Record<string, Stage>, T extends Staged>(args: {
  source: Readable;
  stages: S;
  sink: Sink<T>;
  signal: AbortSignal;
}): Promise<{ staged: T; results: Results<S> }> {
  const { source, stages, sink, signal } = args;
  try {
    await pipeline([source, ...Object.values(stages).map((stage) => stage.stream), sink.stream], { signal });
    const staged = await sink.stage();
    const results = Object.fromEntries(Object.entries(stages).map(([name, stage]) => [name, stage.result()])) as Results<S>;
    return { staged, results };
  } catch (error) {
    await sink.discard();
    // `pipeline` reports an abort as its own AbortError; the reason is what the caller gave and wants to see again.
    throw signal.aborted && signal.reason instanceof Error ? signal.reason : error;
  }
}
