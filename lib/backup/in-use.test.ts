import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { transaction } from "@/lib/db/transaction";
import { enqueueRun } from "@/lib/runs/enqueue";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { startDeleteBackup, startVerifyBackup } from "./change";

let holdfast: TestHoldfast;
let databaseId: string;
let file: string;

beforeEach(async () => {
  holdfast = await testHoldfast();
  ({ databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: "bimcalc", role: "bimcalc", storeId: holdfast.storeId })));
  const at = holdfast.clock.now();
  file = path.join(holdfast.storePath, "b.dump.zst");
  writeFileSync(file, "a backup");
  await holdfast.db.backup.create({
    data: {
      id: "b", databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 8n, initiatorKind: "user", initiatorName: "Maeve Byrne", rung: 3,
      copies: { create: { storeId: holdfast.storeId, key: "b.dump.zst", sizeBytes: 8n, storedAt: at } },
    },
  });
});
afterEach(() => holdfast.close());

const remove = () => startDeleteBackup(holdfast.ctx, { backupId: "b", phrase: "bimcalc", reason: "superseded" });
const enqueue = (kind: "restore" | "undo_restore" | "drill" | "stage_tables") => transaction(holdfast.ctx, (tx) => enqueueRun(tx, holdfast.ctx, { kind, databaseId, backupId: "b" }));
const end = (runId: number, status: string) => holdfast.db.run.update({ where: { id: runId }, data: { status } });

describe("a backup that something works with", () => {
  it.each(["restore", "drill", "stage_tables"] as const)("is not deleted while a %s of it is under way", async (kind) => {
    const { runId } = await enqueue(kind);
    await expect(remove()).rejects.toMatchObject({ code: "backup.in_use", details: { runId } });
    await end(runId, "failed");
    expect((await holdfast.work((await remove()).runId)).problem).toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  it("is not deleted either by a deletion that was asked for just before", async () => {
    const { runId } = await remove();
    // Put on record past the queue, as by an older version.
    await holdfast.db.run.create({ data: { kind: "restore", status: "running", databaseId, backupId: "b", input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "x", queuedAt: holdfast.clock.now() } });
    expect((await holdfast.work(runId)).problem?.code).toBe("backup.in_use");
    expect(existsSync(file)).toBe(true);
  });

  it("is not deleted while what was begun with it is open, though its run is over", async () => {
    const at = holdfast.clock.now();
    const over = async (kind: "restore" | "stage_tables") => {
      const { runId } = await enqueue(kind);
      await end(runId, "lost");
      return runId;
    };
    const restore = await holdfast.db.restore.create({ data: { runId: await over("restore"), databaseId, backupId: "b", method: "swap", state: "staged_incomplete", reason: "x", plan: "{}", targetName: "bimcalc", startedAt: at } });
    await expect(remove()).rejects.toMatchObject({ code: "backup.in_use" });
    await holdfast.db.restore.update({ where: { id: restore.id }, data: { state: "swapped" } });
    const tables = await holdfast.db.tableRestore.create({ data: { runId: await over("stage_tables"), databaseId, backupId: "b", state: "staged", stagingName: "x", tables: "[]", startedAt: at } });
    await expect(remove()).rejects.toMatchObject({ code: "backup.in_use" });
    await holdfast.db.tableRestore.update({ where: { id: tables.id }, data: { state: "dropped" } });
    const look = await holdfast.db.look.create({ data: { runId: await over("restore"), backupId: "b", state: "open", openedBy: "Maeve Byrne", openedAt: at, lastUsedAt: at, closesAt: at } });
    await expect(remove()).rejects.toMatchObject({ code: "backup.in_use" });
    await holdfast.db.look.update({ where: { id: look.id }, data: { state: "closed" } });
    await remove();
  });

  it("cannot be begun with once its deletion is asked for; an undo, which needs no file, goes ahead", async () => {
    await remove();
    await expect(enqueue("restore")).rejects.toMatchObject({ code: "run.already_active" });
    await expect(startVerifyBackup(holdfast.ctx, { backupId: "b" })).rejects.toMatchObject({ code: "run.already_active" });
    await enqueue("undo_restore");
  });
});
