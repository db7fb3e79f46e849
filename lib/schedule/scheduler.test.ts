import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
import { verifyChain } from "@/lib/audit/verify";
import { addDatabase, removeDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { transaction } from "@/lib/db/transaction";
import { pruneDue } from "@/lib/retention/prune-due";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { auditOutcome } from "@/lib/worker/execute";
import { runSchedules } from "@/lib/worker/scheduler";
import { pauseSchedule, removeSchedule, resumeSchedule, saveSchedule } from "./manage";
import { occurrencesBetween } from "./occurrences";
import { SaveScheduleInput } from "./schemas";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = fileURLToPath(new URL("./scheduler.test-program.ts", import.meta.url));

let test: TestDatabase;
let databaseId: string;
type Ctx = Awaited<ReturnType<TestDatabase["as"]>>;
let admin: Ctx;

beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
  const { storeId } = await addStore(admin, { name: "local-disk", path: `${test.directory}/store` });
  databaseId = (await addDatabase(admin, AddDatabaseInput.parse({ container: "postgres", databaseName: "orders", role: "postgres", storeId }))).databaseId;
  // What every database has from the start; the tests that want it give it back.
  await test.db.schedule.deleteMany();
});
afterEach(() => test.close());

const save = (more: Partial<SaveScheduleInput> = {}) => saveSchedule(admin, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC", ...more }));
const look = (at: string) => {
  test.clock.set(at);
  return runSchedules(test.db, test.clock);
};
const occurrences = async () => (await test.db.occurrence.findMany({ orderBy: { dueAt: "asc" } })).map(({ dueAt, state }) => `${dueAt.toISOString().slice(5, 16)} ${state}`);
const end = (status: string, more: object = {}) => test.db.run.updateMany({ where: { status: { in: ["queued", "running"] } }, data: { status, startedAt: test.clock.now(), finishedAt: test.clock.now(), activeKey: null, ...more } });
const actions = async () => (await test.db.auditEntry.findMany({ where: { action: { startsWith: "schedule." } }, orderBy: { id: "asc" } })).map(({ action }) => action);

describe("the scheduler", () => {
  it("starts a backup in the name of the schedule, and records how it ended", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    expect(await occurrences()).toEqual(["09-23T02:00 expected"]);
    await look("2026-09-23T02:00:03Z");
    expect(await occurrences()).toEqual(["09-23T02:00 claimed", "09-24T02:00 expected"]);
    expect(await test.db.run.findMany()).toMatchObject([{ kind: "backup", databaseId, initiatorKind: "schedule", status: "queued" }]);
    await end("succeeded");
    await look("2026-09-23T02:10Z");
    expect(await occurrences()).toEqual(["09-23T02:00 done", "09-24T02:00 expected"]);
    expect(await test.db.run.count()).toBe(1);
  });

  it("makes up once for a downtime, and says in the audit log what was missed", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("2026-09-26T09:00Z");
    expect(await occurrences()).toEqual(["09-23T02:00 missed", "09-24T02:00 missed", "09-25T02:00 missed", "09-26T02:00 claimed", "09-27T02:00 expected"]);
    await end("succeeded");
    await look("2026-09-26T09:10Z");
    expect((await occurrences())[3]).toBe("09-26T02:00 late");
    expect(await actions()).toEqual(["schedule.saved", "schedule.missed"]);
    expect(await test.db.run.count()).toBe(1);
  });

  it("tells of a downtime in which one backup was missed, though it is made up for, and of no start that is a little late", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save();
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:04Z");
    await end("succeeded");
    await look("2026-09-23T02:10Z");
    expect(await test.db.alert.count()).toBe(0);
    await look("2026-09-24T02:06Z");
    expect((await occurrences())[1]).toBe("09-24T02:00 claimed");
    const [alert, ...more] = await test.db.alert.findMany({ where: { event: "backup_missed" } });
    expect(more).toEqual([]);
    expect(alert?.message).toContain("due at 24 Sep 2026 02:00:00 UTC was not taken at its time: Holdfast was not running. It is made up for now.");
    const entries = await test.db.auditEntry.findMany({ where: { action: "schedule.missed" } });
    expect(entries.map(({ sentence, reason }) => [sentence.replaceAll("\u00a0", " "), reason])).toEqual([["Missed 1 backup of orders, 24 Sep 2026 02:00:00 UTC", "Holdfast was not running. It is made up for."]]);
  });

  it("tells once of a downtime in which a thousand backups were missed, and of the next one for itself", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ cron: "*/10 * * * *", missed: "skip" });
    await look("2026-09-22T09:20Z");
    await end("succeeded");
    const from = test.clock.now().getTime();
    const back = (minutes: number) => look(new Date(from + minutes * 60_000).toISOString());
    const told = async () => (await test.db.auditEntry.findMany({ where: { action: "schedule.missed" }, orderBy: { id: "asc" } })).map(({ sentence }) => sentence.replaceAll("\u00a0", " ").split(", ")[0]);
    // 1,199 times after the one at 09:20, the last of them six minutes ago.
    await back(11_996);
    expect(await told()).toEqual(["Missed 1,199 backups of orders"]);
    expect(await test.db.occurrence.count({ where: { state: "missed" } })).toBe(1_199);
    expect(await test.db.alert.findMany({ where: { event: "backup_missed" } })).toMatchObject([{ message: expect.stringContaining("1,199 backups of orders, due from 22 Sep 2026 09:30:00 UTC to 30 Sep 2026 17:10:00 UTC,") as string }]);
    await back(12_096);
    expect((await told())[1]).toBe("Missed 10 backups of orders");
    expect(await test.db.alert.count({ where: { event: "backup_missed" } })).toBe(2);
  });

  it("goes on from now when the clock was a year ahead for a minute, and starts nothing twice", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("2027-09-22T10:00Z");
    await end("succeeded");
    await look("2027-09-22T10:01Z");
    await look("2026-09-22T10:02Z");
    await look("2026-09-22T10:05Z");
    expect(await occurrences()).toEqual(["09-23T02:00 expected", "09-22T02:00 late"]);
    await look("2026-09-23T02:00Z");
    await end("succeeded");
    await look("2026-09-23T02:01Z");
    await look("2026-09-23T02:02Z");
    expect(await occurrences()).toEqual(["09-23T02:00 done", "09-24T02:00 expected", "09-22T02:00 late"]);
    expect(await test.db.run.count()).toBe(2);
    expect((await actions()).filter((action) => action === "schedule.rewound")).toHaveLength(1);
    expect(await test.db.auditEntry.findFirst({ where: { action: "schedule.rewound" } })).toMatchObject({ sentence: "Counts the times of the schedule of orders from now", reason: expect.stringContaining("the clock was ahead, or is behind.") as string });
  });

  it("misses nothing again, and makes up for nothing again, after the clock was behind for a moment", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("2026-09-26T09:00Z");
    await end("succeeded");
    await look("2026-09-26T09:01Z");
    const before = await occurrences();
    const said = await actions();
    // A machine that has restarted with a clock that is days behind, until it has asked for the time.
    for (const at of ["2026-09-22T20:00:00Z", "2026-09-22T20:00:30Z", "2026-09-22T20:02:59Z", "2026-09-26T09:05:00Z"]) await look(at);
    expect([await occurrences(), await actions(), await test.db.run.count()]).toEqual([before, said, 1]);
    // A second time does not add to the first.
    for (const at of ["2026-09-22T20:00:00Z", "2026-09-22T20:02:30Z", "2026-09-26T09:10:00Z"]) await look(at);
    expect([await occurrences(), await actions(), await test.db.run.count()]).toEqual([before, said, 1]);
  });

  it("leaves out no time that came while it waited whether the clock is behind", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("2027-09-22T10:00Z");
    await end("succeeded");
    for (const at of ["2027-09-22T10:01Z", "2026-09-23T01:58Z", "2026-09-23T02:01Z"]) await look(at);
    expect((await occurrences())[0]).toBe("09-23T02:00 claimed");
  });

  it("takes nothing back and misses nothing while a machine without a battery thinks that it is 1970", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("1970-01-01T00:01Z");
    await look("2026-09-22T10:05Z");
    expect(await occurrences()).toEqual(["09-23T02:00 expected"]);
    expect(await actions()).toEqual(["schedule.saved"]);
  });

  it("starts a time once when the clock goes back over it, by seconds or by days", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:00:01Z");
    await end("succeeded");
    for (const at of ["2026-09-23T01:59:59Z", "2026-09-23T02:00:00Z", "2026-09-23T02:00:05Z"]) await look(at);
    expect(await occurrences()).toEqual(["09-23T02:00 done", "09-24T02:00 expected"]);
    await look("2026-09-20T10:00Z");
    expect(await occurrences()).toEqual(["09-23T02:00 done", "09-24T02:00 expected"]);
    await look("2026-09-20T10:03Z");
    expect(await occurrences()).toEqual(["09-21T02:00 expected", "09-23T02:00 done"]);
    await look("2026-09-23T10:00Z");
    expect(await occurrences()).toEqual(["09-21T02:00 missed", "09-22T02:00 claimed", "09-23T02:00 done", "09-24T02:00 expected"]);
    expect(await test.db.run.count()).toBe(2);
  });

  it("tries again what was lost before its backup was read to its end, and takes one that was for done", async () => {
    const made = async (rung: number) => {
      const backup = await test.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: test.clock.now(), sizeBytes: 9n, initiatorKind: "schedule", initiatorName: "x", rung } });
      await end("lost", { backupId: backup.id });
    };
    await save();
    await look("2026-09-23T02:00Z");
    await made(1);
    await look("2026-09-23T02:02Z");
    expect(await occurrences()).toContain("09-23T02:00 claimed");
    expect(await test.db.run.count({ where: { status: "queued" } })).toBe(1);
    await made(3);
    await look("2026-09-23T02:03Z");
    expect(await occurrences()).not.toContain("09-23T02:00 claimed");
    expect(await test.db.alert.count({ where: { event: "backup_failed" } })).toBe(0);
  });

  it("tries again what failed while the clock was ahead without waiting for that time", async () => {
    await save({ retries: 1, retryDelaySeconds: 60 });
    await look("2026-09-22T10:00Z");
    await look("2027-09-22T10:00Z");
    await end("failed");
    await look("2027-09-22T10:00:10Z");
    expect(await test.db.run.count()).toBe(1);
    await look("2026-09-22T10:01Z");
    expect(await test.db.run.count()).toBe(2);
  });

  it("tells of a failure whose second attempt a person cancels", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ retries: 1, retryDelaySeconds: 60 });
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:00Z");
    await end("failed");
    await look("2026-09-23T02:01Z");
    const failed = await test.db.run.findFirstOrThrow({ orderBy: { id: "asc" } });
    await end("cancelled", { cancelRequestedBy: "Maeve Byrne" });
    expect(await test.db.alert.count()).toBe(0);
    await look("2026-09-23T02:02Z");
    expect((await occurrences())[0]).toBe("09-23T02:00 skipped");
    expect((await test.db.alert.findMany()).map(({ event, runId }) => [event, runId])).toEqual([["backup_failed", failed.id]]);
  });

  it("tries a failed one again in a run of its own, and ends one that takes too long", async () => {
    await save({ retries: 1, retryDelaySeconds: 60, timeoutSeconds: 600 });
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:00Z");
    await end("failed");
    await look("2026-09-23T02:00:30Z");
    expect(await test.db.run.count()).toBe(1);
    await look("2026-09-23T02:01:00Z");
    expect(await test.db.occurrenceAttempt.findMany({ orderBy: { number: "asc" } })).toMatchObject([{ number: 1 }, { number: 2 }]);
    await test.db.run.updateMany({ where: { status: "queued" }, data: { status: "running", startedAt: test.clock.now() } });
    await look("2026-09-23T02:11:00Z");
    expect(await test.db.run.findFirst({ orderBy: { id: "desc" } })).toMatchObject({ status: "running", cancelRequestedBy: "its schedule's time limit of 10\u00a0m" });
    await end("cancelled");
    await look("2026-09-23T02:11:10Z");
    expect((await occurrences())[0]).toBe("09-23T02:00 failed");
    expect(await test.db.run.count()).toBe(2);
  });

  it("tells of a backup that ran over its time limit", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ retries: 0, timeoutSeconds: 600 });
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:00Z");
    await test.db.run.updateMany({ where: { status: "queued" }, data: { status: "running", startedAt: test.clock.now() } });
    await look("2026-09-23T02:11:00Z");
    await end("cancelled");
    await look("2026-09-23T02:11:10Z");
    const run = await test.db.run.findFirstOrThrow();
    expect((await occurrences())[0]).toBe("09-23T02:00 failed");
    expect((await test.db.alert.findMany()).map(({ event, runId }) => [event, runId])).toEqual([["backup_failed", run.id]]);
  });

  it("wakes nobody for an attempt that is tried again, and tells of the last one how many there were", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ retries: 1, retryDelaySeconds: 60 });
    await look("2026-09-22T10:00Z");
    /** Ends the run that is under way as a worker does. */
    const finish = async (status: "succeeded" | "failed") => {
      const run = await test.db.run.findFirstOrThrow({ where: { status: "queued" } });
      const error = status === "failed" ? { code: "backup.disk_full", kind: "precondition", message: "The disk is full." } : null;
      await end(status, { error: error && JSON.stringify(error) });
      await transaction(test, (tx) => auditOutcome(tx, test.schedule(), run, status, { error }));
    };
    const told = async () => (await test.db.alert.findMany({ where: { event: "backup_failed" }, orderBy: { at: "asc" } })).map(({ phase, message }) => `${phase}: ${(JSON.parse(message) as { happened: string }).happened}`);
    await look("2026-09-23T02:00Z");
    await finish("failed");
    await look("2026-09-23T02:00:30Z");
    await look("2026-09-23T02:01:30Z");
    await finish("succeeded");
    await look("2026-09-23T02:02Z");
    expect(await told()).toEqual([]);
    await look("2026-09-24T02:00Z");
    await finish("failed");
    await look("2026-09-24T02:01:30Z");
    await finish("failed");
    expect(await told()).toEqual([]);
    await Promise.all([look("2026-09-24T02:02Z"), runSchedules(test.db, test.clock)]);
    expect(await told()).toEqual(["happened: A backup of orders failed, tried 2 times. The disk is full."]);
    await look("2026-09-25T02:00Z");
    await finish("succeeded");
    expect(await told()).toHaveLength(2);
    expect((await told())[1]).toBe("recovered: A backup of orders succeeded again. “A backup failed” held from 24 Sep 2026 02:02:00 UTC to 25 Sep 2026 02:00:00 UTC.");
  });

  it("tells at once of a failure that is not tried again, as when it is paused meanwhile", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ retries: 5, retryDelaySeconds: 3_600 });
    await look("2026-09-22T10:00Z");
    await look("2026-09-23T02:00Z");
    await end("failed");
    await look("2026-09-23T02:00:30Z");
    await pauseSchedule(admin, { databaseId, kind: "backup", reason: "Moving", hours: 24 });
    await look("2026-09-23T02:01Z");
    expect(await test.db.alert.findMany()).toMatchObject([{ event: "backup_failed", runId: 1 }]);
  });

  it.each(["paused", "removed"])("does not say of what was missed in a downtime that somebody wanted it so, when it is %s before the worker is back", async (how) => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "webhook", name: "Hook", url: "https://hooks.example/x", signingSecret: "sign-with-this-1234" }));
    await save({ cron: "*/10 * * * *" });
    await look("2026-09-22T09:20Z");
    await end("succeeded");
    await look("2026-09-22T09:21Z");
    test.clock.set("2026-09-26T09:21Z");
    if (how === "paused") await pauseSchedule(admin, { databaseId, kind: "backup", reason: "Moving", hours: null });
    else await removeSchedule(admin, { databaseId, kind: "backup" });
    expect(await test.db.occurrence.groupBy({ by: ["state"], _count: true, orderBy: { state: "asc" } })).toMatchObject([{ state: "done", _count: 1 }, { state: "missed", _count: 575 }, { state: "skipped", _count: 1 }]);
    const [entry] = await test.db.auditEntry.findMany({ where: { action: "schedule.missed" } });
    expect(entry).toMatchObject({ sentence: expect.stringContaining("575") as string, reason: "Holdfast was not running." });
    expect(await test.db.alert.count({ where: { event: "backup_missed" } })).toBe(1);
  });

  it("records what a pause skips, and goes on after it", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await pauseSchedule(admin, { databaseId, kind: "backup", reason: "Moving", hours: 24 });
    await expect(pauseSchedule(admin, { databaseId, kind: "backup", reason: "Moving", hours: null })).rejects.toMatchObject({ code: "schedule.already_paused" });
    await look("2026-09-23T03:00Z");
    expect(await occurrences()).toEqual(["09-23T02:00 skipped"]);
    expect(await test.db.occurrence.findFirst()).toMatchObject({ why: "Paused by The admin: Moving." });
    await look("2026-09-23T10:00:05Z");
    expect(await occurrences()).toEqual(["09-23T02:00 skipped", "09-24T02:00 expected"]);
    expect(await test.db.schedule.findFirst()).toMatchObject({ pausedAt: null, pausedBy: null });
    await expect(resumeSchedule(admin, { databaseId, kind: "backup" })).rejects.toMatchObject({ code: "schedule.not_paused" });
    expect(await actions()).toEqual(["schedule.saved", "schedule.paused", "schedule.resumed"]);
  });

  it("changes its times from now on, once, with before and after", async () => {
    await save();
    await look("2026-09-22T10:00Z");
    await save({ cron: "0 12 * * *" });
    await save({ cron: "0 12 * * *" });
    await look("2026-09-22T12:00Z");
    expect(await occurrences()).toEqual(["09-22T12:00 claimed", "09-23T12:00 expected"]);
    const entries = await test.db.auditEntry.findMany({ where: { action: "schedule.saved" }, orderBy: { id: "asc" } });
    expect(entries).toHaveLength(2);
    expect([JSON.parse(entries[1]?.before ?? ""), JSON.parse(entries[1]?.after ?? "")]).toMatchObject([{ cron: "0 2 * * *" }, { when: "Every day at 12:00 UTC" }]);
  });

  it("ends with its removal, or with that of its database, and keeps what it did", async () => {
    await save();
    await look("2026-09-23T03:00Z");
    await end("succeeded");
    await look("2026-09-23T03:01Z");
    await removeSchedule(admin, { databaseId, kind: "backup" });
    await expect(removeSchedule(admin, { databaseId, kind: "backup" })).rejects.toMatchObject({ code: "schedule.not_found" });
    await look("2026-09-25T03:00Z");
    expect(await occurrences()).toEqual(["09-23T02:00 late"]);
    await save();
    await look("2026-09-25T03:01Z");
    await removeDatabase(admin, { databaseId, phrase: "orders" });
    await look("2026-09-27T03:00Z");
    expect((await test.db.schedule.findFirst())?.removedAt).not.toBeNull();
    expect(await test.db.run.count()).toBe(1);
  });

  it("claims each time once when many ask at the same moment", async () => {
    await save({ cron: "0 * * * *" });
    for (const at of ["2026-09-22T10:00:01Z", "2026-09-22T11:00:01Z", "2026-09-22T12:00:01Z"]) {
      test.clock.set(at);
      await Promise.all([1, 2, 3, 4].map(() => runSchedules(test.db, test.clock)));
      await end("succeeded");
    }
    expect((await occurrences()).map((one) => one.slice(0, 11))).toEqual(["09-22T10:00", "09-22T11:00", "09-22T12:00", "09-22T13:00"]);
    expect(await test.db.occurrenceAttempt.count()).toBe(3);
    expect(await test.db.run.count()).toBe(3);
  });
});

/** A readable backup that can be drilled, with a file on record. */
async function stored(id: string, more: { databaseId?: string; daysAgo?: number; readBackAt?: Date } = {}) {
  const at = new Date(test.clock.now().getTime() - (more.daysAgo ?? 0) * 86_400_000);
  const { id: storeId } = await test.db.store.findFirstOrThrow();
  await test.db.backup.create({
    data: { id, databaseId: more.databaseId ?? databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 1n, initiatorKind: "user", initiatorName: "x", rung: 3, readableAt: at, manifest: { create: { content: "{}" } }, copies: { create: { storeId, key: `${id}.dump.zst`, sizeBytes: 1n, sha256: "0", storedAt: at, readBackAt: more.readBackAt ?? at } } },
  });
}

describe("schedules of other kinds", () => {
  const last = async (kind: string) => test.db.occurrence.findFirst({ where: { schedule: { kind }, state: { not: "expected" } }, orderBy: { dueAt: "desc" }, include: { attempts: { include: { run: true } } } });

  it("start a drill of a backup that can be drilled, or say that there is none", async () => {
    await save({ kind: "drill", cron: "0 3 * * *", overlap: "wait", retries: 0 });
    await look("2026-09-23T03:00Z");
    expect(await last("drill")).toMatchObject({ state: "skipped", why: "There is no backup that can be drilled.", attempts: [] });
    await stored("b1");
    await look("2026-09-24T03:00Z");
    expect(await last("drill")).toMatchObject({ state: "claimed", attempts: [{ run: { kind: "drill", backupId: "b1", initiatorKind: "schedule" } }] });
    await end("failed");
    await look("2026-09-24T03:01Z");
    expect(await last("drill")).toMatchObject({ state: "failed" });
  });

  it("make a drill wait for work on a file of the database, and for a drill of another one", async () => {
    const { id: storeId } = await test.db.store.findFirstOrThrow();
    const other = (await addDatabase(admin, AddDatabaseInput.parse({ container: "postgres", databaseName: "bimcalc", role: "postgres", storeId }))).databaseId;
    await stored("b1");
    await stored("b2", { databaseId: other });
    await save({ kind: "drill", cron: "0 3 * * *", overlap: "wait" });
    await save({ kind: "drill", cron: "0 3 * * *", overlap: "wait", databaseId: other });
    await test.db.run.create({ data: { kind: "verify_backup", status: "running", databaseId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: test.clock.now(), activeKey: "backup-file:b1" } });
    await look("2026-09-23T03:00Z");
    expect((await test.db.run.findMany({ where: { kind: "drill" } })).map(({ backupId }) => backupId)).toEqual(["b2"]);
    await end("succeeded");
    await look("2026-09-23T03:01Z");
    expect((await test.db.run.findMany({ where: { kind: "drill" }, orderBy: { id: "asc" } })).map(({ backupId }) => backupId)).toEqual(["b2", "b1"]);
  });

  it("take a lost drill for what it is: it proved nothing, and starts again", async () => {
    await stored("b1");
    await save({ kind: "drill", cron: "0 3 * * *", overlap: "wait" });
    await look("2026-09-23T03:00Z");
    await end("lost");
    await look("2026-09-23T03:02Z");
    expect((await last("drill"))?.attempts.map(({ run }) => run.status)).toEqual(["lost", "queued"]);
  });

  it("clean up at their time and at no other, and say when nothing was to be removed", async () => {
    await save({ kind: "clean_up", cron: "0 3 * * 0", overlap: "wait" });
    for (let n = 0; n < 6; n += 1) await stored(`b${n}`, { daysAgo: n * 10 });
    await look("2026-09-27T03:00Z");
    expect(await last("clean_up")).toMatchObject({ state: "skipped", why: "It has no retention rules: everything is kept." });
    await test.db.database.update({ where: { id: databaseId }, data: { retention: JSON.stringify({ everyDays: 30 }) } });
    await test.db.run.create({ data: { kind: "backup", status: "succeeded", databaseId, input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: test.clock.now(), finishedAt: test.clock.now() } });
    expect(await pruneDue({ ...admin, clock: test.clock })).toEqual([]);
    await look("2026-10-04T03:00Z");
    const found = await last("clean_up");
    expect(JSON.parse(found?.attempts[0]?.run.input ?? "{}")).toMatchObject({ backupIds: ["b5", "b4"] });
    await test.db.backup.updateMany({ where: { id: { in: ["b4", "b5"] } }, data: { deletedAt: test.clock.now() } });
    await end("succeeded");
    await look("2026-10-11T03:00Z");
    expect(await last("clean_up")).toMatchObject({ state: "done", why: "Nothing was to be removed.", attempts: [] });
  });

  it("read files again whose month is about to end, and say so when none has its turn", async () => {
    await save({ kind: "recheck", cron: "0 5 * * *", overlap: "wait" });
    await stored("b1");
    await stored("b2", { daysAgo: 40, readBackAt: new Date("2026-08-25T04:00Z") });
    await look("2026-09-23T05:00Z");
    const [copy] = await test.db.copy.findMany({ where: { backupId: "b2" } });
    expect((await last("recheck"))?.attempts.map(({ run }) => JSON.parse(run.input) as unknown)).toEqual([{ copyIds: [copy?.id] }]);
    await test.db.copy.updateMany({ data: { readBackAt: test.clock.now() } });
    await end("succeeded");
    await look("2026-09-24T05:00Z");
    expect(await last("recheck")).toMatchObject({ state: "done", why: "No file had its turn: all 2\u00a0files were read within the last 30 days.", attempts: [] });
  });

  it("are paused, changed and removed each for itself, with before and after", async () => {
    await save();
    await save({ kind: "drill", cron: "0 3 1 1,4,7,10 *" });
    await pauseSchedule(admin, { databaseId, kind: "drill", reason: "Moving", hours: null });
    expect((await test.db.schedule.findMany({ orderBy: { kind: "asc" } })).map(({ kind, pausedAt }) => [kind, pausedAt !== null])).toEqual([["backup", false], ["drill", true]]);
    await removeSchedule(admin, { databaseId, kind: "drill" });
    const sentences = await test.db.auditEntry.findMany({ where: { action: { startsWith: "schedule." } }, orderBy: { id: "asc" } });
    expect(sentences.map(({ sentence }) => sentence)).toEqual(["Gave orders a schedule", "Gave orders a drill schedule", "Paused the drill schedule of orders", "Removed the drill schedule of orders"]);
    expect(JSON.parse(sentences[3]?.before ?? "{}")).toMatchObject({ kind: "drill", when: "On the 1st of January, April, July and October at 03:00 UTC" });
  });
});

it("starts an occurrence late by its share of the jitter, the same one however often it is asked, and never before its time", async () => {
  await save({ cron: "*/10 * * * *", jitterSeconds: 300 });
  const start = test.clock.now().getTime();
  const lookAfter = (minutes: number) => look(new Date(start + minutes * 60_000).toISOString());
  for (let minutes = 0; minutes < 240; minutes += 10) await lookAfter(minutes);
  const late = (await test.db.occurrence.findMany()).map(({ dueAt, startAt }) => (startAt.getTime() - dueAt.getTime()) / 1_000);
  expect(late.length).toBeGreaterThan(20);
  expect([Math.min(...late) >= 0, Math.max(...late) < 300, new Set(late).size > late.length / 2]).toEqual([true, true, true]);
  // One whose start has not come has no run yet.
  const [next] = await test.db.occurrence.findMany({ where: { state: "expected" }, orderBy: { dueAt: "asc" }, include: { attempts: true } });
  expect(next?.attempts).toEqual([]);
  const starts = async () => (await test.db.occurrence.findMany({ orderBy: { dueAt: "asc" } })).map(({ startAt }) => startAt.toISOString());
  const before = await starts();
  await lookAfter(231);
  expect((await starts()).slice(0, before.length)).toEqual(before);
});

it("loses and doubles nothing while two workers race and are killed at any moment", { timeout: 120_000 }, async () => {
  await save({ cron: "0 */6 * * *", timeZone: "Europe/Dublin" });
  await save({ kind: "drill", cron: "30 */8 * * *", overlap: "wait" });
  await save({ kind: "clean_up", cron: "0 3 * * 0" });
  await save({ kind: "recheck", cron: "0 5 * * *", jitterSeconds: 3_600, overlap: "wait" });
  await stored("b1");
  const start = test.clock.now().toISOString();
  const until = "2026-12-01T00:00:00.000Z";
  const launch = () => spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", program, test.url, start, until], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  const up = (child: ReturnType<typeof launch>) => new Promise((done) => child.stdout.once("data", done));
  const ended = (child: ReturnType<typeof launch>) => new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  // Each is killed after another while, mostly in the middle of something; those that come after it go on.
  for (const ms of [2_000, 3_300]) {
    const [one, other] = [launch(), launch()];
    const over = Promise.all([ended(one), ended(other)]);
    await Promise.all([up(one), up(other)]);
    setTimeout(() => one.kill("SIGKILL"), ms);
    setTimeout(() => other.kill("SIGKILL"), ms + 900);
    await over;
  }
  expect(await Promise.all([ended(launch()), ended(launch())])).toEqual([0, 0]);
  await look(until);

  for (const { cron, timeZone, kind, id } of await test.db.schedule.findMany()) {
    const rows = await test.db.occurrence.findMany({ where: { scheduleId: id, dueAt: { lt: new Date(until) } }, orderBy: { dueAt: "asc" }, include: { attempts: true } });
    const due = occurrencesBetween({ cron, timeZone }, new Date(start), new Date(Date.parse(until) - 1), 10_000);
    expect(rows.map(({ dueAt }) => dueAt.toISOString())).toEqual(due.map((at) => at.toISOString()));
    expect(rows.filter(({ state }) => state === "expected" || state === "claimed").length).toBeLessThanOrEqual(1);
    for (const { state, attempts } of rows) {
      // A re-check in which no file has its turn is done without a run.
      const isRun = ["done", "late", "claimed"].includes(state) && !(kind === "recheck" && attempts.length === 0);
      expect(attempts.length).toBe(isRun ? 1 : 0);
    }
    if (kind === "clean_up") expect(rows.filter(({ state }) => state !== "expected").every(({ state }) => state === "skipped" || state === "missed")).toBe(true);
    // On a machine that is busy enough one waits for the other until its next time.
    if (kind === "backup") expect(rows.some(({ attempts }) => attempts.length > 0)).toBe(true);
  }
  expect(await test.db.run.count()).toBe(await test.db.occurrenceAttempt.count());
  expect((await verifyChain(test.db)).brokenAt).toBeNull();
});
