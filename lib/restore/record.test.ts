import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeJson } from "@/lib/db/codecs";
import type { Restore } from "@/lib/db/generated/client";
import { stillRuns } from "@/lib/runs/own";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { planRestore } from "./plan";
import { settleAs, updateOwnRestore } from "./record";

let test: TestDatabase;
let databaseId: string;
let restore: Restore;
beforeEach(async () => {
  test = await testDatabase();
  const store = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/backups" } });
  databaseId = (await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-db", databaseName: "bimcalc", role: "postgres", storeId: store.id, options: "{}", systemIdentifier: "7", databaseOid: "16384" } })).id;
  const { id: backupId } = await test.db.backup.create({
    data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: test.clock.now(), sizeBytes: 7n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 4 },
  });
  const run = await test.db.run.create({ data: { kind: "restore", status: "running", databaseId, backupId, input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: test.clock.now() } });
  const plan = planRestore(harmlessEvidence({ at: test.clock.now(), backupId, databaseId, name: "bimcalc" }), test.clock.now());
  restore = await test.db.restore.create({
    data: { runId: run.id, databaseId, backupId, method: "swap", state: "swapping", reason: "a test", plan: writeJson(plan), targetName: "bimcalc", previousOid: "16384", restoredOid: "16999", keptName: `bimcalc__before_r${run.id}`, startedAt: test.clock.now() },
  });
});
afterEach(() => test.close());

const job = () => ({ ctx: test.schedule(), runId: restore.runId });
const identity = (change: { databaseId?: string } = {}) => ({ databaseId, systemIdentifier: "7", databaseOid: "16999", ...change });
const loseRun = () => test.db.run.update({ where: { id: restore.runId }, data: { status: "lost" } });
const left = async () => {
  const [{ state }, { databaseOid }] = await Promise.all([test.db.restore.findUniqueOrThrow({ where: { id: restore.id } }), test.db.database.findUniqueOrThrow({ where: { id: databaseId } })]);
  return [state, databaseOid];
};

describe("what a run writes about its own restore", () => {
  it("is its state and which database is live, or neither", async () => {
    await expect(updateOwnRestore(job(), restore.id, { state: "swapped" }, identity({ databaseId: "gone" }))).rejects.toThrow();
    expect(await left()).toEqual(["swapping", "16384"]);
    await updateOwnRestore(job(), restore.id, { state: "swapped" }, identity());
    expect(await left()).toEqual(["swapped", "16999"]);
  });

  it("is nothing once the run was taken for lost", async () => {
    expect(await stillRuns(test.db, restore.runId)).toBe(true);
    await loseRun();
    await expect(updateOwnRestore(job(), restore.id, { state: "swapped" }, identity())).rejects.toMatchObject({ code: "run.lease_lost" });
    expect(await stillRuns(test.db, restore.runId)).toBe(false);
    expect(await left()).toEqual(["swapping", "16384"]);
  });
});

describe("what is found out about a run that ended", () => {
  it("is written with which database is live", async () => {
    expect(await settleAs(test.schedule(), restore, { state: "swapped" }, identity())).toBe(true);
    expect(await left()).toEqual(["swapped", "16999"]);
  });

  it.each([
    ["another one settled it", { state: "undone" }],
    ["a person went on from there, and that is under way", { keptName: "bimcalc__kept_r1_2" }],
    ["another one settled it and the decision is taken again", { stagingName: "bimcalc__staging_r1_2" }],
  ])("is not written when since the look %s", async (_, change) => {
    await test.db.restore.update({ where: { id: restore.id }, data: change });
    const before = await left();
    expect(await settleAs(test.schedule(), restore, { state: "failed", keptName: null }, identity())).toBe(false);
    expect(await left()).toEqual(before);
  });
});
