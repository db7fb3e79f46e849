import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeJson } from "@/lib/db/codecs";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { listKept } from "./read-kept";
import { readRestoreOfRun } from "./read-result";
import { planRestore } from "./plan";

let test: TestDatabase;
let databaseId: string;
let backupId: string;
beforeEach(async () => {
  test = await testDatabase();
  const store = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/backups" } });
  databaseId = (await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-db", databaseName: "bimcalc", role: "postgres", storeId: store.id, options: "{}" } })).id;
  backupId = (
    await test.db.backup.create({
      data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: new Date("2026-09-22T02:00:04Z"), sizeBytes: 7n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 4 },
    })
  ).id;
});
afterEach(() => test.close());

const run = (kind: string, status: string, input: unknown = {}) =>
  test.db.run.create({ data: { kind, status, databaseId, backupId, input: writeJson(input), initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: test.clock.now() } });

const plan = () => planRestore(harmlessEvidence({ at: test.clock.now(), backupId, databaseId, name: "bimcalc" }), test.clock.now());

async function restored(change: Partial<Parameters<TestDatabase["db"]["restore"]["create"]>[0]["data"]> = {}) {
  const { id: runId } = await run("restore", "succeeded");
  return test.db.restore.create({
    data: {
      runId, databaseId, backupId, method: "swap", state: "swapped", reason: "Import removed price items", plan: writeJson(plan()), targetName: "bimcalc", previousOid: "16384", restoredOid: "16999",
      keptName: `bimcalc__before_r${runId}`, keptBytes: 5_046_586_573n, keptUntil: new Date("2026-09-24T09:41:34Z"), startedAt: test.clock.now(), swappedAt: test.clock.now(), totalMs: 194_000, downtimeMs: 16_000, ...change,
    } as Parameters<TestDatabase["db"]["restore"]["create"]>[0]["data"],
  });
}

describe("reading a restore", () => {
  it("finds it by the run that made it and by a run that undid it, and by no other run", async () => {
    const { id, runId } = await restored();
    const undo = await run("undo_restore", "running", { restoreId: id });
    const other = await run("backup", "succeeded", { restoreId: id });
    const view = await readRestoreOfRun(test, runId);
    expect(view).toMatchObject({ id, runId, state: "swapped", by: "by Maeve Byrne", objectiveMs: 300_000, hadPrevious: true, kept: { sizeBytes: 5_046_586_573, isThere: true }, decision: { stops: ["bimcalc-app"] } });
    expect(view?.followUps).toMatchObject([{ runId: undo.id, kind: "undo_restore", status: "running" }]);
    expect((await readRestoreOfRun(test, undo.id))?.id).toBe(id);
    expect(await readRestoreOfRun(test, other.id)).toBeNull();
  });

  it("tells a redo from an undo", async () => {
    const { id, runId } = await restored();
    for (const way of ["undo", "redo"]) await run("undo_restore", "succeeded", { restoreId: id, way });
    expect((await readRestoreOfRun(test, runId))?.followUps.map(({ isRedo }) => isRedo)).toEqual([false, true]);
  });

  it("does not take another restore's undo for its own", async () => {
    const first = await restored();
    const second = await restored();
    await run("undo_restore", "succeeded", { restoreId: second.id });
    expect((await readRestoreOfRun(test, first.runId))?.followUps).toEqual([]);
  });

  it("compares with the last drill that passed before it, not with a later or a failed one", async () => {
    const drill = async (outcome: string, startedAt: string, totalMs: number) =>
      test.db.drill.create({ data: { runId: (await run("drill", "succeeded")).id, databaseId, backupId, kind: "drill", outcome, startedAt: new Date(startedAt), totalMs } });
    await drill("passed", "2026-09-20T02:00:00Z", 188_000);
    await drill("failed", "2026-09-21T02:00:00Z", 1_000);
    await drill("passed", "2026-09-23T02:00:00Z", 2_000);
    expect((await readRestoreOfRun(test, (await restored()).runId))?.drill).toMatchObject({ totalMs: 188_000 });
  });
});

describe("databases that are kept", () => {
  it("are listed until they are removed, with what they are and who works on them", async () => {
    const before = await restored();
    const undone = await restored({ state: "undone", keptUntil: new Date("2026-09-23T00:00:00Z") });
    await restored({ keptRemovedAt: test.clock.now() });
    await restored({ method: "beside", state: "created", keptName: null, keptBytes: null, keptUntil: null });
    const drop = await run("drop_kept", "queued", { restoreId: before.id });
    expect(await listKept(test)).toMatchObject([
      { restoreId: undone.id, what: "restored", activeRunId: null },
      { restoreId: before.id, what: "before", container: "bimcalc-db", sizeBytes: 5_046_586_573, activeRunId: drop.id },
    ]);
    expect(await listKept(test, { databaseId: "another" })).toEqual([]);
  });
  it("lists what waits for a decision with its size and since when, before what goes by itself", async () => {
    const kept = await restored();
    const waiting = await restored({ state: "staged_incomplete", stagingName: "bimcalc__staging_r9", keptName: null, keptUntil: null, keptBytes: 77n });
    await restored({ state: "failed", stagingName: null, keptName: null });
    expect(await listKept(test, { databaseId })).toMatchObject([
      { restoreId: waiting.id, what: "staged", name: "bimcalc__staging_r9", sizeBytes: 77, until: null, since: waiting.startedAt.toISOString() },
      { restoreId: kept.id, what: "before" },
    ]);
  });
});
