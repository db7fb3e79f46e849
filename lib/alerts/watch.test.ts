import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase, removeDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { transaction } from "@/lib/db/transaction";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { auditOutcome } from "@/lib/worker/execute";
import { usualEvents } from "./events";
import { saveChannel } from "./save";
import { SaveChannelInput } from "./schemas";
import { saveAlertSettings } from "./settings";
import { watchConditions } from "./watch";
import { lookAfterWorker } from "./web";
import { workersConditions } from "./who-watches";

let test: TestDatabase;
let admin: Awaited<ReturnType<TestDatabase["as"]>>;
let databaseId: string;
let storeId: string;
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
  storeId = (await addStore(admin, { name: "local-disk", path: `${test.directory}/store` })).storeId;
  databaseId = (await addDatabase(admin, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId }))).databaseId;
  await test.db.database.update({ where: { id: databaseId }, data: { createdAt: test.clock.now() } });
  await test.db.store.update({ where: { id: storeId }, data: { checkedAt: test.clock.now(), totalBytes: 100n, freeBytes: 50n } });
  await test.db.worker.create({ data: { id: "host:1:a", startedAt: test.clock.now(), heartbeatAt: test.clock.now() } });
  await channel("Ops");
});
afterEach(() => test.close());

const channel = (name: string, more: object = {}) => saveChannel(admin, SaveChannelInput.parse({ kind: "slack", name, url: "https://hooks.example/x", events: [...usualEvents], ...more }));
const hours = (many: number) => test.clock.advance(many * 3_600_000);
const start = new Date("2026-09-22T00:00Z");
/** As many workers at once, each hearing that the worker lives. */
async function look(many = 2) {
  await test.db.worker.updateMany({ data: { heartbeatAt: test.clock.now() } });
  await Promise.all(Array.from({ length: many }, () => watchConditions(test, workersConditions, start)));
}
const subjects = async () => {
  const rows = await test.db.alert.findMany({ orderBy: [{ at: "asc" }, { cause: "asc" }], include: { deliveries: true } });
  return rows.map(({ message, deliveries }) => `${(JSON.parse(message) as { subject: string }).subject}${deliveries.length === 1 ? "" : ` (${deliveries.length})`}`);
};
const succeed = (more: object = {}) => test.db.run.create({ data: { kind: "backup", status: "succeeded", databaseId, input: "{}", initiatorKind: "cli", initiatorName: "t", origin: "t", queuedAt: test.clock.now(), finishedAt: test.clock.now(), ...more } });
const backup = async (id: string, more: object = {}) => {
  await test.db.backup.create({ data: { id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: test.clock.now(), sizeBytes: 9n, initiatorKind: "cli", initiatorName: "t", rung: 4, ...more } });
  await test.db.copy.create({ data: { backupId: id, storeId, key: `${id}.dump`, sizeBytes: 9n, storedAt: test.clock.now() } });
};
const lose = (id: string) => test.db.backup.update({ where: { id }, data: { rung: 1, problem: JSON.stringify({ rung: "stored", code: "store.file_missing", message: `${id}.dump is not in local-disk.`, at: test.clock.now().toISOString() }) } });

describe("nothing succeeded", () => {
  it("is told once, again every day, and when it is over, by however many workers", async () => {
    await look();
    hours(25.5);
    for (let minute = 0; minute < 5; minute += 1) {
      await look();
      test.clock.advance(60_000);
    }
    hours(24);
    await look();
    await succeed();
    await backup("b1");
    await look();
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours", "Still overdue: orders, no backup succeeded for 25 hours", "Recovered: orders, a backup succeeded"]);
    hours(26);
    await look();
    expect((await subjects()).at(-1)).toBe("Overdue: orders, no backup succeeded for 25 hours");
    expect(await test.db.alertCondition.findUnique({ where: { key: `nothing_succeeded:${databaseId}` } })).toMatchObject({ round: 2, closedAt: null });
  });

  it("counts by the database's own hours, and never at 0", async () => {
    await saveAlertSettings(admin, { nothingHours: 25, ownHours: { [databaseId]: 3 }, repeatHours: 0 });
    hours(4);
    await look();
    hours(99);
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 3 hours"]);
    await saveAlertSettings(admin, { nothingHours: 25, ownHours: { [databaseId]: 0 }, repeatHours: 0 });
    await look();
    expect((await subjects()).at(-1)).toBe("Recovered: orders, a backup succeeded");
    expect(await test.db.auditEntry.findFirst({ where: { action: "alert.settings_changed" }, orderBy: { id: "desc" } })).toMatchObject({ before: expect.stringContaining('"nothingSucceededHours of orders":3') as string, after: expect.stringContaining('"nothingSucceededHours of orders":"never"') as string });
  });

  it("is not put off by a backup of a clock that was ahead, which the message names", async () => {
    await succeed();
    const { id } = await succeed();
    const now = test.clock.now();
    await look();
    await backup("b1");
    hours(365 * 24);
    await test.db.run.update({ where: { id }, data: { finishedAt: test.clock.now() } });
    await test.db.backup.updateMany({ data: { takenAt: test.clock.now() } });
    test.clock.set(now);
    await look();
    expect(await subjects()).toEqual([]);
    hours(26);
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours"]);
    expect((await test.db.alert.findFirstOrThrow()).message).toContain("One is dated 22 Sep 2027 09:14:00 UTC, ahead of this machine's clock, so it is not counted.");
  });

  it("is told of a database that was added by a clock that was ahead", async () => {
    await test.db.database.update({ where: { id: databaseId }, data: { createdAt: new Date("2027-09-22T00:00Z") } });
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours"]);
  });

  it("is repeated a day after the clock was set right, not after the day it was set to", async () => {
    hours(365 * 24);
    await look();
    test.clock.set("2026-09-23T11:00Z");
    await look();
    await look();
    expect(await subjects()).toEqual(["Still overdue: orders, no backup succeeded for 25 hours", "Overdue: orders, no backup succeeded for 25 hours"]);
  });

  it("is not over by a partial backup of a database that is backed up whole, and is where that is the rule", async () => {
    hours(26);
    await look();
    await backup("part", { isPartial: true });
    await succeed({ backupId: "part" });
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours"]);
    await test.db.database.update({ where: { id: databaseId }, data: { options: JSON.stringify({ excludeTables: ["logs"] }) } });
    await look();
    expect((await subjects()).at(-1)).toBe("Recovered: orders, a backup succeeded");
  });

  it("ends without a word when its database is removed", async () => {
    hours(26);
    await look();
    await removeDatabase(admin, { databaseId, phrase: "orders" });
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours"]);
    expect(await test.db.alertCondition.count({ where: { closedAt: null } })).toBe(0);
  });
});

describe("channels", () => {
  it("that come later hear what holds with its next telling, and its end only if they heard of it", async () => {
    hours(26);
    await look();
    await channel("Second");
    await channel("Third", { severity: "critical" });
    await succeed();
    await backup("b1");
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours", "Recovered: orders, a backup succeeded"]);
  });

  it("hear what began while there was none", async () => {
    await test.db.alertChannel.updateMany({ data: { isOn: false } });
    hours(26);
    await look();
    expect(await subjects()).toEqual([]);
    await channel("New");
    await look();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours"]);
  });
});

describe("stores", () => {
  it("are told when they fill, when they cannot be read, and when that is over", async () => {
    await succeed();
    await backup("b1");
    const set = async (data: object) => {
      test.clock.advance(60_000);
      await test.db.store.update({ where: { id: storeId }, data });
      await look();
    };
    await set({ freeBytes: 9n });
    await set({ freeBytes: 11n });
    await set({ freeBytes: 9n });
    await set({ problem: "It does not exist." });
    await set({ problem: null, freeBytes: 50n });
    expect(await subjects()).toEqual(["Filling: local-disk, 9 % free", "Unreadable: local-disk, store", "Recovered: local-disk, space", "Recovered: local-disk, store"]);
  });
});

describe("stored files", () => {
  it("are told together, again when another is gone, and when all are there", async () => {
    await succeed();
    for (const id of ["b1", "b2", "b3", "b4"]) await backup(id);
    await lose("b1");
    await lose("b2");
    await look();
    await look();
    await lose("b3");
    await look();
    await test.db.backup.updateMany({ data: { problem: null, rung: 4 } });
    test.clock.advance(1_000);
    await look();
    expect(await subjects()).toEqual(["Damaged: orders, 2 stored backups missing or changed", "Damaged: orders, 3 stored backups missing or changed", "Recovered: orders, stored backups"]);
  });

  it("of a database that was removed are told too, by the name it has then", async () => {
    await succeed();
    for (const id of ["b1", "b2"]) await backup(id);
    await removeDatabase(admin, { databaseId, phrase: "orders" });
    await lose("b1");
    await look();
    expect(await subjects()).toEqual([expect.stringMatching(/^Damaged: orders \(removed 2026-09-22T[\d:]+\), 1 stored backup missing or changed$/) as string]);
    await test.db.backup.update({ where: { id: "b1" }, data: { deletedAt: test.clock.now() } });
    await look();
    expect((await subjects()).at(-1)).toMatch(/^Recovered: orders \(removed/);
  });

  it("of a run that failed by itself are not told a second time", async () => {
    await backup("b0");
    await succeed();
    await backup("b1");
    await lose("b1");
    await succeed({ status: "failed", backupId: "b1" });
    await look();
    expect(await subjects()).toEqual([]);
  });

  it("of which another store has a copy are told all the same", async () => {
    await succeed();
    await backup("b1");
    await test.db.copy.updateMany({ data: { missingAt: test.clock.now() } });
    await backup("b2");
    await look();
    expect(await subjects()).toEqual(["Damaged: orders, 1 stored backup missing or changed"]);
  });

  it("of which another store has a whole copy are told all the same", async () => {
    await succeed();
    await backup("b1");
    const problem = { rung: "intact", code: "backup.wrong_size", message: "b1 was cut.", at: test.clock.now().toISOString() };
    await test.db.copy.updateMany({ data: { problem: JSON.stringify(problem) } });
    await backup("b2");
    await look();
    expect(await subjects()).toEqual(["Damaged: orders, 1 stored backup missing or changed"]);
  });
});

describe("drills", () => {
  type Outcome = "passed" | "failed" | "inconclusive" | null;
  /** One that ends now, in the transaction that ends its run. */
  const drill = async (backupId: string, outcome: Outcome, { startedAt = test.clock.now(), of = databaseId as string | null, ends = outcome === "passed" ? "succeeded" : "failed" }: { startedAt?: Date; of?: string | null; ends?: "succeeded" | "failed" | "cancelled" | "lost" } = {}) => {
    test.clock.advance(60_000);
    const problem = outcome === "passed" ? null : { code: "drill.differs", kind: "integrity", message: `Two tables of ${backupId} differ.` };
    const run = await succeed({ kind: "drill", status: ends, databaseId: of, backupId, error: problem && JSON.stringify(problem), cancelRequestedBy: ends === "cancelled" ? "Maeve Byrne" : null });
    await test.db.drill.create({ data: { runId: run.id, databaseId: of, backupId, kind: "drill", startedAt, outcome } });
    await transaction(test, (tx) => auditOutcome(tx, test.schedule(), run, ends, { result: undefined, error: problem }));
    return run;
  };
  const told = async () => (await subjects()).filter((subject) => subject.includes("drill"));
  beforeEach(async () => {
    for (const id of ["b1", "b2"]) await backup(id);
  });

  it("that fail are told each, again every day, and when a later one passes; one that proves nothing changes nothing", async () => {
    await saveAlertSettings(admin, { nothingHours: 0, ownHours: {}, repeatHours: 24 });
    await test.db.database.update({ where: { id: databaseId }, data: { objectiveRpoSeconds: 90 * 86_400 } });
    for (const [id, outcome] of [["b1", "failed"], ["b2", "failed"], ["b2", "inconclusive"]] as const) {
      await drill(id, outcome);
      await look();
      await look();
    }
    hours(24);
    await look();
    await drill("b2", "passed");
    await look();
    await drill("b2", "passed");
    await look();
    expect(await subjects()).toEqual(["Failed: orders, drill", "Failed: orders, drill", "Not proven: orders, drill", "Still failed: orders, drill", "Recovered: orders, drill"]);
    const rows = await test.db.alert.findMany({ where: { event: "drill_failed" }, orderBy: { at: "asc" } });
    expect(rows.map(({ message }) => /of b\d/.exec(message)?.[0] ?? null)).toEqual(["of b1", "of b2", "of b2", null]);
    expect(rows[0]?.runId).not.toBe(rows[1]?.runId);
  });

  it("that fail are told each, also two that end before anybody looks, and one that was under way while another passed", async () => {
    const before = test.clock.now();
    await drill("b1", "failed");
    await drill("b2", "failed");
    await drill("b2", "passed");
    await drill("b1", "failed", { startedAt: before });
    await look();
    expect(await told()).toEqual(["Failed: orders, drill", "Failed: orders, drill", "Recovered: orders, drill", "Failed: orders, drill"]);
    await drill("b1", "passed", { startedAt: before });
    await look();
    expect((await told()).at(-1)).toBe("Recovered: orders, drill");
    await drill("b2", "failed");
    await drill("b1", "passed", { startedAt: before });
    await look();
    expect((await told()).at(-1)).toBe("Failed: orders, drill");
  });

  it("that fail are told by a clock that was ahead, when they were cancelled too late, and when their worker died after", async () => {
    await drill("b1", "failed", { startedAt: new Date(test.clock.now().getTime() + 99 * 86_400_000) });
    await drill("b1", "failed", { ends: "cancelled" });
    await drill("b1", "failed", { ends: "lost" });
    await look();
    expect(await told()).toEqual(["Failed: orders, drill", "Failed: orders, drill", "Failed: orders, drill"]);
    await drill("b1", "passed", { ends: "lost" });
    expect((await told()).at(-1)).toBe("Recovered: orders, drill");
  });

  it("that were cancelled before they proved anything are told to nobody", async () => {
    await drill("b1", null, { ends: "cancelled" });
    await look();
    expect(await told()).toEqual([]);
  });

  it("of a database that was removed, and of a file that belongs to none, are told once and not repeated", async () => {
    await removeDatabase(admin, { databaseId, phrase: "orders" });
    await drill("b1", "failed");
    await test.db.backup.update({ where: { id: "b2" }, data: { databaseId: null, databaseName: "ledger" } });
    await drill("b2", "failed", { of: null });
    await drill("b2", "inconclusive", { of: null });
    await look();
    hours(1);
    await look();
    expect(await told()).toEqual([expect.stringMatching(/^Failed: orders \(removed .*\), drill$/), "Failed: ledger, drill", "Not proven: ledger, drill"]);
    hours(24);
    await look();
    expect((await told()).at(-1)).toBe("Still failed: ledger, drill");
    // With the last file of that name there is nothing left to drill.
    await test.db.backup.update({ where: { id: "b2" }, data: { deletedAt: test.clock.now() } });
    hours(48);
    await look();
    expect((await told()).filter((subject) => subject.includes("ledger"))).toHaveLength(3);
  });

  it("that failed before they were a condition are not told again", async () => {
    const { id } = await succeed({ kind: "drill", status: "failed" });
    await test.db.drill.create({ data: { runId: id, databaseId, backupId: "b1", kind: "drill", startedAt: test.clock.now(), outcome: "failed" } });
    await look();
    expect(await told()).toEqual([]);
  });

  it("that failed while no channel wanted to know are told once one does", async () => {
    await test.db.alertChannel.updateMany({ data: { isOn: false } });
    await drill("b1", "failed");
    await look();
    await channel("Later");
    await look();
    await look();
    expect(await told()).toEqual(["Failed: orders, drill"]);
  });
});

describe("the worker", () => {
  const listen = async () => {
    const silent = await lookAfterWorker(test, start);
    await lookAfterWorker(test, start);
    return silent;
  };
  it("is told to be silent by the web process, once, and to be back", async () => {
    expect(await listen()).toBe(false);
    test.clock.advance(121_000);
    expect(await listen()).toBe(true);
    test.clock.advance(60_000);
    await listen();
    await test.db.worker.updateMany({ data: { heartbeatAt: test.clock.now() } });
    expect(await listen()).toBe(false);
    expect(await subjects()).toEqual(["Silent: worker, since 22 Sep 2026 09:14:00 UTC", "Recovered: worker"]);
  });
  it("leaves it to the web process to say that nothing succeeds", async () => {
    hours(26);
    await listen();
    expect(await subjects()).toEqual(["Overdue: orders, no backup succeeded for 25 hours", "Silent: worker, since 22 Sep 2026 09:14:00 UTC"]);
  });
  it("is no news when web and worker have just started together", async () => {
    hours(9);
    expect(await lookAfterWorker(test, test.clock.now())).toBe(false);
    expect(await subjects()).toEqual([]);
  });
});
