import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { transaction } from "@/lib/db/transaction";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { watchFiles } from "@/lib/worker/watch-files";
import { describeBackup, holdBackup, keepBackup } from "./change";
import { recordStored } from "./record";
import type { Sidecar } from "./schemas";
import { readSidecar, writeSidecar } from "./sidecar";

const key = "orders_postgres_backup_20260922_020000.dump.zst";
const backupId = "6f7c2b9e-52a4-4d0c-9d50-0d2c3b1b7a11";

describe("what people say of a backup", () => {
  let holdfast: TestHoldfast;
  let sidecar: Sidecar;
  const store = () => ({ name: "local-disk", path: holdfast.storePath });
  const described = async () => {
    await watchFiles(holdfast.ctx);
    return readSidecar(store(), key);
  };
  const record = (found: Sidecar) => transaction(holdfast.ctx, (tx) => recordStored(tx, { sidecar: found, storeId: holdfast.storeId, key }));

  beforeEach(async () => {
    holdfast = await testHoldfast();
    const { databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId: holdfast.storeId }));
    sidecar = exampleSidecar({ backupId, runId: 1, databaseId, key });
    writeFileSync(path.join(holdfast.storePath, key), "a backup");
    await writeSidecar(store(), key, sidecar, "test");
    await record({ ...sidecar, proof: { ...sidecar.proof, intactAt: sidecar.takenAt, readableAt: sidecar.takenAt } });
    await watchFiles(holdfast.ctx);
  });
  afterEach(() => holdfast.close());

  it("is in the description beside it within the next look, and gone from it again", async () => {
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    await holdBackup(holdfast.ctx, { backupId, reason: "case 7" });
    await describeBackup(holdfast.ctx, { backupId, label: "before upgrade", note: "ask Maeve" });
    expect(await described()).toEqual({ ...sidecar, keep: true, legalHold: "case 7", label: "before upgrade", note: "ask Maeve" });
    await keepBackup(holdfast.ctx, { backupId, keep: false });
    await holdBackup(holdfast.ctx, { backupId, reason: null });
    await describeBackup(holdfast.ctx, { backupId, label: null, note: null });
    expect(await described()).toEqual(sidecar);
  });

  it("is promised for nothing whose files are being removed, and lifted all the same", async () => {
    await holdBackup(holdfast.ctx, { backupId, reason: "case 7" });
    const deletion = { databaseId: sidecar.database.id, backupId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: holdfast.clock.now() };
    const { id } = await holdfast.db.run.create({ data: { kind: "prune_backups", status: "running", ...deletion } });
    await expect(keepBackup(holdfast.ctx, { backupId, keep: true })).rejects.toMatchObject({ code: "run.already_active", message: expect.stringContaining(`${id}`) as string });
    await expect(holdBackup(holdfast.ctx, { backupId, reason: "case 8" })).rejects.toMatchObject({ code: "run.already_active" });
    await holdBackup(holdfast.ctx, { backupId, reason: null });
    // One that only waits finds the hold when it begins, and leaves the backup.
    await holdfast.db.run.update({ where: { id }, data: { status: "queued" } });
    await holdBackup(holdfast.ctx, { backupId, reason: "case 8" });
  });

  it("holds in a list that was rebuilt from descriptions", async () => {
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    await holdBackup(holdfast.ctx, { backupId, reason: "case 7" });
    const found = await described();
    await holdfast.db.copy.deleteMany();
    await holdfast.db.manifest.deleteMany();
    await holdfast.db.backup.deleteMany();
    if (found) await record(found);
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ keep: true, legalHold: "case 7" });
  });

  it("is not taken back by an older description", async () => {
    await holdBackup(holdfast.ctx, { backupId, reason: "case 7" });
    await record(sidecar);
    expect((await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).legalHold).toBe("case 7");
  });

  it("is not lost when it is said in the middle of a look", async () => {
    /** A look that is held up behind each of its questions to the record in turn: returns how many there were. */
    const lookHeldUp = async (at: number, meanwhile: () => Promise<unknown>) => {
      let asked = 0;
      const db = holdfast.db.$extends({
        query: {
          async $allOperations({ args, query }) {
            const answer: unknown = await query(args);
            asked += 1;
            if (asked === at) await meanwhile();
            return answer;
          },
        },
      });
      await watchFiles({ ...holdfast.ctx, db: db as unknown as Context["db"] });
      return asked;
    };
    // Something is said before each look too, so that it has a description to write.
    const say = (reason: string) => holdBackup(holdfast.ctx, { backupId, reason });
    await say("before");
    const questions = await lookHeldUp(0, () => Promise.resolve());
    expect(questions).toBeGreaterThan(5);
    for (let at = 1; at <= questions; at += 1) {
      await say(`before ${at}`);
      await lookHeldUp(at, () => say(`case ${at}`));
      expect((await described())?.legalHold).toBe(`case ${at}`);
    }
  });

  it("is written at the next look where it could not be written before", async () => {
    const description = path.join(holdfast.storePath, `${key}.json`);
    const shut = path.join(holdfast.storePath, "shut.json");
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    renameSync(description, shut);
    mkdirSync(description);
    await watchFiles(holdfast.ctx);
    rmSync(description, { recursive: true });
    renameSync(shut, description);
    expect((await described())?.keep).toBe(true);
  });

  it("is written by the daily look where it was said before it was written anywhere", async () => {
    await holdfast.db.backup.update({ where: { id: backupId }, data: { keep: true } });
    expect((await described())?.keep).toBe(false);
    // The newest is looked at each time, and described when something is said of it; all others once a day.
    await holdfast.db.backup.update({ where: { id: backupId }, data: { rung: 1 } });
    holdfast.clock.advance(86_400_000);
    expect((await described())?.keep).toBe(true);
  });

  it("comes back with a backup that was deleted here and is found again", async () => {
    await holdfast.db.backup.update({ where: { id: backupId }, data: { deletedAt: new Date() } });
    await record({ ...sidecar, legalHold: "case 7" });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ deletedAt: null, legalHold: "case 7" });
  });

  it("waits while a run works with the backup, which writes its proof there", async () => {
    const { id } = await holdfast.db.run.create({ data: { kind: "verify_backup", status: "running", backupId, input: "{}", initiatorKind: "user", initiatorName: "Maeve", origin: "x", queuedAt: new Date() } });
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    expect(await described()).toEqual(sidecar);
    const proven = { ...sidecar, proof: { ...sidecar.proof, intactAt: "2026-09-22T03:00:00.000Z" } };
    await writeSidecar(store(), key, proven, "verify");
    await holdfast.db.run.update({ where: { id }, data: { status: "succeeded" } });
    expect(await described()).toEqual({ ...proven, keep: true });
  });

  it("is written into no other backup's description, and makes none where there is none", async () => {
    const other = { ...sidecar, backupId: "0a7c2b9e-52a4-4d0c-9d50-0d2c3b1b7a11" };
    await writeSidecar(store(), key, other, "test");
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    expect(await described()).toEqual(other);
    rmSync(path.join(holdfast.storePath, `${key}.json`));
    await keepBackup(holdfast.ctx, { backupId, keep: false });
    expect(await described()).toBeNull();
    expect(existsSync(path.join(holdfast.storePath, `${key}.json`))).toBe(false);
  });
});
