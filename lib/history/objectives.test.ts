import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, defaultBackupOptions } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";

let test: TestDatabase;
beforeEach(async () => (test = await testDatabase()));
afterEach(() => test.close());

const rows = async () => (await test.db.objectiveChange.findMany({ orderBy: { id: "asc" } })).map(({ objective, seconds, from, changedBy }) => ({ objective, seconds, from: from.toISOString(), changedBy }));

describe("recordObjectives", () => {
  it("writes every target of a new database, and later only those that changed, from then on", async () => {
    const ctx = await test.as("admin");
    const { storeId } = await addStore(ctx, { name: "local-disk", path: "/backups" });
    const input = AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "holdfast", storeId });
    const { databaseId } = await addDatabase(ctx, input);
    const first = "2026-09-22T09:14:00.000Z";
    expect(await rows()).toEqual([
      { objective: "rpo", seconds: 86_400, from: first, changedBy: "The admin" },
      { objective: "rto", seconds: 300, from: first, changedBy: "The admin" },
      { objective: "table", seconds: 120, from: first, changedBy: "The admin" },
      { objective: "point_in_time", seconds: 600, from: first, changedBy: "The admin" },
    ]);
    test.clock.advance(3_600_000);
    const { databaseName: _, ...same } = input;
    await updateDatabase(ctx, { ...same, databaseId, options: defaultBackupOptions, objectiveTableSeconds: 60 });
    expect((await rows()).slice(4)).toEqual([{ objective: "table", seconds: 60, from: "2026-09-22T10:14:00.000Z", changedBy: "The admin" }]);
  });

  it("lets nobody change or remove what was promised", async () => {
    const ctx = await test.as("admin");
    const { storeId } = await addStore(ctx, { name: "local-disk", path: "/backups" });
    await addDatabase(ctx, AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "holdfast", storeId }));
    const before = await rows();
    await expect(test.db.objectiveChange.updateMany({ data: { seconds: 1 } })).rejects.toThrow();
    await expect(test.db.objectiveChange.deleteMany()).rejects.toThrow();
    expect(await rows()).toEqual(before);
  });
});
