import { createHash } from "node:crypto";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { countBytes, sha256 } from "./observe";
import { runPipeline, type Sink, type Staged } from "./run";

function memorySink(delayMs = 0) {
  const chunks: Buffer[] = [];
  const calls: string[] = [];
  const staged: Staged = { get sizeBytes() { return Buffer.concat(chunks).length; }, commit: async () => void calls.push("commit"), discard: async () => void calls.push("discard") };
  const sink: Sink<Staged> = {
    stream: new Writable({ highWaterMark: 1 << 16, write(chunk: Buffer, _, done) { chunks.push(chunk); if (delayMs > 0) setTimeout(done, delayMs); else done(); } }),
    stage: async () => { calls.push("stage"); return staged; },
    discard: async () => void calls.push("discard"),
  };
  return { sink, calls, content: () => Buffer.concat(chunks) };
}

const signal = () => new AbortController().signal;

describe("a pipeline", () => {
  it("hands every byte on and reports what its stages saw", async () => {
    const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    const memory = memorySink();
    const { staged, results } = await runPipeline({ source: Readable.from([data.subarray(0, 7), data.subarray(7, 200_001), data.subarray(200_001)]), stages: { bytes: countBytes(), hash: sha256() }, sink: memory.sink, signal: signal() });
    expect(results).toEqual({ bytes: 300_000, hash: createHash("sha256").update(data).digest("hex") });
    expect(staged.sizeBytes).toBe(300_000);
    expect(memory.content().equals(data)).toBe(true);
    expect(memory.calls).toEqual(["stage"]);
  });

  it("whose source fails at its very end stages nothing", async () => {
    const memory = memorySink();
    const source = Readable.from((async function* () { yield Buffer.from("a whole dump, by the look of it"); throw new Error("exited with 1"); })(), { objectMode: false });
    await expect(runPipeline({ source, stages: { bytes: countBytes() }, sink: memory.sink, signal: signal() })).rejects.toThrow("exited with 1");
    expect(memory.calls).toEqual(["discard"]);
  });

  it("that is cancelled stops its source, discards, and gives the reason it was given", async () => {
    const memory = memorySink(5);
    const controller = new AbortController();
    let destroyed = false;
    const source = new Readable({ read() { this.push(Buffer.alloc(32_768)); }, destroy(error, done) { destroyed = true; done(error); } });
    setTimeout(() => controller.abort(new Error("cancelled by Maeve")), 50);
    await expect(runPipeline({ source, stages: { bytes: countBytes() }, sink: memory.sink, signal: controller.signal })).rejects.toThrow("cancelled by Maeve");
    expect(memory.calls).toEqual(["discard"]);
    expect(destroyed).toBe(true);
  });
});
