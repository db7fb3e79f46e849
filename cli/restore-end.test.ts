import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeJson } from "@/lib/db/codecs";
import { planRestore } from "@/lib/restore/plan";
import { readRun } from "@/lib/runs/read";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { restoreEnd } from "./restore-end";
import { Screen } from "./screen";
import { contextOf, type Session } from "./session";
import { testHome } from "./testing/command-line";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

it("gives the figures of a restore where it ends, and none of them where it is done again after an undo", async () => {
  const at = test.clock.now();
  const store = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/backups" } });
  const { id: databaseId } = await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-db", databaseName: "bimcalc", role: "postgres", storeId: store.id, options: "{}" } });
  const { id: backupId } = await test.db.backup.create({ data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 7n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 4 } });
  const run = (kind: string, input: object) => test.db.run.create({ data: { kind, status: "succeeded", databaseId, backupId, input: writeJson(input), initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: at } });
  const restored = await run("restore", {});
  const plan = planRestore(harmlessEvidence({ at, backupId, databaseId, name: "bimcalc" }), at);
  const { id: restoreId } = await test.db.restore.create({
    data: {
      runId: restored.id, databaseId, backupId, method: "swap", state: "swapped", reason: "x", plan: writeJson(plan), targetName: "bimcalc", previousOid: "16384", restoredOid: "16999",
      keptName: "bimcalc__before", keptUntil: new Date(at.getTime() + 3_600_000), startedAt: at, swappedAt: at, totalMs: 194_000, downtimeMs: 16_000,
    },
  });
  const redone = await run("undo_restore", { restoreId, way: "redo" });
  const home = testHome();
  const screen = new Screen({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }, "undo");
  const session: Session = { ctx: { ...contextOf(home, test.db), clock: test.clock }, home, screen };
  const said = async (id: number) => (await restoreEnd(session, await readRun(session.ctx, { id }))).text.join("\n");

  expect(await said(restored.id)).toMatch(/^bimcalc is back at .*\nTook 3 m 14 s, 16 s of it down\. Compared: .*\nUndo it: holdfast undo 1 /);
  expect(await said(redone.id)).toMatch(/^bimcalc is back at .*\nUndo it: holdfast undo 1 /);
});
