import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditOutcome } from "@/lib/audit/schemas";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { transaction } from "@/lib/db/transaction";
import { decideRetention } from "@/lib/retention/decide";
import { readRetained } from "@/lib/retention/read";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { timeLimitName } from "@/lib/schedule/attempts";
import { tellDowntime } from "@/lib/schedule/record";
import { usualSettings } from "@/lib/schedule/usual";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { auditOutcome } from "@/lib/worker/execute";
import { sweep } from "@/lib/worker/sweep";
import { alertEvents } from "./events";
import { saveChannel } from "./save";
import { watchConditions } from "./watch";
import { workersConditions } from "./who-watches";
import { SaveChannelInput } from "./schemas";

let test: TestDatabase;
let databaseId: string;
let storeId: string;
beforeEach(async () => {
  test = await testDatabase();
  const admin = await test.as("admin");
  storeId = (await addStore(admin, { name: "local-disk", path: `${test.directory}/store` })).storeId;
  databaseId = (await addDatabase(admin, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId }))).databaseId;
  await saveChannel(admin, SaveChannelInput.parse({ kind: "slack", name: "All", url: "https://hooks.example/x", events: [...alertEvents] }));
});
afterEach(() => test.close());

const newRun = (kind: string, more: object = {}) => test.db.run.create({ data: { kind, status: "running", databaseId, input: "{}", initiatorKind: "user", initiatorName: "Maeve Byrne", origin: "t", queuedAt: test.clock.now(), ...more } });
const newBackup = async (id: string, more: object = {}) => {
  test.clock.advance(3_600_000);
  await test.db.backup.create({ data: { id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: test.clock.now(), sizeBytes: 1_000n, rows: 500n, initiatorKind: "cli", initiatorName: "t", rung: 3, ...more } });
  await test.db.copy.create({ data: { backupId: id, storeId, key: `${id}.dump`, sizeBytes: 9n, storedAt: test.clock.now() } });
};
const end = async (run: Awaited<ReturnType<typeof newRun>>, outcome: AuditOutcome, backupId?: string) => {
  await transaction(test, (tx) => auditOutcome(tx, test.schedule(), run, outcome, { result: backupId ? { backupId } : undefined, error: outcome === "succeeded" ? null : { message: "It broke." } }));
};
/** A run that a schedule started, which looks after it. */
const retriedBySchedule = async (runId: number) => {
  const at = test.clock.now();
  const { id } = await test.db.schedule.create({ data: { databaseId, ...usualSettings("backup"), options: null, recordedUntil: at, createdAt: at } });
  const occurrence = await test.db.occurrence.create({ data: { scheduleId: id, dueAt: at, startAt: at, state: "claimed" } });
  await test.db.occurrenceAttempt.create({ data: { runId, occurrenceId: occurrence.id, number: 1 } });
};
const events = async () => (await test.db.alert.findMany({ orderBy: [{ at: "asc" }, { cause: "asc" }] })).map(({ event }) => event);

describe("the end of a run", () => {
  it.each([
    ["backup", "failed", ["backup_failed"]],
    ["backup", "lost", ["backup_failed"]],
    ["backup", "cancelled", []],
    ["restore", "succeeded", ["restore_finished"]],
    ["restore", "failed", ["restore_failed"]],
    ["restore", "cancelled", []],
    ["apply_tables", "succeeded", ["restore_finished"]],
    ["undo_restore", "succeeded", ["restore_undone"]],
    ["undo_tables", "lost", ["restore_failed"]],
    ["verify_backup", "failed", []],
    ["prune_backups", "failed", []],
  ] as const)("%s that %s tells %j", async (kind, outcome, expected) => {
    await end(await newRun(kind, outcome === "cancelled" ? { cancelRequestedBy: "Maeve Byrne" } : {}), outcome);
    expect(await events()).toEqual(expected);
  });

  it("is no recovery when a partial backup by hand succeeds, of a database that is backed up whole, and hides no failure", async () => {
    const failed = await newRun("backup");
    await newBackup("part", { isPartial: true });
    const partial = await newRun("backup", { status: "succeeded", backupId: "part" });
    await end(failed, "failed");
    await end(partial, "succeeded", "part");
    expect((await test.db.alert.findMany({ where: { event: "backup_failed" } })).map(({ phase }) => phase)).toEqual(["happened"]);
    await newBackup("whole");
    await end(await newRun("backup", { status: "succeeded", backupId: "whole" }), "succeeded", "whole");
    expect((await test.db.alert.findMany({ where: { event: "backup_failed" }, orderBy: { at: "asc" } })).map(({ phase }) => phase)).toEqual(["happened", "recovered"]);
  });

  it("tells a redo as a restore that was done again, and calls it a redo where it fails", async () => {
    const redo = () => newRun("undo_restore", { input: JSON.stringify({ restoreId: "r", way: "redo" }) });
    await end(await redo(), "succeeded");
    test.clock.advance(1_000);
    await end(await redo(), "lost");
    const told = await test.db.alert.findMany({ orderBy: { at: "asc" } });
    expect(told.map(({ event }) => event)).toEqual(["restore_finished", "restore_failed"]);
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining("The restore of orders was done again by Maeve Byrne."), expect.stringContaining("The redo of the restore of orders")]);
    const entries = await test.db.auditEntry.findMany({ where: { action: "restore.redone" }, orderBy: { at: "asc" } });
    expect(entries.map(({ sentence }) => sentence)).toEqual(["Redo of the restore of orders", "Redo of the restore of orders"]);
  });

  it("tells of a staged restore only when it is put in place", async () => {
    await end(await newRun("resolve_staged", { input: JSON.stringify({ restoreId: "r", decide: "drop" }) }), "succeeded");
    expect(await events()).toEqual([]);
    await end(await newRun("resolve_staged", { input: JSON.stringify({ restoreId: "r", decide: "swap" }) }), "succeeded");
    expect(await events()).toEqual(["restore_finished"]);
  });

  it.each([["failed", "drill_failed"], ["inconclusive", "drill_inconclusive"]])("of a drill tells what it proved: %s", async (outcome, event) => {
    await newBackup("b1");
    const run = await newRun("drill", { backupId: "b1" });
    await test.db.drill.create({ data: { runId: run.id, databaseId, backupId: "b1", kind: "drill", startedAt: test.clock.now(), outcome } });
    await end(run, "failed");
    await watchConditions(test, workersConditions, test.clock.now());
    expect(await events()).toEqual([event]);
    const { message, backupId } = await test.db.alert.findFirstOrThrow();
    expect(message).toContain("22 Sep 2026 10:14:00 UTC");
    expect(backupId).toBe("b1");
  });

  it("of a backup that succeeds after some that failed tells once that it is over, and no ping", async () => {
    await saveChannel(await test.as("admin"), SaveChannelInput.parse({ kind: "ping", name: "Ping", url: "https://hc.example/x" }));
    await newBackup("b1");
    await end(await newRun("backup"), "failed");
    test.clock.advance(3_600_000);
    await end(await newRun("backup"), "lost");
    test.clock.advance(3_600_000);
    for (let again = 0; again < 2; again += 1) {
      const run = await newRun("backup", { backupId: "b1" });
      await end(run, "succeeded", "b1");
      await test.db.run.update({ where: { id: run.id }, data: { status: "succeeded" } });
      test.clock.advance(3_600_000);
    }
    const told = await test.db.alert.findMany({ where: { event: "backup_failed" }, orderBy: { at: "asc" }, include: { deliveries: { include: { channel: true } } } });
    expect(told.map(({ phase, deliveries }) => [phase, ...deliveries.map(({ channel }) => channel.name).sort()])).toEqual([["happened", "All", "Ping"], ["happened", "All", "Ping"], ["recovered", "All"]]);
    expect(told.map(({ severity }) => severity)).toEqual(["critical", "critical", "info"]);
    expect(told[2]?.message).toContain("“A backup failed” held from 22 Sep 2026 10:14:00 UTC to 22 Sep 2026 12:14:00 UTC.");
  });

  it("of a backup that leaves tables out of a database that is backed up whole pings nobody that all is well, and says so", async () => {
    await saveChannel(await test.as("admin"), SaveChannelInput.parse({ kind: "ping", name: "Ping", url: "https://hc.example/x" }));
    await newBackup("part", { isPartial: true });
    await end(await newRun("backup"), "succeeded", "part");
    await newBackup("whole");
    await end(await newRun("backup"), "succeeded", "whole");
    const rows = await test.db.alert.findMany({ where: { event: "backup_succeeded" }, orderBy: { at: "asc" }, include: { deliveries: { include: { channel: true } } } });
    expect(rows.map(({ backupId, message, deliveries }) => [backupId, message.includes("It leaves tables out"), ...deliveries.map(({ channel }) => channel.name).sort()])).toEqual([["part", true, "All"], ["whole", false, "All", "Ping"]]);
  });

  it("of a good backup tells its size, and when it is far smaller than usual", async () => {
    for (const id of ["b1", "b2", "b3"]) await newBackup(id);
    await newBackup("b4");
    await end(await newRun("backup"), "succeeded", "b4");
    expect(await events()).toEqual(["backup_succeeded"]);
    await newBackup("b5", { rows: 100n });
    await end(await newRun("backup"), "succeeded", "b5");
    expect((await events()).sort()).toEqual(["backup_succeeded", "backup_succeeded", "backup_unusual"]);
    const { message } = await test.db.alert.findFirstOrThrow({ where: { event: "backup_unusual" } });
    expect(message).toContain("1000 B and 100 rows, under half of what is usual. The one from 22 Sep 2026 13:14:00 UTC has 1000 B and 500 rows.");
  });

  it("of a backup that has grown tells once, whether those before it are there or were removed, and nothing is kept because of it", async () => {
    for (let n = 0; n < 10; n += 1) await newBackup(`b${n}`, n < 5 ? { deletedAt: test.clock.now() } : {});
    for (const id of ["large", "as-large"]) {
      await newBackup(id, { sizeBytes: 4n * 2n ** 20n });
      await end(await newRun("backup"), "succeeded", id);
    }
    const told = await test.db.alert.findMany({ where: { event: "backup_unusual" } });
    expect(told).toMatchObject([{ backupId: "large", message: expect.stringContaining("backup far larger than usual") as string }]);
    expect(decideRetention(await readRetained(test.db, databaseId, test.clock.now()), RetentionPolicy.parse({ everyDays: 0, atLeastGood: 1 }))).toMatchObject({ suspicious: [], stay: [{ backup: { id: "as-large" } }] });
  });

  it("of a good backup compares its size with no file that others made", async () => {
    await newBackup("foreign", { origin: "foreign", sizeBytes: 10n ** 9n, rows: null });
    await newBackup("b1");
    await end(await newRun("backup"), "succeeded", "b1");
    expect(await events()).toEqual(["backup_succeeded"]);
  });

  it("of the second backup of a database tells that it is far smaller than the only one before it, also after that was removed", async () => {
    await newBackup("b1", { deletedAt: test.clock.now() });
    await end(await newRun("backup"), "succeeded", "b1");
    await newBackup("b2", { rows: 1n });
    await end(await newRun("backup"), "succeeded", "b2");
    expect((await events()).filter((event) => event === "backup_unusual")).toHaveLength(1);
  });

  it("is told of what its time limit or a stopped worker ended, which nobody wished, unless its schedule tries again", async () => {
    await newBackup("b1");
    const drill = await newRun("drill", { backupId: "b1", cancelRequestedBy: timeLimitName(3_600) });
    await test.db.drill.create({ data: { runId: drill.id, databaseId, backupId: "b1", kind: "drill", startedAt: test.clock.now(), outcome: "inconclusive" } });
    await end(drill, "cancelled");
    await end(await newRun("backup"), "cancelled");
    await end(await newRun("backup", { cancelRequestedBy: "Maeve Byrne" }), "cancelled");
    await end(await newRun("restore"), "cancelled");
    expect((await events()).sort()).toEqual(["backup_failed", "drill_inconclusive", "restore_failed"]);
    const retried = await newRun("backup");
    await retriedBySchedule(retried.id);
    await end(retried, "cancelled");
    expect(await events()).toHaveLength(3);
  });

  it("is told also of a run whose worker is gone, once however many look", async () => {
    await newBackup("b1", { rung: 4 });
    await newRun("backup", { workerId: "elsewhere:1:a", heartbeatAt: new Date(0) });
    const worker = (id: string) => ({ id, db: test.db, installation: "t" });
    await Promise.all(["here:1:a", "here:2:b"].map((id) => sweep(worker(id), () => false)));
    expect(await events()).toEqual(["backup_failed"]);
    expect((await test.db.alert.findFirstOrThrow()).message).toContain("is still good: a drill has restored it.");
  });
});

it("tells missed backups with their record, and nothing else that was missed", async () => {
  for (const kind of ["backup", "drill"]) await transaction(test, (tx) => tellDowntime(tx, test.schedule(), { kind, database: { id: databaseId, name: "orders" } }, { many: 2, first: new Date("2026-09-20T02:00Z"), last: new Date("2026-09-21T02:00Z"), isMadeUp: false }));
  expect(await events()).toEqual(["backup_missed"]);
});
