import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { requireMounted, requireMountedNow } from "./mounted";

const store = { name: "local-disk", path: "/backups" };
const listed = [{ key: "a.dump.zst" }, { key: "b.dump.zst" }];

it("believes no directory in which none of several listed files lies", () => {
  expect(() => requireMounted(store, listed, new Set())).toThrowError(expect.objectContaining({ code: "store.unmounted" }));
  expect(() => requireMounted(store, listed, new Set(["another.sql.gz"]))).toThrowError(/None of the newest 2 files/);
});

it("goes on where one is there, where only one was listed, and where none was", () => {
  expect(() => requireMounted(store, listed, new Set(["b.dump.zst"]))).not.toThrow();
  expect(() => requireMounted(store, listed.slice(0, 1), new Set())).not.toThrow();
  expect(() => requireMounted(store, [], new Set())).not.toThrow();
});

describe("before something is written", () => {
  let holdfast: TestHoldfast;
  const ask = async () => requireMountedNow(holdfast.db, await holdfast.db.store.findUniqueOrThrow({ where: { id: holdfast.storeId } }));
  const backup = async (key: string, daysAgo: number) => {
    const at = new Date(holdfast.clock.now().getTime() - daysAgo * 86_400_000);
    await holdfast.db.backup.create({ data: { databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 8n, initiatorKind: "user", initiatorName: "x", rung: 3, copies: { create: { storeId: holdfast.storeId, key, sizeBytes: 8n, storedAt: at } } } });
  };
  beforeEach(async () => {
    holdfast = await testHoldfast();
  });
  afterEach(() => holdfast.close());

  it("refuses a directory in which none of several listed files lies", async () => {
    await backup("a.dump.zst", 1);
    await ask();
    await backup("b.dump.zst", 2);
    await expect(ask()).rejects.toMatchObject({ code: "store.unmounted" });
    writeFileSync(path.join(holdfast.storePath, "b.dump.zst"), "a backup");
    await ask();
  });

  it("counts no file that is known to be missing", async () => {
    await backup("a.dump.zst", 1);
    await backup("b.dump.zst", 2);
    await holdfast.db.copy.updateMany({ data: { missingAt: new Date() } });
    await ask();
  });
});
