import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addDatabase, removeDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { log } from "@/lib/log";
import { addStore } from "@/lib/stores/manage";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { asNobody } from "@/lib/testing/nobody";
import { watchFiles } from "./watch-files";

const day = 86_400_000;

describe("looking at stored files", () => {
  let holdfast: TestHoldfast;
  let databaseId: string;

  beforeEach(async () => {
    holdfast = await testHoldfast();
    databaseId = (await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId: holdfast.storeId }))).databaseId;
    for (const id of ["b1", "b2", "b3"]) await stored(id);
  });
  afterEach(() => holdfast.close());

  const fileOf = (id: string) => path.join(holdfast.storePath, `${id}.dump.zst`);
  const backup = (id: string) => holdfast.db.backup.findUniqueOrThrow({ where: { id }, include: { copies: true } });
  const entries = async () => (await holdfast.db.auditEntry.findMany({ where: { action: { startsWith: "backup.file_" } }, orderBy: { id: "asc" } })).map(({ action, backupId, before, after }) => [action, backupId, before, after].filter(Boolean).join(" "));
  const look = async (days = 1) => {
    holdfast.clock.advance(days * day);
    await watchFiles(holdfast.ctx);
  };

  async function stored(id: string, rung = 4) {
    writeFileSync(fileOf(id), "a backup");
    const at = holdfast.clock.now();
    await holdfast.db.backup.create({ data: { id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 8n, initiatorKind: "user", initiatorName: "x", rung, intactAt: at, readableAt: at, provenAt: rung === 4 ? at : null, copies: { create: { storeId: holdfast.storeId, key: `${id}.dump.zst`, sizeBytes: 8n, storedAt: at, readBackAt: at } } } });
  }

  it("looks at the newest readable and the newest proven backup each time", async () => {
    await look();
    holdfast.clock.advance(60_000);
    await stored("newest");
    await stored("read", 3);
    await watchFiles(holdfast.ctx);
    for (const id of ["newest", "read", "b1"]) rmSync(fileOf(id));
    await watchFiles(holdfast.ctx);
    expect([(await backup("newest")).rung, (await backup("read")).rung, (await backup("b1")).rung]).toEqual([1, 1, 4]);
  });

  it("looks at backups of a database that was removed too, and finds them again", async () => {
    await removeDatabase(holdfast.ctx, { databaseId, phrase: "orders" });
    renameSync(fileOf("b1"), `${fileOf("b1")}.away`);
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, copies: [{ missingAt: expect.any(Date) as Date }] });
    renameSync(`${fileOf("b1")}.away`, fileOf("b1"));
    await look();
    expect((await entries()).map((entry) => entry.split(" ")[0])).toEqual(["backup.file_missing", "backup.file_found"]);
  });

  it("notes when it looked, and nothing else where all is as it was", async () => {
    await look();
    expect((await backup("b1")).copies[0]?.lookedAt).toEqual(holdfast.clock.now());
    expect([await entries(), (await backup("b1")).rung]).toEqual([[], 4]);
  });

  it("takes the rungs of a backup whose file is gone, once, and says when it is back", async () => {
    renameSync(fileOf("b1"), `${fileOf("b1")}.away`);
    await look();
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, provenAt: null, copies: [{ missingAt: expect.any(Date) as Date }] });
    expect((await backup("b2")).rung).toBe(4);
    renameSync(`${fileOf("b1")}.away`, fileOf("b1"));
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, problem: null, copies: [{ missingAt: null }] });
    expect(await entries()).toEqual(['backup.file_missing b1 {"rung":"proven"} {"rung":"stored"}', "backup.file_found b1"]);
  });

  it("takes the rungs of one whose file has another size, once", async () => {
    truncateSync(fileOf("b2"), 3);
    truncateSync(fileOf("b3"), 0);
    await look();
    await look();
    expect(JSON.parse((await backup("b2")).problem ?? "{}")).toMatchObject({ code: "backup.wrong_size" });
    expect(JSON.parse((await backup("b3")).problem ?? "{}")).toMatchObject({ code: "backup.empty_file" });
    expect([(await backup("b2")).rung, (await backup("b3")).rung]).toEqual([1, 1]);
    expect((await entries()).map((one) => one.slice(0, 22)).sort()).toEqual(["backup.file_changed b2", "backup.file_changed b3"]);
  });

  it("passes over what lies in a directory that it may not read, however much that is, looks at everything else, and tells the log once", async () => {
    const at = holdfast.clock.now();
    const ids = Array.from({ length: 201 }, (_, n) => `shut-${n}`);
    await holdfast.db.backup.createMany({ data: ids.map((id) => ({ id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: new Date(0), sizeBytes: 8n, initiatorKind: "user", initiatorName: "x", rung: 4, intactAt: at, readableAt: at, provenAt: at })) });
    await holdfast.db.copy.createMany({ data: ids.map((id) => ({ backupId: id, storeId: holdfast.storeId, key: `shut/${id}.dump.zst`, sizeBytes: 8n, storedAt: new Date(at.getTime() + 1) })) });
    mkdirSync(path.join(holdfast.storePath, "shut"));
    rmSync(fileOf("b1"));
    const warn = vi.spyOn(log, "warn");
    await asNobody([holdfast.storePath, holdfast.directory], async () => {
      chmodSync(path.join(holdfast.storePath, "shut"), 0);
      await look();
      await look();
    });
    expect(await backup("b1")).toMatchObject({ rung: 1, copies: [{ missingAt: expect.any(Date) as Date }] });
    expect((await backup("b2")).copies[0]?.lookedAt).toEqual(holdfast.clock.now());
    expect(await holdfast.db.backup.count({ where: { id: { in: ids }, rung: 4, copies: { every: { lookedAt: null, missingAt: null } } } })).toBe(201);
    expect(warn.mock.calls).toEqual([[{ store: "local-disk", unread: ["shut"] }, expect.stringContaining("were not looked at")]]);
    warn.mockRestore();
  });

  it("counts a file as missing where a file has taken the place of its directory", async () => {
    await holdfast.db.copy.updateMany({ where: { backupId: "b1" }, data: { key: "b2.dump.zst/b1.dump.zst" } });
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, copies: [{ missingAt: expect.any(Date) as Date }] });
    expect((await backup("b3")).copies[0]?.lookedAt).toEqual(holdfast.clock.now());
  });

  it("blames no backup for a disk that is not mounted", async () => {
    const away = `${holdfast.storePath}-away`;
    renameSync(holdfast.storePath, away);
    mkdirSync(holdfast.storePath);
    await look();
    expect([await entries(), (await backup("b1")).copies[0]?.lookedAt]).toEqual([[], null]);
    rmSync(holdfast.storePath, { recursive: true });
    await look(0);
    expect(await entries()).toEqual([]);
    renameSync(away, holdfast.storePath);
    await look(0);
    expect((await backup("b1")).copies[0]?.lookedAt).toEqual(holdfast.clock.now());
  });

  it("counts a missing copy against the copy alone while another one is there", async () => {
    const second = path.join(holdfast.directory, "second");
    mkdirSync(second);
    writeFileSync(path.join(second, "b1.dump.zst"), "a backup");
    const { storeId } = await addStore(holdfast.ctx, { name: "second", path: second });
    await holdfast.db.copy.create({ data: { backupId: "b1", storeId, key: "b1.dump.zst", sizeBytes: 8n, storedAt: holdfast.clock.now(), readBackAt: holdfast.clock.now() } });
    rmSync(fileOf("b1"));
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 4, problem: null });
    expect(await entries()).toEqual(['backup.file_missing b1 {"rung":"proven"} {"rung":"proven"}']);
  });

  it("says of a file that went missing and came back that it was not read since, and rests no rung on it", async () => {
    const second = path.join(holdfast.directory, "second");
    mkdirSync(second);
    writeFileSync(path.join(second, "b1.dump.zst"), "a backup");
    const { storeId } = await addStore(holdfast.ctx, { name: "second", path: second });
    await holdfast.db.copy.create({ data: { backupId: "b1", storeId, key: "b1.dump.zst", sizeBytes: 8n, storedAt: holdfast.clock.now(), readBackAt: holdfast.clock.now() } });
    renameSync(fileOf("b1"), `${fileOf("b1")}.away`);
    await look();
    renameSync(`${fileOf("b1")}.away`, fileOf("b1"));
    await look();
    expect((await backup("b1")).copies.map(({ readBackAt }) => readBackAt !== null)).toEqual([false, true]);
    truncateSync(path.join(second, "b1.dump.zst"), 3);
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, provenAt: null, problem: null });
  });

  it("counts a damaged copy against the copy alone while a whole one is there, and against the backup once none is", async () => {
    const second = path.join(holdfast.directory, "second");
    mkdirSync(second);
    writeFileSync(path.join(second, "b1.dump.zst"), "a back");
    const { storeId } = await addStore(holdfast.ctx, { name: "second", path: second });
    await holdfast.db.copy.create({ data: { backupId: "b1", storeId, key: "b1.dump.zst", sizeBytes: 8n, storedAt: holdfast.clock.now() } });
    await look();
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 4, problem: null });
    expect((await backup("b1")).copies.map(({ problem }) => problem !== null)).toEqual([false, true]);
    expect(await entries()).toEqual(['backup.file_changed b1 {"rung":"proven"} {"rung":"proven"}']);
    rmSync(fileOf("b1"));
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, provenAt: null });
    expect((await entries())[1]).toBe('backup.file_missing b1 {"rung":"proven"} {"rung":"stored"}');
  });

  it("holds nothing against a backup whose changed file is not its only one any more, once the other one is back", async () => {
    const second = path.join(holdfast.directory, "second");
    mkdirSync(second);
    const { storeId } = await addStore(holdfast.ctx, { name: "second", path: second });
    writeFileSync(path.join(second, "other"), "of another backup");
    await holdfast.db.copy.create({ data: { backupId: "b2", storeId, key: "other", sizeBytes: 17n, storedAt: holdfast.clock.now() } });
    await holdfast.db.copy.create({ data: { backupId: "b1", storeId, key: "b1.dump.zst", sizeBytes: 8n, storedAt: holdfast.clock.now() } });
    await look();
    truncateSync(fileOf("b1"), 3);
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, problem: expect.stringContaining("backup.wrong_size") as string });
    writeFileSync(path.join(second, "b1.dump.zst"), "a backup");
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, intactAt: null, problem: null });
  });

  it("does not say of a file that it is there again when another size has come back", async () => {
    rmSync(fileOf("b1"));
    await look();
    writeFileSync(fileOf("b1"), "a back");
    await look();
    await look();
    expect(await backup("b1")).toMatchObject({ rung: 1, problem: expect.stringContaining("backup.wrong_size") as string });
    expect((await entries()).map((entry) => entry.split(" ")[0])).toEqual(["backup.file_missing", "backup.file_changed"]);
  });

  it("says nothing of a file that a run is deleting", async () => {
    await holdfast.db.run.create({ data: { kind: "prune_backups", status: "running", databaseId, input: "{}", initiatorKind: "system", initiatorName: "x", origin: "x", queuedAt: holdfast.clock.now() } });
    rmSync(fileOf("b1"));
    await look();
    expect(await entries()).toEqual([]);
    expect(readdirSync(holdfast.storePath)).toHaveLength(2);
  });
});
