import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "@/lib/audit/verify";
import { startDeleteBackup } from "@/lib/backup/change";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore, removeStore } from "@/lib/stores/manage";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { pauseSchedule, saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { acceptSize } from "./accept-size";
import { hashDecision } from "./hash";
import { previewRetention } from "./preview";
import { pruneDue } from "./prune-due";
import { decideNow, readRetained } from "./read";
import { saveRetention, startCleanUp } from "./save";
import { presetPolicy, RetentionPolicy, SaveRetentionInput } from "./schemas";

const day = 86_400_000;

describe("removing what a policy lets go", () => {
  let holdfast: TestHoldfast;
  let databaseId: string;

  beforeEach(async () => {
    holdfast = await testHoldfast();
    databaseId = await register("bimcalc");
  });
  afterEach(() => holdfast.close());

  const register = async (name: string) => (await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: `${name}-postgres`, databaseName: name, role: name, storeId: holdfast.storeId }))).databaseId;
  const fileOf = (id: string) => path.join(holdfast.storePath, `${id}.dump.zst`);

  /** A listed backup with its files, `daysAgo` before the newest. */
  async function stored(id: string, daysAgo: number, extra: { databaseId?: string; keep?: boolean; legalHold?: string; origin?: string } = {}): Promise<void> {
    const takenAt = new Date(Date.UTC(2026, 8, 22, 2) - daysAgo * day);
    writeFileSync(fileOf(id), "a backup");
    writeFileSync(`${fileOf(id)}.json`, "{}");
    await holdfast.db.backup.create({
      data: {
        id, databaseId, databaseName: "bimcalc", origin: "holdfast", format: "custom", takenAt, sizeBytes: 100n, rows: 10n, initiatorKind: "user", initiatorName: "Maeve Byrne", rung: 3, ...extra,
        copies: { create: { storeId: holdfast.storeId, key: `${id}.dump.zst`, sizeBytes: 100n, storedAt: takenAt } },
      },
    });
  }

  const listed = async () => (await holdfast.db.backup.findMany({ where: { deletedAt: null }, orderBy: { id: "asc" }, select: { id: true } })).map(({ id }) => id);
  const shown = async (policy: RetentionPolicy) => {
    const decision = await decideNow(holdfast.db, databaseId, policy, new Date());
    return { hash: hashDecision(decision), shown: decision.go.length, phrase: "bimcalc" };
  };

  it("removes the files and leaves an audit entry with the reason for each, and touches no other database's", async () => {
    const other = await register("orders");
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    await stored("z-other", 300, { databaseId: other });
    const policy = presetPolicy(30);
    const { runId } = await saveRetention(holdfast.ctx, { databaseId, policy, ...(await shown(policy)) });
    expect((await holdfast.work(runId ?? 0)).problem).toBeNull();
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3", "z-other"]);
    expect(["b3", "b4", "b5"].map((id) => existsSync(fileOf(id)))).toEqual([true, false, false]);
    expect(existsSync(`${fileOf("b5")}.json`)).toBe(false);
    const entries = await holdfast.db.auditEntry.findMany({ where: { action: "backup.deleted" }, orderBy: { id: "asc" } });
    expect(entries.map(({ backupId, reason, sizeBytes }) => [backupId, reason, sizeBytes])).toEqual([
      ["b5", "50\u00a0d older than the newest good backup, and no rule reaches so far back. By the rules just saved, asked for by The admin: Production, every backup for 30\u00a0days.", 100n],
      ["b4", "40\u00a0d older than the newest good backup, and no rule reaches so far back. By the rules just saved, asked for by The admin: Production, every backup for 30\u00a0days.", 100n],
    ]);
    expect((await verifyChain(holdfast.db)).brokenAt).toBeNull();
  });

  it("lets no saved rule remove a file that Holdfast did not make, and a clean-up by hand may", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    await stored("z-foreign", 300, { origin: "foreign" });
    const policy = RetentionPolicy.parse({ everyDays: 30, foreign: true });
    const saved = SaveRetentionInput.parse({ databaseId, policy, ...(await shown({ ...policy, foreign: false })) });
    await holdfast.work((await saveRetention(holdfast.ctx, saved)).runId ?? 0);
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3", "z-foreign"]);
    await holdfast.work((await startCleanUp(holdfast.ctx, { databaseId, policy, why: "older than 30 days", ...(await shown(policy)) })).runId);
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3"]);
  });

  it("counts nothing in a store that was taken out of use, and deletes nothing there", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    const { storeId } = await addStore(holdfast.ctx, { name: "nas", path: `${holdfast.storePath}/nas` });
    await holdfast.db.copy.updateMany({ where: { backupId: { in: ["b0", "b5"] } }, data: { storeId } });
    await removeStore(holdfast.ctx, { storeId });
    expect((await readRetained(holdfast.db, databaseId, new Date())).map(({ id }) => id).sort()).toEqual(["b1", "b2", "b3", "b4"]);
    await holdfast.db.backup.update({ where: { id: "b5" }, data: { sizeAcceptedBy: "Ada Admin" } });
    // By hand the record of one can go, not its file.
    const { runId } = await startDeleteBackup(holdfast.ctx, { backupId: "b5", phrase: "bimcalc", reason: "superseded" });
    const away = path.join(holdfast.storePath, "nas", "b5.dump.zst");
    mkdirSync(path.dirname(away));
    writeFileSync(away, "a backup");
    expect((await holdfast.work(runId)).problem).toBeNull();
    expect(await holdfast.db.auditEntry.findMany({ where: { action: "backup.deleted" } })).toMatchObject([{ backupId: "b5", outcome: "succeeded", reason: "superseded" }]);
    expect([existsSync(away), (await listed()).includes("b5")]).toEqual([true, false]);
    // What was said of its size is not said of those to come.
    expect((await holdfast.db.backup.findUniqueOrThrow({ where: { id: "b5" } })).sizeAcceptedBy).toBeNull();
  });

  it("lets nothing go in exchange for what lies in a store that cannot be read", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    const { storeId } = await addStore(holdfast.ctx, { name: "nas", path: `${holdfast.storePath}/nas` });
    await holdfast.db.copy.updateMany({ where: { backupId: { in: ["b0", "b1"] } }, data: { storeId } });
    const retained = async () => (await readRetained(holdfast.db, databaseId, new Date())).map(({ id }) => id).sort();
    expect(await retained()).toEqual(["b0", "b1", "b2", "b3", "b4", "b5"]);
    await holdfast.db.store.update({ where: { id: storeId }, data: { problem: "It is not mounted." } });
    expect(await retained()).toEqual(["b2", "b3", "b4", "b5"]);
  });

  it("needs the preview that was shown, and the name typed when something goes", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    const policy = presetPolicy(30);
    const preview = await shown(policy);
    await expect(saveRetention(holdfast.ctx, { databaseId, policy, ...preview, phrase: "bim" })).rejects.toMatchObject({ code: "retention.wrong_phrase" });
    await stored("b6", 60);
    await expect(saveRetention(holdfast.ctx, { databaseId, policy, ...preview })).rejects.toMatchObject({ code: "retention.changed" });
    expect((await holdfast.db.database.findUniqueOrThrow({ where: { id: databaseId } })).retention).toBeNull();
    expect(await holdfast.db.run.count()).toBe(0);
  });

  it("keeps what was kept or put on hold after the decision, and a file that is gone is no error", async () => {
    for (let n = 0; n < 8; n += 1) await stored(`b${n}`, n * 10);
    const policy = RetentionPolicy.parse({ everyDays: 0, newest: 3 });
    const { runId } = await startCleanUp(holdfast.ctx, { databaseId, policy, why: "all but the newest 3", ...(await shown(policy)) });
    await holdfast.db.backup.update({ where: { id: "b4" }, data: { keep: true } });
    await holdfast.db.backup.update({ where: { id: "b5" }, data: { legalHold: "case 7" } });
    rmSync(fileOf("b6"));
    const run = await holdfast.work(runId);
    expect(run.problem).toBeNull();
    expect(await listed()).toEqual(["b0", "b1", "b2", "b4", "b5"]);
    expect(run.events.filter(({ type }) => type === "warning")).toHaveLength(2);
  });

  it("leaves a backup listed whose file cannot be deleted, removes the others, and fails", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    rmSync(fileOf("b5"));
    mkdirSync(fileOf("b5"));
    const policy = presetPolicy(30);
    const { runId } = await saveRetention(holdfast.ctx, { databaseId, policy, ...(await shown(policy)) });
    expect((await holdfast.work(runId ?? 0)).problem?.code).toBe("store.not_removed");
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3", "b5"]);
    rmdirSync(fileOf("b5"));
  });

  it("deletes no file but those on record for the database, whatever their names begin with", async () => {
    const other = await register("bimcalc_archive");
    for (let n = 0; n < 6; n += 1) await stored(`bimcalc_${n}`, n * 10);
    await stored("bimcalc_archive_1", 300, { databaseId: other });
    const foreign = ["bimcalc_9.dump.zst", "bimcalc_5.dump.zst.bak", "bimcalc_5.dump", "bimcalc_postgres_backup_20200101_020000.sql.gz", "notes.txt"];
    for (const name of foreign) writeFileSync(path.join(holdfast.storePath, name), "somebody else's");
    const policy = presetPolicy(30);
    const { runId } = await saveRetention(holdfast.ctx, { databaseId, policy, ...(await shown(policy)) });
    expect((await holdfast.work(runId ?? 0)).problem).toBeNull();
    expect(await listed()).toEqual(["bimcalc_0", "bimcalc_1", "bimcalc_2", "bimcalc_3", "bimcalc_archive_1"]);
    const left = [...["bimcalc_0", "bimcalc_1", "bimcalc_2", "bimcalc_3", "bimcalc_archive_1"].flatMap((id) => [`${id}.dump.zst`, `${id}.dump.zst.json`]), ...foreign];
    expect(holdfast.files()).toEqual(left.sort());
  });

  it("keeps what became the newest proven one after the decision, and everything once the rules are taken back", async () => {
    for (let n = 0; n < 8; n += 1) await stored(`b${n}`, n * 10);
    await holdfast.db.backup.updateMany({ where: { id: { in: ["b0", "b5", "b6"] } }, data: { rung: 4 } });
    const policy = presetPolicy(30);
    const { runId } = await saveRetention(holdfast.ctx, { databaseId, policy, ...(await shown(policy)) });
    // The newest proven one is lost before the worker comes to it.
    await holdfast.db.backup.update({ where: { id: "b0" }, data: { rung: 1, problem: JSON.stringify({ rung: "stored", code: "store.file_missing", message: "gone", at: "x" }) } });
    const run = await holdfast.work(runId ?? 0);
    expect(run.problem).toBeNull();
    // b4 is 30 days older than the newest good one now.
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3", "b4", "b5"]);
    expect(run.events.filter(({ type }) => type === "warning").map(({ message }) => message)).toEqual(["b5 stays: Since it was decided it is kept: newest proven.", expect.stringMatching(/^b4 stays/) as string]);

    const strict = presetPolicy(7);
    const again = await saveRetention(holdfast.ctx, { databaseId, policy: strict, ...(await shown(strict)) });
    await saveRetention(holdfast.ctx, { databaseId, policy: null, hash: "", shown: 0, phrase: "" });
    await holdfast.work(again.runId ?? 0);
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3", "b4", "b5"]);
  });

  it("asks about a backup that is far smaller than usual, and goes on once a person accepted it", async () => {
    for (let n = 0; n < 8; n += 1) await stored(`b${n}`, n * 10);
    await holdfast.db.backup.update({ where: { id: "b0" }, data: { sizeBytes: 3n, rows: 1n } });
    const policy = presetPolicy(30);
    const preview = () => previewRetention(holdfast.ctx, { databaseId, policy });
    expect(await preview()).toMatchObject({ suspicious: [{ id: "b0", sizeBytes: 3, rows: 1, usualBytes: 100, usualRows: 10 }], anchor: new Date(Date.UTC(2026, 8, 12, 2)).toISOString(), go: { count: 3 } });
    await acceptSize(holdfast.ctx, { backupId: "b0" });
    await acceptSize(holdfast.ctx, { backupId: "b0" });
    expect(await preview()).toMatchObject({ suspicious: [], anchor: new Date(Date.UTC(2026, 8, 22, 2)).toISOString(), go: { count: 4 } });
    expect(await holdfast.db.auditEntry.findMany({ where: { action: "backup.size_accepted" } })).toMatchObject([{ backupId: "b0", before: '{"sizeAccepted":false}', after: '{"sizeAccepted":true}' }]);
  });

  it("compares an empty backup with what is on record of those that a rule removed before", async () => {
    for (let n = 0; n < 4; n += 1) await stored(`b${n}`, n);
    const policy = RetentionPolicy.parse({ everyDays: 0, atLeastGood: 1 });
    await holdfast.work((await saveRetention(holdfast.ctx, { databaseId, policy, ...(await shown(policy)) })).runId ?? 0);
    expect(await listed()).toEqual(["b0"]);
    await stored("empty", -1);
    await holdfast.db.backup.update({ where: { id: "empty" }, data: { sizeBytes: 3n, rows: 0n, rung: 4 } });
    expect(await decideNow(holdfast.db, databaseId, policy, new Date())).toMatchObject({ go: [], suspicious: ["empty"] });
    await acceptSize(holdfast.ctx, { backupId: "empty" });
    expect((await decideNow(holdfast.db, databaseId, policy, new Date())).go.map(({ backup }) => backup.id)).toEqual(["b0"]);
  });

  it("says what will be kept in the coming weeks, or why nobody knows", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n);
    const policy = presetPolicy(7);
    const preview = () => previewRetention(holdfast.ctx, { databaseId, policy });
    expect((await preview()).notComing).toMatch(/^It has no schedule/);
    await saveSchedule(holdfast.ctx, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC" }));
    const { coming } = await preview();
    // 22 September 2026 is a Tuesday: what is left of its week, and five more.
    expect(coming).toMatchObject({ sentence: "Every day at 02:00 UTC" });
    expect([coming?.days.length, coming?.days[1], coming?.days.at(-1)]).toMatchObject([41, { taken: 1, goes: 0, kept: 7 }, { at: "2026-11-01T00:00:00.000Z", taken: 1, goes: 1, kept: 8 }]);
    await pauseSchedule(holdfast.ctx, { databaseId, kind: "backup", reason: "Moving", hours: null });
    expect((await preview()).notComing).toMatch(/^Its schedule is paused/);
  });

  it("is planned by itself also after one that was dated ahead of the clock", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { retention: JSON.stringify(presetPolicy(30)) } });
    const at = holdfast.clock.now();
    const run = (kind: string, when: Date) => holdfast.db.run.create({ data: { kind, status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "test", queuedAt: when, startedAt: when, finishedAt: when } });
    await run("prune_backups", new Date(at.getTime() + 99 * 86_400_000));
    await run("backup", at);
    expect(await pruneDue(holdfast.ctx)).toHaveLength(1);
  });

  it("is planned by itself once a backup came, and not again before the next", async () => {
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, n * 10);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { retention: JSON.stringify(presetPolicy(30)) } });
    expect(await pruneDue(holdfast.ctx)).toEqual([]);
    const at = holdfast.clock.now();
    await holdfast.db.run.create({ data: { kind: "backup", status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "test", queuedAt: at, startedAt: at, finishedAt: at } });
    const [runId = 0] = await pruneDue(holdfast.ctx);
    expect(await pruneDue(holdfast.ctx)).toEqual([]);
    await holdfast.work(runId);
    expect(await listed()).toEqual(["b0", "b1", "b2", "b3"]);
    expect(await pruneDue(holdfast.ctx)).toEqual([]);
  });
});
