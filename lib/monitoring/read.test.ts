import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGood } from "@/lib/alerts/good";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, BackupOptions } from "@/lib/databases/schemas";
import { backupKey } from "@/lib/runs/enqueue";
import { timeLimitName } from "@/lib/schedule/attempts";
import { pauseSchedule, removeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { readOverview } from "./read";
import { readFacts } from "./read-facts";
import { Overview } from "./schemas";
import { worstState } from "./worst-state";

let test: TestDatabase;
let storeId: string;
let databaseId: string;
beforeEach(async () => {
  test = await testDatabase();
  const ctx = await test.as("admin");
  ({ storeId } = await addStore(ctx, { name: "local-disk", path: "/backups" }));
  ({ databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "holdfast", storeId, objectiveRpoSeconds: 6 * 3_600 })));
  await test.db.worker.create({ data: { id: "worker-1", startedAt: test.clock.now(), heartbeatAt: test.clock.now() } });
});
afterEach(() => test.close());

const hoursAgo = (hours: number) => new Date(test.clock.now().getTime() - hours * 3_600_000);

async function backUp(hours: number, rung = 3, isPartial = false) {
  const run = await test.db.run.create({ data: { kind: "backup", status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: hoursAgo(hours), finishedAt: hoursAgo(hours) } });
  const backup = await test.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: hoursAgo(hours), sizeBytes: 742n, initiatorKind: "user", initiatorName: "x", rung, isPartial } });
  await test.db.run.update({ where: { id: run.id }, data: { backupId: backup.id } });
  const copy = await test.db.copy.create({ data: { backupId: backup.id, storeId, key: backup.id, sizeBytes: 742n, storedAt: hoursAgo(hours) } });
  return { run, backup, copy };
}
async function fail(hours: number) {
  const error = JSON.stringify({ code: "x", kind: "forbidden", message: "The role may not read payments.", toolOutput: "permission denied\nmore" });
  return test.db.run.create({ data: { kind: "backup", status: "failed", databaseId, input: "{}", error, initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: hoursAgo(hours), finishedAt: hoursAgo(hours) } });
}

describe("readOverview", () => {
  it("draws no day as backed up for a file made elsewhere until somebody read it", async () => {
    const { backup } = await backUp(2, 1);
    await test.db.backup.update({ where: { id: backup.id }, data: { origin: "foreign" } });
    const today = async () => (await readOverview(test)).databases[0]?.days.at(-1)?.state;
    expect(await today()).toBe("nothing");
    await test.db.backup.update({ where: { id: backup.id }, data: { rung: 3 } });
    expect(await today()).toBe("backed_up");
  });

  it("says when it runs next, what its schedule missed, and who paused it", async () => {
    const ctx = await test.as("admin");
    const shown = async () => Overview.parse(await readOverview(test)).databases[0];
    expect((await shown())?.nextRun).toBeNull();
    await saveSchedule(ctx, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "Europe/Dublin" }));
    expect((await shown())?.nextRun).toEqual({ at: "2026-09-23T01:00:00.000Z", sentence: "Every day at 02:00 Europe/Dublin", pausedBy: null });
    await backUp(60);
    const schedule = await test.db.schedule.findFirstOrThrow({ where: { kind: "backup" } });
    await test.db.occurrence.create({ data: { scheduleId: schedule.id, dueAt: hoursAgo(30), startAt: hoursAgo(30), state: "missed" } });
    expect((await shown())?.days.at(-2)).toMatchObject({ state: "missed", note: "1 missed" });
    expect((await readOverview(test)).attention.map(({ id }) => id)).toContain(`missed:${databaseId}`);
    await pauseSchedule(ctx, { databaseId, kind: "backup", reason: "Moving", hours: null });
    expect((await shown())?.nextRun).toEqual({ at: null, sentence: "Every day at 02:00 Europe/Dublin", pausedBy: "The admin" });
  });

  it("says how far setting up has come before the first backup", async () => {
    const overview = Overview.parse(await readOverview(test));
    expect(overview.firstSteps).toMatchObject({ database: { name: "orders", testedAt: null }, store: { name: "local-disk" }, activeRunId: null });
    expect(await worstState(test)).toBe("unknown");
  });

  it("takes a partial backup for a good one only where that is the rule", async () => {
    await backUp(30);
    await backUp(1, 4, true);
    const state = async () => {
      const [found] = (await readOverview(test)).databases;
      const [record] = await readFacts(test);
      return [found?.state, record?.facts.newestReadable?.takenAt, record?.facts.newestProven?.takenAt ?? null, (await readGood(test.db, databaseId, test.clock.now()))?.takenAt];
    };
    expect(await state()).toEqual(["exposed", hoursAgo(30), null, hoursAgo(30).toISOString()]);
    const inPart = [hoursAgo(1), hoursAgo(1), hoursAgo(1).toISOString()];
    await test.db.database.update({ where: { id: databaseId }, data: { options: JSON.stringify({ excludeTableData: ["logs"] }) } });
    expect((await state()).slice(1)).toEqual(inPart);
    await saveSchedule(await test.as("admin"), SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC", options: BackupOptions.parse({}) }));
    expect((await state())[0]).toBe("exposed");
    await saveSchedule(await test.as("admin"), SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC", options: BackupOptions.parse({ excludeTables: ["logs"] }) }));
    expect((await state()).slice(1)).toEqual(inPart);
    await test.db.database.update({ where: { id: databaseId }, data: { options: "{}" } });
    await removeSchedule(await test.as("admin"), { databaseId, kind: "backup" });
    expect((await state())[0]).toBe("exposed");
  });

  it("takes a backup that its schedule's time limit ended for one that failed, and one that a person cancelled for none", async () => {
    await backUp(30);
    const end = (cancelRequestedBy: string, hours: number) => test.db.run.create({ data: { kind: "backup", status: "cancelled", databaseId, input: "{}", error: JSON.stringify({ code: "run.cancelled", kind: "cancelled", message: "It took too long." }), cancelRequestedBy, cancelRequestedAt: hoursAgo(hours), initiatorKind: "schedule", initiatorName: "x", origin: "x", queuedAt: hoursAgo(hours), finishedAt: hoursAgo(hours) } });
    await end("Maeve Byrne", 3);
    const last = async () => (await readFacts(test))[0]?.facts;
    expect(await last()).toMatchObject({ lastRun: { failed: false }, failuresInARow: 0 });
    const { id } = await end(timeLimitName(3_600), 2);
    await end("Maeve Byrne", 1);
    expect(await last()).toMatchObject({ lastRun: { id, failed: true, message: "It took too long." }, failuresInARow: 1 });
  });

  it("is running while the first backup is queued", async () => {
    await test.db.run.create({ data: { kind: "backup", status: "queued", databaseId, activeKey: backupKey(databaseId), input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: hoursAgo(0) } });
    expect(await readOverview(test)).toMatchObject({ isActive: true, databases: [{ state: "running" }] });
  });

  it("counts on the newest readable backup, and on what each store holds", async () => {
    await backUp(20, 4);
    await backUp(2);
    await backUp(1, 1);
    const overview = Overview.parse(await readOverview(test));
    expect(overview.firstSteps).toBeNull();
    expect(overview.databases).toMatchObject([{ state: "at_risk", newest: { rung: "readable", takenAt: hoursAgo(2).toISOString() } }]);
    expect(overview.stores).toMatchObject([{ name: "local-disk", backups: 3, use: [{ name: "orders", bytes: 3 * 742 }], totalBytes: null }]);
  });

  it("counts on a proven backup that is younger than the newest that is only readable", async () => {
    await backUp(5);
    await backUp(3, 4);
    await backUp(1, 2);
    expect((await readOverview(test)).databases).toMatchObject([{ newest: { rung: "proven", takenAt: hoursAgo(3).toISOString() } }]);
  });

  it("counts the backups of each day in UTC, also those deleted since, and keeps a problem open until a later one was readable", async () => {
    await backUp(0.5, 1);
    await backUp(1, 1);
    const { backup: damaged } = await backUp(30);
    await test.db.backup.update({ where: { id: damaged.id }, data: { rung: 2, problem: JSON.stringify({ rung: "readable", code: "backup.undecodable", message: "It ends early.", at: hoursAgo(29).toISOString() }) } });
    const { backup: deleted } = await backUp(32);
    await test.db.backup.update({ where: { id: deleted.id }, data: { deletedAt: hoursAgo(2) } });
    await backUp(24 * 31);
    const days = async () => (await readOverview(test)).databases[0]?.days ?? [];
    expect((await days()).slice(-2)).toEqual([
      { at: "2026-09-21T00:00:00.000Z", state: "problem", note: "2\u00a0backups" },
      { at: "2026-09-22T00:00:00.000Z", state: "backed_up", note: "2\u00a0backups" },
    ]);
    expect((await days()).filter(({ state }) => state === "nothing")).toHaveLength(28);
    await backUp(29);
    expect((await days()).at(-2)).toMatchObject({ state: "resolved", note: "3\u00a0backups" });
  });

  it("does not count on a missing file, a deleted backup or an unreadable store", async () => {
    const { copy } = await backUp(2);
    await test.db.copy.update({ where: { id: copy.id }, data: { missingAt: hoursAgo(1) } });
    const { backup } = await backUp(3);
    await test.db.backup.update({ where: { id: backup.id }, data: { deletedAt: hoursAgo(1) } });
    expect((await readOverview(test)).databases).toMatchObject([{ state: "exposed", newest: null, unknownWhy: "none can be restored" }]);
    await test.db.store.update({ where: { id: storeId }, data: { problem: "it does not exist", checkedAt: hoursAgo(1) } });
    expect((await readOverview(test)).databases).toMatchObject([{ state: "unknown", newest: null }]);
  });

  it("says how long getting back took the last time with a backup as large, and estimates nothing", async () => {
    const { backup, run } = await backUp(2, 4);
    expect((await readOverview(test)).databases).toMatchObject([{ measured: null }]);
    await test.db.drill.create({ data: { id: "d1", runId: run.id, databaseId, backupId: backup.id, kind: "drill", outcome: "passed", startedAt: hoursAgo(2), finishedAt: hoursAgo(1), totalMs: 188_000 } });
    expect(Overview.parse(await readOverview(test)).databases).toMatchObject([{ measured: { kind: "drill", totalMs: 188_000, sizeBytes: 742, runId: run.id } }]);
    await test.db.backup.update({ where: { id: backup.id }, data: { sizeBytes: 7n } });
    await backUp(1, 4);
    expect((await readOverview(test)).databases).toMatchObject([{ measured: null }]);
  });

  it("counts failures since the last success, with the tool's first line", async () => {
    await fail(40);
    await backUp(30);
    await fail(20);
    const last = await fail(1);
    const overview = await readOverview(test);
    expect(overview.attention).toMatchObject([{ state: "exposed", title: "orders: two backups failed in a row", toolOutput: "permission denied", action: { href: `/runs/${last.id}` } }, { id: "alerts", state: null }]);
    expect(overview.databases[0]?.days.at(-1)?.state).toBe("problem");
  });

  it("knows nothing while the worker is silent", async () => {
    await backUp(1, 4);
    expect(await worstState(test)).toBe("protected");
    test.clock.advance(31_000);
    expect(await worstState(test)).toBe("unknown");
    expect((await readOverview(test)).databases).toMatchObject([{ state: "unknown", newest: null, unknownWhy: "worker silent" }]);
  });
});
