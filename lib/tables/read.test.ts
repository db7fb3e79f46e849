import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { readTableRestore } from "./read";
import type { Comparison } from "./schemas";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

it("knows that kept rows are in a live database no more once a restore has put theirs aside, and only then", async () => {
  const at = test.clock.now();
  const { id: storeId } = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/disk" } });
  const { id: databaseId } = await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-postgres", databaseName: "bimcalc", role: "postgres", storeId, options: "{}", databaseOid: "100" } });
  const { id: backupId } = await test.db.backup.create({ data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 10n, rung: 3, initiatorKind: "user", initiatorName: "Maeve" } });
  const newRun = async (kind: string) => (await test.db.run.create({ data: { kind, status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: at } })).id;
  const comparison: Comparison = { at: at.toISOString(), tables: [], foreignKeys: [], isSuperuser: true, stagedBytes: 0, copiesTaken: [], databaseOid: "100" };
  const tables = JSON.stringify([{ schema: "public", name: "orders" }]);
  const { id } = await test.db.tableRestore.create({ data: { runId: await newRun("stage_tables"), databaseId, backupId, state: "applied", stagingName: "x", tables, comparison: JSON.stringify(comparison), startedAt: at } });
  const isElsewhere = async () => (await readTableRestore(test, id))?.isElsewhere;
  expect(await isElsewhere()).toBe(false);
  const live = (databaseOid: string) => test.db.database.update({ where: { id: databaseId }, data: { databaseOid } });
  await live("200");
  // Nobody swapped anything: what is on record may just be old.
  expect(await isElsewhere()).toBe(false);
  await test.db.restore.create({ data: { runId: await newRun("restore"), databaseId, backupId, method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "bimcalc", previousOid: "100", restoredOid: "200", startedAt: at, swappedAt: at } });
  expect(await isElsewhere()).toBe(true);
  await live("100");
  expect(await isElsewhere()).toBe(false);
});
