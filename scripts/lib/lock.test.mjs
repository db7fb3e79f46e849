import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withLock } from "./lock.mjs";

const directory = () => mkdtempSync(path.join(os.tmpdir(), "holdfast-lock-"));

it("lets one in at a time and leaves no file", async () => {
  const where = directory();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    await sleep(20);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock("a", work, { directory: where })));
  expect(most).toBe(1);
  expect(readdirSync(where)).toEqual([]);
});

it("is not held by a process that died", async () => {
  const where = directory();
  writeFileSync(path.join(where, "a.lock"), "999999999");
  expect(await withLock("a", () => "in", { directory: where })).toBe("in");
});

it("is not held for ever by one that died before it wrote its name", async () => {
  const where = directory();
  const file = path.join(where, "a.lock");
  writeFileSync(file, "");
  utimesSync(file, new Date(0), new Date(0));
  expect(await withLock("a", () => "in", { directory: where })).toBe("in");
});

it("is given back when the work fails", async () => {
  const where = directory();
  await expect(withLock("a", () => Promise.reject(new Error("no")), { directory: where })).rejects.toThrow("no");
  expect(await withLock("a", () => "in", { directory: where })).toBe("in");
});
