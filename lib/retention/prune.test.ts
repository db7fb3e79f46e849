import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { decideRetention } from "./decide";
import { hashDecision } from "./hash";
import { pruneDue } from "./prune-due";
import { readRetained } from "./read";
import { saveRetention, startCleanUp } from "./save";
import { presetPolicy, RetentionPolicy } from "./schemas";

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
  async function stored(id: string, daysAgo: number, extra: { databaseId?: string; keep?: boolean; legalHold?: string } = {}): Promise<void> {
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
    const decision = decideRetention(await readRetained(holdfast.db, databaseId), policy);
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
    expect(entries.map(({ backupId, reason, sizeBytes }) => [backupId, reason, sizeBytes])).toEqual([["b5", "by the rules just saved", 100n], ["b4", "by the rules just saved", 100n]]);
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
