import { afterEach, beforeEach, expect, it } from "vitest";
import type { Comparison } from "@/lib/tables/schemas";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { tendTables } from "./tend-tables";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

/** Restored tables whose time is up, in a database whose place another one has: by a swap that keeps it, or in place. */
async function replaced({ method, keptName }: { method: string; keptName: string | null }): Promise<string> {
  const at = new Date(Date.now() - 3_600_000);
  const { id: storeId } = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: test.directory } });
  const { id: databaseId } = await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "nobody-has-this", databaseName: "bimcalc", role: "postgres", storeId, options: "{}", databaseOid: "200" } });
  const { id: backupId } = await test.db.backup.create({ data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 10n, rung: 3, initiatorKind: "user", initiatorName: "Maeve" } });
  const newRun = async (kind: string) => (await test.db.run.create({ data: { kind, status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: at } })).id;
  await test.db.restore.create({ data: { runId: await newRun("restore"), databaseId, backupId, method, state: "swapped", reason: "x", plan: "{}", targetName: "bimcalc", previousOid: "100", restoredOid: "200", keptName, startedAt: at, swappedAt: at } });
  const comparison: Comparison = { at: at.toISOString(), tables: [], foreignKeys: [], isSuperuser: true, stagedBytes: 0, copiesTaken: [], databaseOid: "100" };
  const { id } = await test.db.tableRestore.create({ data: { runId: await newRun("stage_tables"), databaseId, backupId, state: "applied", stagingName: "x", tables: "[]", comparison: JSON.stringify(comparison), startedAt: at, keptUntil: at } });
  return id;
}

const tend = () => tendTables({ id: "here:1:a", db: test.db, installation: "t" });
const removedAt = async (id: string) => (await test.db.tableRestore.findUniqueOrThrow({ where: { id } })).removedAt;

it("writes down that kept rows are gone where a restore in place dropped their database, and looks no further", async () => {
  const id = await replaced({ method: "in_place", keptName: null });
  await tend();
  expect(await removedAt(id)).toBeInstanceOf(Date);
  expect(await test.db.run.count({ where: { kind: "drop_tables" } })).toBe(0);
});

it("leaves kept rows for a restore to put back that keeps their database", async () => {
  const id = await replaced({ method: "swap", keptName: "bimcalc__before_r1" });
  await tend();
  expect(await removedAt(id)).toBeNull();
  expect(await test.db.run.count({ where: { kind: "drop_tables" } })).toBe(0);
});
