import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportDirectory, exportKey } from "@/lib/tables/export-names";
import { asNobody } from "@/lib/testing/nobody";
import { listPartials, listStored, removePartials } from "./listing";
import { createFile, type LocalStore } from "./local";

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

describe("what lies in a store", () => {
  it("lists files of subdirectories and no hidden ones", async () => {
    await put("pre-upgrade/a.sql.gz", "x");
    writeFileSync(path.join(store.path, ".hidden"), "");
    mkdirSync(path.join(store.path, ".snapshots/pre-upgrade"), { recursive: true });
    writeFileSync(path.join(store.path, ".snapshots/pre-upgrade/a.sql.gz"), "x");
    expect((await listStored(store)).files.map((file) => file.key)).toEqual(["pre-upgrade/a.sql.gz"]);
  });

  it("lists what it may read around a directory that it may not, and names that one", async () => {
    await put("pre-upgrade/a.sql.gz", "x");
    (await createFile(store, "pre-upgrade/b.sql.gz", "r1")).stream.end();
    mkdirSync(path.join(store.path, "lost+found"));
    const [listing, partials] = await asNobody([store.path, path.join(store.path, "pre-upgrade")], async () => {
      chmodSync(path.join(store.path, "lost+found"), 0);
      return Promise.all([listStored(store), listPartials(store)]);
    });
    expect([listing.files.map((file) => file.key), listing.unread, partials]).toEqual([["pre-upgrade/a.sql.gz"], ["lost+found"], ["pre-upgrade/.holdfast-partial-r1-b.sql.gz"]]);
  });

  it("lists what is left when files and directories are removed meanwhile", async () => {
    const many = 3_000;
    for (let n = 0; n < many; n += 1) writeFileSync(path.join(store.path, `${n}.dump`), "x");
    for (let n = 0; n < 50; n += 1) mkdirSync(path.join(store.path, `of-${n}`));
    const listing = listStored(store);
    await pause(5);
    for (const name of readdirSync(store.path)) if (name !== "7.dump") rmSync(path.join(store.path, name), { recursive: true });
    const { files, unread } = await listing;
    expect(files.map((file) => file.key)).toContain("7.dump");
    expect([files.length < many, unread]).toEqual([true, []]);
  });

  it("does not take a store that cannot be read for one without leftovers", async () => {
    const gone = { name: "nas", path: path.join(store.path, "nas") };
    await expect(listPartials(gone)).rejects.toMatchObject({ code: "store.unreadable" });
    await expect(listStored(gone)).rejects.toMatchObject({ code: "store.unreadable" });
    const shut = asNobody([store.path], async () => {
      chmodSync(store.path, 0);
      return listPartials(store);
    });
    await expect(shut).rejects.toMatchObject({ code: "store.unreadable" });
  });

  it("removes only the leftovers of the run that is asked for", async () => {
    for (const [key, owner] of [["a.dump", "id-r1"], ["b.dump", "id-r12"]] as const) (await createFile(store, key, owner)).stream.end();
    expect(await removePartials(store, "id-r1")).toBe(1);
    expect(readdirSync(store.path)).toHaveLength(1);
  });

  it("finds and removes what an interrupted export of a table left, and lists no export as a backup", async () => {
    (await createFile(store, exportKey("t1", 7, "csv"), "id-r7")).stream.end("half");
    await put(exportKey("t1", 6, "csv"), "whole");
    (await createFile(store, ".snapshots/a.dump", "id-r7")).stream.end("another program's");
    expect((await listPartials(store)).map((name) => path.dirname(name))).toEqual([exportDirectory("t1")]);
    expect(await removePartials(store, "id-r7")).toBe(1);
    expect(readdirSync(path.join(store.path, exportDirectory("t1")))).toEqual(["6.csv"]);
    expect(await listStored(store)).toEqual({ files: [], unread: [] });
  });
});
