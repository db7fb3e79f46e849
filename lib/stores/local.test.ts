import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listStored } from "./listing";
import { createFile, pathOf, readStored, removeStored, spaceOf, writeSmallFile, type LocalStore } from "./local";

let store: LocalStore;
beforeEach(() => {
  store = { name: "local-disk", path: mkdtempSync(path.join(os.tmpdir(), "holdfast-store-")) };
});
afterEach(() => rmSync(store.path, { recursive: true, force: true }));

async function put(key: string, text: string): Promise<void> {
  const sink = await createFile(store, key, "r1");
  sink.stream.end(text);
  await (await sink.stage()).commit();
}

describe("a local store", () => {
  it("shows a file under its name only once it is committed", async () => {
    const sink = await createFile(store, "a.dump", "r1");
    sink.stream.end("bytes");
    const staged = await sink.stage();
    expect(await listStored(store)).toEqual({ files: [], unread: [] });
    await staged.commit();
    expect(readdirSync(store.path)).toEqual(["a.dump"]);
    expect(readFileSync(path.join(store.path, "a.dump"), "utf8")).toBe("bytes");
  });

  it("leaves nothing of what is discarded", async () => {
    const sink = await createFile(store, "a.dump", "r1");
    sink.stream.write("half");
    await sink.discard();
    expect(readdirSync(store.path)).toEqual([]);
  });

  it("reads a file to its end, and gives it back to the system", async () => {
    const text = "0123456789".repeat(50_000);
    await put("a.dump", text);
    const { stream, sizeBytes } = await readStored(store, "a.dump");
    let found = "";
    for await (const chunk of stream as AsyncIterable<Buffer>) found += chunk.toString();
    expect([found === text, sizeBytes, stream.closed]).toEqual([true, text.length, true]);
  });

  it("names the file that can be opened and not be read, to whoever reads it and to whoever looks at its stream", async () => {
    mkdirSync(path.join(store.path, "a.dump"));
    const { stream } = await readStored(store, "a.dump");
    const reading = (async () => {
      for await (const _ of stream) continue;
    })();
    await expect(reading).rejects.toMatchObject({ code: "store.file_unreadable", message: expect.stringContaining("a.dump in local-disk cannot be read") as string });
    expect(stream.errored).toMatchObject({ code: "store.file_unreadable" });
  });

  it("passes on what ended a stream from outside as it is", async () => {
    await put("a.dump", "bytes");
    const { stream } = await readStored(store, "a.dump");
    const failed = Object.assign(new Error("reset"), { code: "ECONNRESET", syscall: "read" });
    stream.on("error", () => undefined).destroy(failed);
    expect(stream.errored).toBe(failed);
  });

  it("never overwrites a file", async () => {
    await put("a.dump", "first");
    await expect(put("a.dump", "second")).rejects.toMatchObject({ code: "store.file_exists" });
    expect(readFileSync(path.join(store.path, "a.dump"), "utf8")).toBe("first");
  });

  it("replaces a description in one step", async () => {
    await writeSmallFile(store, "a.json", "1", "r1");
    await writeSmallFile(store, "a.json", "2", "r1");
    expect(readFileSync(path.join(store.path, "a.json"), "utf8")).toBe("2");
    expect(readdirSync(store.path)).toEqual(["a.json"]);
  });

  it.each(["../outside", "/etc/passwd", "a/../../b", ".", ""])("does not lead out of its directory by %s", (key) => {
    expect(() => pathOf(store, key)).toThrow(expect.objectContaining({ code: "store.outside" }));
  });

  it("says what is missing, and does not mind deleting it", async () => {
    await expect(readStored(store, "gone.dump")).rejects.toMatchObject({ code: "store.file_missing" });
    await expect(removeStored(store, "gone.dump")).resolves.toBeUndefined();
    await expect(spaceOf({ name: "x", path: "/nonexistent" })).rejects.toMatchObject({ code: "store.unreadable" });
    await expect(createFile({ name: "x", path: "/dev/null/store" }, "a", "r1")).rejects.toMatchObject({ code: "store.unwritable" });
  });
});
