import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { startDropKept } from "./drop-kept";
import { DropKeptInput } from "./schemas";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

it("puts on record why a kept database is removed before its time, and does not start without a reason", async () => {
  const at = test.clock.now();
  const ctx = await test.as("admin");
  const store = await test.db.store.create({ data: { name: "local-disk", kind: "local", path: "/backups" } });
  const { id: databaseId } = await test.db.database.create({ data: { name: "bimcalc", fileName: "bimcalc", container: "bimcalc-db", databaseName: "bimcalc", role: "postgres", storeId: store.id, options: "{}" } });
  const { id: backupId } = await test.db.backup.create({ data: { databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 7n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 4 } });
  const { id: runId } = await test.db.run.create({ data: { kind: "restore", status: "succeeded", databaseId, backupId, input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "192.0.2.1", queuedAt: at } });
  const { id: restoreId } = await test.db.restore.create({ data: { runId, databaseId, backupId, method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "bimcalc", keptName: "bimcalc__before", startedAt: at, swappedAt: at } });
  const input = { restoreId, phrase: "bimcalc__before" };

  expect(DropKeptInput.safeParse({ ...input, reason: " " }).success).toBe(false);
  await startDropKept(ctx, DropKeptInput.parse({ ...input, reason: "Its room is needed." }));
  expect(await test.db.auditEntry.findFirst({ where: { action: "restore.kept_removed" } })).toMatchObject({ outcome: "started", reason: "Its room is needed." });
});
