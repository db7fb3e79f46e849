import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import type { RunKind } from "@/lib/runs/schemas";
import { addStore } from "@/lib/stores/manage";
import { asNobody } from "@/lib/testing/nobody";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { adoptLeft } from "./adopt";

const key = "orders_postgres_backup_20260922_020000.dump.zst";
let holdfast: TestHoldfast;
let databaseId: string;

beforeEach(async () => {
  holdfast = await testHoldfast();
  ({ databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "pg", databaseName: "orders", role: "x", storeId: holdfast.storeId })));
});
afterEach(() => holdfast.close());

async function ended(kind: RunKind, status: string): Promise<number> {
  const at = new Date();
  const { id } = await holdfast.db.run.create({ data: { kind, status, databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: at, finishedAt: at } });
  return id;
}

/** What a run leaves that ends between the file's name and its place on record; without the file, one that ends just before. */
function left(runId: number, directory: string, withFile = true): void {
  const sidecar = exampleSidecar({ backupId: crypto.randomUUID(), runId, databaseId, key });
  if (withFile) writeFileSync(path.join(directory, key), "a backup");
  writeFileSync(path.join(directory, `${key}.json`), JSON.stringify(sidecar));
}
const listed = async () => (await holdfast.db.copy.findMany()).map((copy) => copy.key);

describe("a whole backup that an ended run left", () => {
  it.each([["backup", "failed"], ["restore", "lost"], ["disaster_drill", "failed"], ["convert_backup", "cancelled"]] as const)("of the kind %s, %s, is taken into the record, once", async (kind, status) => {
    const runId = await ended(kind, status);
    left(runId, holdfast.storePath);
    await adoptLeft(holdfast.worker);
    await adoptLeft(holdfast.worker);
    expect(await listed()).toEqual([key]);
    expect((await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).backupId).not.toBeNull();
  });

  it("is found as soon as its store can be read again", async () => {
    const nas = path.join(holdfast.storePath, "nas");
    await addStore(holdfast.ctx, { name: "nas", path: nas });
    const runId = await ended("backup", "lost");
    await adoptLeft(holdfast.worker);
    expect(await listed()).toEqual([]);
    const away = `${holdfast.storePath}-away`;
    mkdirSync(away);
    left(runId, away);
    renameSync(away, nas);
    await holdfast.db.store.update({ where: { id: holdfast.storeId }, data: { removedAt: new Date() } });
    await adoptLeft(holdfast.worker);
    expect(await listed()).toEqual([key]);
  });

  it("is found beside a directory that may not be read", async () => {
    left(await ended("backup", "lost"), holdfast.storePath);
    mkdirSync(path.join(holdfast.storePath, "lost+found"));
    await asNobody([holdfast.storePath, holdfast.directory], async () => {
      chmodSync(path.join(holdfast.storePath, "lost+found"), 0);
      await adoptLeft(holdfast.worker);
      expect(await listed()).toEqual([key]);
    });
  });

  it("is a description without its file no more", async () => {
    left(await ended("restore", "failed"), holdfast.storePath, false);
    await adoptLeft(holdfast.worker);
    expect([await listed(), existsSync(path.join(holdfast.storePath, `${key}.json`))]).toEqual([[], false]);
  });
});
