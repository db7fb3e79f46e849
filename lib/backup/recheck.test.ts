import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase, removeDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { enqueueRun } from "@/lib/runs/enqueue";
import { addStore } from "@/lib/stores/manage";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { recheckLeft } from "./recheck-due";

describe("reading stored files again", () => {
  let holdfast: TestHoldfast;
  let databaseId: string;

  beforeEach(async () => {
    holdfast = await testHoldfast();
    databaseId = (await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId: holdfast.storeId }))).databaseId;
    for (const id of ["b1", "b2", "b3"]) await stored(id);
  });
  afterEach(() => holdfast.close());

  const fileOf = (id: string) => path.join(holdfast.storePath, `${id}.dump.zst`);

  async function stored(id: string) {
    const content = `the backup ${id}`;
    writeFileSync(fileOf(id), content);
    const at = new Date("2026-08-01T02:00Z");
    const sha256 = createHash("sha256").update(content).digest("hex");
    await holdfast.db.backup.create({ data: { id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: BigInt(content.length), initiatorKind: "user", initiatorName: "x", rung: 4, provenAt: at, copies: { create: { id: `copy-${id}`, storeId: holdfast.storeId, key: `${id}.dump.zst`, sizeBytes: BigInt(content.length), sha256, storedAt: at, readBackAt: at } } } });
  }

  async function recheck() {
    const { runId } = await holdfast.db.$transaction((tx) => enqueueRun(tx as never, holdfast.ctx, { kind: "recheck", databaseId, input: { copyIds: ["copy-b1", "copy-b2", "copy-b3"] } }));
    return holdfast.work(runId);
  }

  it("renews when each was last read to its last byte, and keeps the rung it has", async () => {
    expect((await recheck()).problem).toBeNull();
    const backups = await holdfast.db.backup.findMany({ include: { copies: true } });
    for (const { rung, intactAt, copies } of backups) {
      expect(rung).toBe(4);
      expect(copies[0]?.readBackAt).toEqual(intactAt);
      expect(intactAt?.getTime()).toBeGreaterThan(Date.parse("2026-08-02"));
    }
    expect(await holdfast.db.auditEntry.findFirst({ where: { action: "backup.rechecked" } })).toMatchObject({ outcome: "succeeded", sentence: "Read 3\u00a0stored files again, as they were stored" });
  });

  it("finds a changed byte and a missing file, takes their rungs, leaves an entry for each, reads the others, and fails", async () => {
    writeFileSync(fileOf("b1"), "the backup bX");
    rmSync(fileOf("b2"));
    const run = await recheck();
    expect(run.problem).toMatchObject({ code: "backup.recheck_failed" });
    expect(run.events.filter(({ type }) => type === "warning")).toHaveLength(2);
    const rungs = await holdfast.db.backup.findMany({ orderBy: { id: "asc" }, select: { rung: true, provenAt: true } });
    expect(rungs.map(({ rung, provenAt }) => [rung, provenAt === null])).toEqual([[1, true], [1, true], [4, false]]);
    const entries = await holdfast.db.auditEntry.findMany({ where: { action: { startsWith: "backup.file_" } }, orderBy: { id: "asc" } });
    expect(entries.map(({ action, backupId, runId }) => [action, backupId, runId])).toEqual([["backup.file_changed", "b1", run.id], ["backup.file_missing", "b2", run.id]]);
  });

  it.each([["backup.changed", "intact", null], ["drill.differs", "proven", "drill.differs"]])("of a file that is what was stored leaves of the problem %s what still holds", async (code, rung, left) => {
    await holdfast.db.backup.update({ where: { id: "b1" }, data: { rung: 1, provenAt: null, problem: JSON.stringify({ rung, code, message: "It is not what it was.", at: "2026-08-02T00:00:00.000Z" }) } });
    await recheck();
    const { problem, rung: reached } = await holdfast.db.backup.findUniqueOrThrow({ where: { id: "b1" } });
    expect([reached, problem && (JSON.parse(problem) as { code: string }).code]).toEqual([2, left]);
  });

  it("goes on with the others where a file cannot be read, says nothing against its backup, and fails", async () => {
    // A directory can be opened and not be read, like a file on a bad sector.
    rmSync(fileOf("b1"));
    mkdirSync(fileOf("b1"));
    const run = await recheck();
    expect(run.problem).toMatchObject({ code: "store.file_unreadable", message: expect.stringContaining("b1.dump.zst") as string });
    expect(run.events.filter(({ type }) => type === "warning").map(({ message }) => message)).toEqual([expect.stringContaining("b1.dump.zst in local-disk cannot be read")]);
    const copies = await holdfast.db.copy.findMany({ orderBy: { id: "asc" }, include: { backup: true } });
    expect(copies.map(({ readBackAt, problem, backup }) => [readBackAt && readBackAt > new Date("2026-08-02"), problem, backup.rung])).toEqual([[false, null, 4], [true, null, 4], [true, null, 4]]);
  });

  it("says nothing good of a file once its run was taken for lost: others may have found more since", async () => {
    // What another worker and another run write while this one sleeps over its file.
    await holdfast.db.$executeRawUnsafe(`CREATE TRIGGER asleep AFTER INSERT ON "RunEvent" WHEN NEW."type" = 'step_started' BEGIN
      UPDATE "Run" SET "status" = 'lost' WHERE "id" = NEW."runId"; UPDATE "Backup" SET "rung" = 1, "provenAt" = NULL, "problem" = 'changed'; END`);
    const run = await recheck();
    expect([run.status, run.problem]).toEqual(["lost", null]);
    for (const backup of await holdfast.db.backup.findMany({ include: { copies: true } })) {
      expect(backup).toMatchObject({ rung: 1, intactAt: null, problem: "changed" });
      expect(backup.copies[0]?.readBackAt).toEqual(new Date("2026-08-01T02:00Z"));
    }
  });

  it("goes on for a database that was removed and for files of none, once a month each, and only for those", async () => {
    // What the worker reads is dated by the machine's clock, and nothing may lie ahead of this one.
    holdfast.clock.set(new Date().toISOString());
    expect(await recheckLeft(holdfast.ctx)).toBeNull();
    await removeDatabase(holdfast.ctx, { databaseId, phrase: "orders" });
    await stored("b4");
    await holdfast.db.backup.update({ where: { id: "b4" }, data: { databaseId: null } });
    writeFileSync(fileOf("b1"), "the backup bX");
    const read = new Set<string>();
    const problems: string[] = [];
    for (let times = 0; times < 4; times += 1) {
      holdfast.clock.advance(86_400_000);
      const runId = await recheckLeft(holdfast.ctx);
      if (runId === null) break;
      expect(await recheckLeft(holdfast.ctx)).toBeNull();
      const run = await holdfast.work(runId);
      for (const id of (JSON.parse(run.input) as { copyIds: string[] }).copyIds) read.add(id);
      if (run.problem) problems.push(run.problem.code);
    }
    expect([...read].sort()).toEqual(["copy-b1", "copy-b2", "copy-b3", "copy-b4"]);
    expect(problems).toEqual(["backup.recheck_failed"]);
    expect(await holdfast.db.backup.findMany({ where: { rung: 1 }, select: { id: true } })).toEqual([{ id: "b1" }]);
  });

  it("reads a file that is known to be damaged once a month like all others, also where its backup lost its proof for another one", async () => {
    holdfast.clock.set(new Date().toISOString());
    await removeDatabase(holdfast.ctx, { databaseId, phrase: "orders" });
    writeFileSync(fileOf("b1"), "the backup bX");
    await holdfast.db.backup.update({ where: { id: "b2" }, data: { problem: JSON.stringify({ rung: "intact", code: "backup.changed", message: "It changed.", at: "2026-08-02T00:00:00.000Z" }) } });
    const second = path.join(holdfast.directory, "second");
    mkdirSync(second);
    writeFileSync(path.join(second, "b1.dump.zst"), "the backup b1");
    const { storeId } = await addStore(holdfast.ctx, { name: "second", path: second });
    const { id: _, ...first } = await holdfast.db.copy.findUniqueOrThrow({ where: { id: "copy-b1" } });
    await holdfast.db.copy.create({ data: { ...first, id: "second-b1", storeId } });
    const read = async (days: number) => {
      holdfast.clock.advance(days * 86_400_000);
      const runId = await recheckLeft(holdfast.ctx);
      return runId === null ? [] : (JSON.parse((await holdfast.work(runId)).input) as { copyIds: string[] }).copyIds.sort();
    };
    const all = ["copy-b1", "copy-b2", "copy-b3", "second-b1"];
    expect([await read(1), await read(1), await read(31)]).toEqual([all, [], all]);
    expect(await holdfast.db.copy.findMany({ where: { problem: { not: null } }, select: { id: true } })).toEqual([{ id: "copy-b1" }]);
  });

  it("passes over what was deleted since it was chosen", async () => {
    await holdfast.db.copy.delete({ where: { id: "copy-b1" } });
    await holdfast.db.backup.update({ where: { id: "b2" }, data: { deletedAt: holdfast.clock.now() } });
    const run = await recheck();
    expect([run.problem, JSON.parse(run.result ?? "{}")]).toMatchObject([null, { files: 1, damaged: [] }]);
  });
});
