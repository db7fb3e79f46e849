import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { listTableRestores, readTableRestore } from "./read";
import type { Comparison } from "./schemas";
import { stateWords } from "./words";

let test: TestDatabase;
let databaseId: string;
let backupId: string;
let id: string;
beforeEach(async () => {
  test = await testDatabase();
  const at = test.clock.now();
  const { id: storeId } = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/disk" } });
  ({ id: databaseId } = await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-postgres", databaseName: "bimcalc", role: "postgres", storeId, options: "{}", databaseOid: "100" } }));
  ({ id: backupId } = await test.db.backup.create({ data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 10n, rung: 3, initiatorKind: "user", initiatorName: "Maeve" } }));
  const comparison: Comparison = { at: at.toISOString(), tables: [], foreignKeys: [], isSuperuser: true, stagedBytes: 0, copiesTaken: [], databaseOid: "100" };
  const tables = JSON.stringify([{ schema: "public", name: "orders" }]);
  ({ id } = await test.db.tableRestore.create({ data: { runId: await newRun("stage_tables"), databaseId, backupId, state: "applied", stagingName: "x", tables, comparison: JSON.stringify(comparison), startedAt: at } }));
});
afterEach(() => test.close());

const newRun = async (kind: string) => (await test.db.run.create({ data: { kind, status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: test.clock.now() } })).id;
const live = (databaseOid: string) => test.db.database.update({ where: { id: databaseId }, data: { databaseOid } });

/** A restore of the whole database that took the place of the one with these OIDs. */
async function replace(facts: { method: string; previousOid: string; restoredOid: string; keptName: string | null; state?: string; keptRemovedAt?: Date }) {
  const at = test.clock.now();
  await live(facts.restoredOid);
  return test.db.restore.create({ data: { runId: await newRun("restore"), databaseId, backupId, state: "swapped", reason: "x", plan: "{}", targetName: "bimcalc", startedAt: at, swappedAt: at, ...facts } });
}

/** As the page has it, and the list. */
async function place() {
  const [listed] = await listTableRestores(test, databaseId);
  const { removedAt, isElsewhere } = (await readTableRestore(test, id)) ?? {};
  expect(listed).toMatchObject({ removedAt, isElsewhere });
  return { removedAt, isElsewhere, words: listed && stateWords(listed) };
}

const here = { removedAt: null, isElsewhere: false, words: "Restored, can be undone" };
const aside = { removedAt: null, isElsewhere: true, words: "Restored, cannot be undone now" };
const gone = (since = test.clock.now()) => ({ removedAt: since.toISOString(), isElsewhere: false, words: "Restored" });

it("knows that kept rows are in a live database no more once a restore has put theirs aside, and only then", async () => {
  expect(await place()).toEqual(here);
  await live("200");
  // Nobody swapped anything: what is on record may just be old.
  expect(await place()).toEqual(here);
  await replace({ method: "swap", previousOid: "100", restoredOid: "200", keptName: "bimcalc__before_r2" });
  expect(await place()).toEqual(aside);
  await live("100");
  expect(await place()).toEqual(here);
});

it("says that kept rows are gone where a restore in place dropped their database", async () => {
  await replace({ method: "in_place", previousOid: "100", restoredOid: "200", keptName: null });
  expect(await place()).toEqual(gone());
});

it("says that kept rows are gone since the database that was put aside with them was removed", async () => {
  const removed = new Date(test.clock.now().getTime() + 60_000);
  await replace({ method: "swap", previousOid: "100", restoredOid: "200", keptName: "bimcalc__before_r2", keptRemovedAt: removed });
  expect(await place()).toEqual(gone(removed));
});

it("does not take what an undone restore keeps for the database with the rows, which a later one dropped", async () => {
  await replace({ method: "swap", previousOid: "100", restoredOid: "150", keptName: "bimcalc__restored_r2", state: "undone" });
  await replace({ method: "in_place", previousOid: "100", restoredOid: "200", keptName: null });
  expect(await place()).toEqual(gone());
});
