import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRun } from "@/lib/runs/read";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import type { RestoreDecision } from "./schemas";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
  const store = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/backups" } });
  await test.db.database.create({ data: { id: "bimcalc", name: "bimcalc", fileName: "bimcalc", container: "bimcalc-db", databaseName: "bimcalc", role: "postgres", storeId: store.id, options: "{}" } });
  await test.db.backup.create({ data: { id: "b", databaseId: "bimcalc", databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: test.clock.now(), sizeBytes: 7n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 4 } });
});
afterEach(() => test.close());

const decision: RestoreDecision = {
  backupId: "b", sha256: null, databaseId: "bimcalc", container: "bimcalc-db", systemIdentifier: "7", databaseName: "bimcalc", replacesOid: "16384", method: "swap",
  targetName: "bimcalc", roles: {}, keepHours: 24, undoIfUnhealthy: false, safetyBackup: false, stops: ["bimcalc-app"], healthUrl: null, steps: [],
};

/** The steps that the page of a run draws before any of them happened. */
async function steps(kind: string, change: Partial<RestoreDecision> = {}, input: object = {}) {
  const run = (of: string, more: object) =>
    test.db.run.create({ data: { kind: of, status: "running", databaseId: "bimcalc", backupId: "b", input: JSON.stringify({ restoreId: "r", ...more }), initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: test.clock.now(), isFinal: true } });
  const own = await run("restore", {});
  const plan = JSON.stringify({ decision: { ...decision, ...change } });
  await test.db.restore.create({ data: { id: "r", runId: own.id, databaseId: "bimcalc", backupId: "b", method: "swap", state: "staging", reason: "x", plan, targetName: "bimcalc", startedAt: test.clock.now() } });
  const view = await readRun(test, { id: kind === "restore" ? own.id : (await run(kind, input)).id });
  return view.steps.map(({ name }) => name);
}

describe("the steps that are drawn of a restore", () => {
  it("are those of the way that was chosen", async () => {
    expect(await steps("restore")).toEqual(["prepare", "stage", "compare", "stop_application", "swap", "start_application"]);
  });
  it("have a backup first only where one was asked for, and nothing to stop where nothing is named", async () => {
    expect(await steps("restore", { safetyBackup: true, stops: [] })).toEqual(["prepare", "safety", "stage", "compare", "swap", "start_application"]);
  });
  it("leave the application alone where nothing is replaced", async () => {
    expect(await steps("restore", { method: "beside", replacesOid: null, stops: [] })).toEqual(["prepare", "stage", "compare", "swap"]);
  });
  it("of an undo, a decision and a removal are theirs", async () => {
    expect(await steps("undo_restore")).toEqual(["prepare", "stop_application", "swap", "start_application"]);
  });
  it("of a decision to put it in place do not remove, and the other way round", async () => {
    expect(await steps("resolve_staged", {}, { decide: "swap" })).toEqual(["prepare", "stop_application", "swap", "start_application"]);
    await test.db.restore.deleteMany();
    expect(await steps("resolve_staged", {}, { decide: "drop" })).toEqual(["prepare", "drop"]);
    await test.db.restore.deleteMany();
    expect(await steps("drop_kept")).toEqual(["drop"]);
  });
});
