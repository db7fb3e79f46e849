import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bestCopy } from "@/lib/backup/best-copy";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testHoldfast, type FinishedRun, type TestHoldfast } from "@/lib/testing/holdfast";
import { asNobody } from "@/lib/testing/nobody";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { addStore, startRescanStore } from "./manage";

const key = "orders_postgres_backup_20260922_020000.dump.zst";
let holdfast: TestHoldfast;
let databaseId: string;

beforeEach(async () => {
  holdfast = await testHoldfast();
  ({ databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: "orders", role: "x", storeId: holdfast.storeId })));
});
afterEach(() => holdfast.close());

async function rescan(storeId = holdfast.storeId): Promise<FinishedRun> {
  const { runId } = await startRescanStore(holdfast.ctx, { storeId });
  return holdfast.work(runId);
}
const backup = () => holdfast.db.backup.findUniqueOrThrow({ where: { id: "b1" }, include: { copies: { include: { store: true }, orderBy: { storedAt: "asc" } } } });
const warnings = (run: FinishedRun) => run.events.filter(({ type }) => type === "warning").map(({ message }) => message);
const entries = async () => (await holdfast.db.auditEntry.findMany({ where: { action: { startsWith: "backup.file_" } }, orderBy: { id: "asc" } })).map(({ action }) => action);

/** A described backup of eight bytes that was proven, in the store and on record. */
async function proven(name = key): Promise<string> {
  const file = path.join(holdfast.storePath, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "a backup");
  const at = holdfast.clock.now();
  await holdfast.db.backup.create({ data: { id: "b1", databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 8n, initiatorKind: "user", initiatorName: "x", rung: 4, intactAt: at, readableAt: at, provenAt: at, copies: { create: { storeId: holdfast.storeId, key: name, sizeBytes: 8n, sha256: "a".repeat(64), storedAt: at, readBackAt: at } } } });
  return file;
}

/** Another store with a copy of that backup, as somebody carries it there by hand. */
async function carried(content: string): Promise<{ storeId: string; file: string }> {
  const directory = path.join(holdfast.directory, "second");
  mkdirSync(directory);
  const file = path.join(directory, key);
  writeFileSync(file, content);
  writeFileSync(`${file}.json`, JSON.stringify(exampleSidecar({ backupId: "b1", runId: 1, databaseId, key })));
  return { storeId: (await addStore(holdfast.ctx, { name: "second", path: directory })).storeId, file };
}

describe("a rescan", () => {
  it.each([["cut short", "a back", "backup.wrong_size"], ["emptied", "", "backup.empty_file"]])("finds that a listed file was %s, and says so in the audit log once", async (_, content, code) => {
    writeFileSync(await proven(), content);
    const run = await rescan();
    await rescan();
    expect(JSON.parse(run.result ?? "")).toMatchObject({ known: 1, missing: 0 });
    expect(warnings(run)).toEqual([expect.stringContaining(key)]);
    expect(await backup()).toMatchObject({ rung: 1, intactAt: null, provenAt: null, problem: expect.stringContaining(code) as string, copies: [{ problem: expect.stringContaining(code) as string }] });
    expect(await entries()).toEqual(["backup.file_changed"]);
  });

  it("welcomes a file back that is as large as it was, and none of another size", async () => {
    const file = await proven();
    rmSync(file);
    await rescan();
    writeFileSync(file, "a back");
    await rescan();
    expect(await backup()).toMatchObject({ rung: 1, problem: expect.stringContaining("backup.wrong_size") as string, copies: [{ missingAt: null, problem: expect.any(String) as string }] });
    rmSync(file);
    await rescan();
    writeFileSync(file, "a backup");
    await rescan();
    expect(await backup()).toMatchObject({ rung: 1, problem: null, copies: [{ missingAt: null, problem: null }] });
    expect(await entries()).toEqual(["backup.file_missing", "backup.file_changed", "backup.file_missing", "backup.file_found"]);
  });

  it("takes nothing from a whole backup for a second copy that is damaged, and reads the whole one", async () => {
    await proven();
    const { storeId } = await carried("a back");
    const run = await rescan(storeId);
    expect(JSON.parse(run.result ?? "")).toMatchObject({ added: 1, foreign: 0 });
    expect(warnings(run)).toEqual([expect.stringContaining("in second has")]);
    const { copies, ...rest } = await backup();
    expect(rest).toMatchObject({ rung: 4, problem: null, provenAt: expect.any(Date) as Date });
    expect(copies.find((copy) => copy.storeId === storeId)?.problem).toContain("backup.wrong_size");
    expect(bestCopy(copies)?.storeId).toBe(holdfast.storeId);
    expect(await entries()).toEqual(["backup.file_changed"]);
  });

  it("takes the rungs of a backup when the last whole copy is damaged too", async () => {
    const file = await proven();
    const { storeId } = await carried("a back");
    await rescan(storeId);
    writeFileSync(file, "cut");
    await rescan();
    expect(await backup()).toMatchObject({ rung: 1, provenAt: null, problem: expect.stringContaining("backup.wrong_size") as string });
  });

  it.each([["damaged", "cut"], ["missing", null]])("rests no rung on a copy that was never read, once the one that was is %s", async (_, content) => {
    const file = await proven();
    const { storeId } = await carried("A BACKUP");
    await rescan(storeId);
    expect(await backup()).toMatchObject({ rung: 4, problem: null });
    if (content === null) rmSync(file);
    else writeFileSync(file, content);
    await rescan();
    expect(await backup()).toMatchObject({ rung: 1, problem: null, intactAt: null, readableAt: null, provenAt: null });
  });

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
