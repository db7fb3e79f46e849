import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { startRescanStore } from "./manage";
import { readStoreUse } from "./read";

let test: TestHoldfast;
beforeEach(async () => void (test = await testHoldfast()));
afterEach(() => test.close());

let made = 0;
async function backup(databaseName: string, copy: { sizeBytes?: bigint; missing?: boolean; databaseKey?: string } = {}, deleted = false) {
  const at = test.clock.now();
  const { id } = await test.db.backup.create({ data: { databaseName, origin: "foreign", format: "custom", takenAt: at, sizeBytes: 10n, initiatorKind: "user", initiatorName: "x", rung: 1, deletedAt: deleted ? at : null } });
  made += 1;
  await test.db.copy.create({ data: { backupId: id, storeId: test.storeId, key: `file-${made}`, sizeBytes: copy.sizeBytes ?? 10n, databaseKey: copy.databaseKey ?? null, storedAt: at, missingAt: copy.missing ? at : null } });
}
const register = (databaseName: string) => addDatabase(test.ctx, AddDatabaseInput.parse({ container: `${databaseName}-postgres`, databaseName, role: "holdfast", storeId: test.storeId }));
const keys = async () => (await test.db.copy.findMany()).map(({ databaseKey }) => databaseKey);
const use = async () => (await readStoreUse(test)).get(test.storeId);

describe("readStoreUse", () => {
  it("adds up copies that say whose they are and those whose backup says it, the largest first", async () => {
    await backup("small", { databaseKey: "small" });
    await backup("orders", { databaseKey: "orders", sizeBytes: 700n });
    await backup("orders", { sizeBytes: 42n });
    expect(await use()).toEqual([{ name: "orders", bytes: 742, backups: 2 }, { name: "small", bytes: 10, backups: 1 }]);
  });

  it("counts neither files that are missing nor backups that were deleted", async () => {
    await backup("orders", { databaseKey: "orders", missing: true });
    await backup("orders", { missing: true });
    await backup("orders", {}, true);
    expect(await use()).toBeUndefined();
  });

  it("takes no file made elsewhere for a database once it is known to be broken", async () => {
    await backup("junk", { databaseKey: "junk" });
    await backup("mixed", { databaseKey: "mixed" });
    await test.db.backup.updateMany({ data: { problem: "{}" } });
    await backup("mixed", { databaseKey: "mixed", sizeBytes: 7n });
    await backup("old", {});
    expect((await use())?.toSorted((a, b) => a.bytes - b.bytes)).toEqual([{ name: "mixed", bytes: 7, backups: 1 }, { name: "old", bytes: 10, backups: 1 }]);
  });

  it("counts files found by a rescan for their database, also when it is registered later", async () => {
    for (const name of ["orders_postgres_backup_20260901_020000.sql.gz", "orders_postgres_backup_20260902_020000.sql.gz"]) writeFileSync(path.join(test.storePath, name), "12345");
    const { runId } = await startRescanStore(test.ctx, { storeId: test.storeId });
    expect((await test.work(runId)).status).toBe("succeeded");
    expect(await keys()).toEqual(["orders", "orders"]);
    expect(await use()).toEqual([{ name: "orders", bytes: 10, backups: 2 }]);
    const { databaseId } = await register("orders");
    await test.db.database.update({ where: { id: databaseId }, data: { name: "orders of the shop" } });
    expect(await use()).toEqual([{ name: "orders of the shop", bytes: 10, backups: 2 }]);
    expect(await keys()).toEqual([databaseId, databaseId]);
  });

  it("leaves files without a description to nobody while two databases bear their name", async () => {
    await register("orders");
    await addDatabase(test.ctx, AddDatabaseInput.parse({ container: "another-postgres", databaseName: "orders", role: "holdfast", storeId: test.storeId }));
    writeFileSync(path.join(test.storePath, "orders_postgres_backup_20260901_020000.sql.gz"), "12345");
    await test.work((await startRescanStore(test.ctx, { storeId: test.storeId })).runId);
    expect(await keys()).toEqual(["orders"]);
    await addDatabase(test.ctx, AddDatabaseInput.parse({ container: "third-postgres", databaseName: "orders", role: "holdfast", storeId: test.storeId }));
    expect(await keys()).toEqual(["orders"]);
  });
});
