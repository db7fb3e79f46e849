import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { protectedScene, type ProtectedScene } from "@/lib/testing/protected";
import { watchStores } from "@/lib/worker/watch-stores";
import { readForecasts, readStorage } from "./read-storage";

const dayMs = 86_400_000;
const gib = 2 ** 30;
let test: TestDatabase;
let scene: ProtectedScene;
let databaseId: string;
beforeEach(async () => {
  test = await testDatabase();
  scene = await protectedScene(test);
  databaseId = await scene.protect("orders", null);
});
afterEach(() => test.close());

/** A backup stored so many days ago, and deleted so many days ago where it is gone. */
async function backup(storedDays: number, sizeBytes: number, deletedDays: number | null = null) {
  const ago = (days: number) => new Date(test.clock.now().getTime() - days * dayMs);
  const at = ago(storedDays);
  const { id } = await test.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, storedAt: at, sizeBytes: BigInt(sizeBytes), initiatorKind: "schedule", initiatorName: "Schedule", rung: 3, deletedAt: deletedDays === null ? null : ago(deletedDays) } });
  if (deletedDays === null) await test.db.copy.create({ data: { backupId: id, storeId: scene.storeId, key: `b${storedDays}-${id}`, sizeBytes: BigInt(sizeBytes), databaseKey: databaseId, storedAt: at } });
}
const forecast = async () => (await readForecasts(test)).get(scene.storeId)?.forecast;

it("tells from what came and went how fast a store grows, and when it fills", async () => {
  await backup(130, 10 * gib);
  for (let days = 1; days <= 125; days += 1) await backup(days, gib, days > 30 ? days - 30 : null);
  await test.db.store.update({ where: { id: scene.storeId }, data: { freeBytes: BigInt(50 * gib), checkedAt: test.clock.now() } });
  // Thirty are kept and one goes as one comes: it grew until the thirtieth was there, long ago.
  expect((await forecast())?.kind).toBe("steady");
  const { bytes, backups, held, databases } = await readStorage(test);
  expect([bytes, backups, held.length]).toEqual([40 * gib, 31, 91]);
  expect(databases).toMatchObject([{ name: "orders", bytes: 40 * gib, backups: 31 }]);
  expect(Math.abs(databases[0]?.pace[0] ?? NaN)).toBeLessThanOrEqual(gib / 15);

  await test.db.backup.updateMany({ where: { deletedAt: { not: null } }, data: { deletedAt: null } });
  for (let days = 31; days <= 95; days += 1) await backup(days, gib);
  const found = await forecast();
  expect(found).toMatchObject({ kind: "fills" });
  expect(found?.kind === "fills" && Math.round((found.earliest - test.clock.now().getTime()) / dayMs)).toBe(50);
});

it("claims no pace for what is younger than a window, and no forecast for what is younger than two weeks", async () => {
  for (let days = 1; days <= 10; days += 1) await backup(days, gib);
  await test.db.store.update({ where: { id: scene.storeId }, data: { freeBytes: BigInt(50 * gib), checkedAt: test.clock.now() } });
  expect(await forecast()).toEqual({ kind: "unknown", why: "too_young" });
  expect((await readStorage(test)).databases).toMatchObject([{ pace: [null, null] }]);
  await test.db.store.update({ where: { id: scene.storeId }, data: { problem: "It does not exist" } });
  expect(await forecast()).toEqual({ kind: "unknown", why: "no_space" });
});

it("lists the largest first, without those that are gone", async () => {
  await backup(1, 5 * gib);
  await backup(2, 9 * gib);
  await backup(3, 20 * gib, 1);
  expect((await readStorage(test)).largest.map(({ sizeBytes }) => sizeBytes / gib)).toEqual([9, 5]);
});

it("keeps the first look of each day", async () => {
  await watchStores(test.db);
  await watchStores(test.db);
  expect(await test.db.storeSample.findMany()).toMatchObject([{ storeId: scene.storeId, freeBytes: expect.any(BigInt) as bigint }]);
});
