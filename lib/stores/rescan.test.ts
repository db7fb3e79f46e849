import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testHoldfast, type FinishedRun, type TestHoldfast } from "@/lib/testing/holdfast";
import { asNobody } from "@/lib/testing/nobody";
import { startRescanStore } from "./manage";

const key = "orders_postgres_backup_20260922_020000.dump.zst";
let holdfast: TestHoldfast;
let databaseId: string;

beforeEach(async () => {
  holdfast = await testHoldfast();
  ({ databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: "orders", role: "x", storeId: holdfast.storeId })));
});
afterEach(() => holdfast.close());

async function rescan(): Promise<FinishedRun> {
  const { runId } = await startRescanStore(holdfast.ctx, { storeId: holdfast.storeId });
  return holdfast.work(runId);
}
const backup = () => holdfast.db.backup.findUniqueOrThrow({ where: { id: "b1" }, include: { copies: { include: { store: true }, orderBy: { storedAt: "asc" } } } });
const warnings = (run: FinishedRun) => run.events.filter(({ type }) => type === "warning").map(({ message }) => message);

/** A described backup of eight bytes that was proven, in the store and on record. */
async function proven(name = key): Promise<string> {
  const file = path.join(holdfast.storePath, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "a backup");
  const at = holdfast.clock.now();
  await holdfast.db.backup.create({ data: { id: "b1", databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 8n, initiatorKind: "user", initiatorName: "x", rung: 4, intactAt: at, readableAt: at, provenAt: at, copies: { create: { storeId: holdfast.storeId, key: name, sizeBytes: 8n, sha256: "a".repeat(64), storedAt: at } } } });
  return file;
}

describe("a rescan", () => {
  it("leaves out a directory that it may not read, says so, and keeps what is listed there as it is", async () => {
    await proven(path.join("offsite", key));
    writeFileSync(path.join(holdfast.storePath, "orders_postgres_backup_20260101_020000.sql.gz"), "x");
    const run = await asNobody([holdfast.storePath, holdfast.directory], async () => {
      chmodSync(path.join(holdfast.storePath, "offsite"), 0);
      return rescan();
    });
    chmodSync(path.join(holdfast.storePath, "offsite"), 0o755);
    expect(run.problem).toBeNull();
    expect(JSON.parse(run.result ?? "")).toMatchObject({ files: 1, added: 1, known: 0, missing: 0 });
    expect(warnings(run)).toEqual([expect.stringContaining("offsite in local-disk may not be read")]);
    expect(await backup()).toMatchObject({ rung: 4, problem: null, copies: [{ missingAt: null }] });
  });
});
