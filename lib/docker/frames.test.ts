import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { frames, Pieces, Tail } from "./frames";

function frame(payload: string | Buffer, stream: 1 | 2 = 1): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function inPieces(bytes: Buffer, size: number): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Readable.from(pieces);
}

async function read(source: Readable): Promise<{ stdout: string; stderr: string }> {
  const texts = { stdout: "", stderr: "" };
  for await (const { stream, payload } of frames(source)) texts[stream] += payload.toString();
  return texts;
}

describe("the engine's stream", () => {
  const wire = Buffer.concat([frame("first "), frame("a warning", 2), frame(""), frame("second"), frame("x".repeat(70_000))]);

  it.each([1, 3, 7, 8, 9, 777, 1 << 16, 1 << 20])("is split right when it comes in pieces of %i bytes", async (size) => {
    expect(await read(inPieces(wire, size))).toEqual({ stdout: `first second${"x".repeat(70_000)}`, stderr: "a warning" });
  });

  it("takes 20,000 small frames in one piece", async () => {
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => frame("x")));
    expect((await read(Readable.from([many]))).stdout).toHaveLength(20_000);
  });

  it("that ends inside a frame is a failure, in the payload and in the header", async () => {
    await expect(read(inPieces(frame("whole").subarray(0, 11), 4))).rejects.toThrow("inside a frame");
    await expect(read(inPieces(frame("whole").subarray(0, 5), 4))).rejects.toThrow("inside a frame");
  });

  it("is read only as fast as it is taken", async () => {
    let sent = 0;
    const source = new Readable({ highWaterMark: 1 << 16, read() { sent += 32_768; this.push(frame(Buffer.alloc(32_760))); } });
    let taken = 0;
    for await (const { payload } of frames(source)) {
      taken += payload.length;
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (taken > 2e6) break;
    }
    expect(sent - taken).toBeLessThan(1 << 20);
  });
});

it("a tail keeps the end", () => {
  const tail = new Tail(5);
  tail.push(Buffer.from("abc"));
  tail.push(Buffer.from("defg"));
  expect(tail.read()).toBe("cdefg");
});

it("a tail joins a character that came in two pieces", () => {
  const tail = new Tail(100);
  const bytes = Buffer.from("größe");
  expect([tail.push(bytes.subarray(0, 3)), tail.push(bytes.subarray(3))]).toEqual(["gr", "öße"]);
  expect(tail.read()).toBe("größe");
});

describe("pieces", () => {
  it("are at least as large as asked for, in order, and the last is what is left", () => {
    const pieces = new Pieces(4);
    const out = ["ab", "c", "defgh", "i", ""].map((text) => pieces.add(Buffer.from(text))?.toString() ?? null);
    expect(out).toEqual([null, null, "abcdefgh", null, null]);
    expect(pieces.rest()?.toString()).toBe("i");
    expect(pieces.rest()).toBeNull();
  });

  it("pass on at once what nobody wants joined", () => {
    const pieces = new Pieces(0);
    expect(pieces.add(Buffer.from("a"))?.toString()).toBe("a");
    expect(pieces.rest()).toBeNull();
  });
});
