import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StagedFile } from "./stage";
import { openVerified } from "./verified-file";

const MiB = 2 ** 20;

describe("a backup's file that is read more than once", () => {
  const own = randomBytes(3 * MiB + 7);
  let directory: string;
  let file: StagedFile;
  const write = (content: Buffer) => writeFileSync(path.join(directory, "shop.dump"), content);
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-verified-"));
    file = { store: { name: "local-disk", path: directory }, key: "shop.dump", sizeBytes: own.length, sha256: null, backupId: "b", copyId: "c" };
    write(own);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** All that a reading gives away, and how it ends. */
  async function read(): Promise<{ got: Buffer; code: unknown }> {
    const got: Buffer[] = [];
    try {
      for await (const chunk of await openVerified(file)) got.push(chunk as Buffer);
      return { got: Buffer.concat(got), code: null };
    } catch (error) {
      return { got: Buffer.concat(got), code: (error as { code?: unknown }).code };
    }
  }

  it("is the same each time, with one mark of 32 bytes for each MiB", async () => {
    for (let reading = 0; reading < 2; reading += 1) expect((await buffer(await openVerified(file))).equals(own)).toBe(true);
    expect(file.marks?.map((mark) => mark.length)).toEqual([32, 32, 32, 32]);
  });

  it.each<[string, Buffer, number]>([
    ["another one from its first byte", randomBytes(own.length), 0],
    ["changed behind its second MiB", Buffer.concat([own.subarray(0, 2 * MiB + 9), randomBytes(MiB - 2)]), 2],
    ["changed in its last byte", Buffer.concat([own.subarray(0, -1), Buffer.from([(own.at(-1) ?? 0) ^ 1])]), 3],
    ["longer by a byte", Buffer.concat([own, Buffer.alloc(1)]), 3],
    ["cut off between two MiB", own.subarray(0, 2 * MiB), 2],
    ["cut off inside one", own.subarray(0, 2 * MiB + 5), 2],
    ["empty", Buffer.alloc(0), 0],
  ])("gives away nothing that the first reading did not find where it is %s", async (_, other, equalMiB) => {
    await read();
    write(other);
    const { got, code } = await read();
    expect([code, got.length <= equalMiB * MiB, got.equals(own.subarray(0, got.length))]).toEqual(["restore.changed_file", true, true]);
  });

  it("may turn out to be another one before anybody reads, and whoever reads is told", async () => {
    await read();
    write(randomBytes(9));
    const reading = await openVerified(file);
    while (!reading.errored) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(pipeline(reading, new PassThrough())).rejects.toMatchObject({ code: "restore.changed_file" });
    await expect(buffer(reading)).rejects.toMatchObject({ code: "restore.changed_file" });
  });

  it("is held to its first reading also where that has to be of the head alone, which may end early", async () => {
    await read();
    for await (const chunk of await openVerified(file)) {
      expect((chunk as Buffer).equals(own.subarray(0, (chunk as Buffer).length))).toBe(true);
      break;
    }
    write(randomBytes(own.length));
    expect(await read()).toEqual({ got: Buffer.alloc(0), code: "restore.changed_file" });
  });

  it("is not held to a reading that was not of what was stored, or that ended early", async () => {
    for await (const _ of await openVerified(file)) break;
    expect(file.marks).toBeUndefined();
    file.sha256 = "0".repeat(64);
    expect((await read()).got.equals(own)).toBe(true);
    expect(file.marks).toBeUndefined();
  });
});
