import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "@/lib/audit/verify";
import { addDatabase, removeDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
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

it("loses and doubles nothing while two workers race and are killed at any moment", { timeout: 120_000 }, async () => {
  await save({ cron: "0 */6 * * *", timeZone: "Europe/Dublin" });
  const start = test.clock.now().toISOString();
  const until = "2026-12-01T00:00:00.000Z";
  const realStart = String(Date.now() + 4_000);
  const launch = () => spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", program, test.url, start, until, realStart], { cwd: root, stdio: "ignore" });
  const ended = (child: ReturnType<typeof launch>) => new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  // Each is killed after another while, mostly in the middle of something; those that come after it go on.
  for (const ms of [6_000, 7_300]) {
    const [one, other] = [launch(), launch()];
    setTimeout(() => one.kill("SIGKILL"), ms);
    setTimeout(() => other.kill("SIGKILL"), ms + 900);
    await Promise.all([ended(one), ended(other)]);
  }
  expect(await Promise.all([ended(launch()), ended(launch())])).toEqual([0, 0]);

  const rows = await test.db.occurrence.findMany({ where: { dueAt: { lt: new Date(until) } }, orderBy: { dueAt: "asc" }, include: { attempts: true } });
  const due = occurrencesBetween({ cron: "0 */6 * * *", timeZone: "Europe/Dublin" }, new Date(start), new Date(Date.parse(until) - 1), 10_000);
  expect(rows.map(({ dueAt }) => dueAt.toISOString())).toEqual(due.map((at) => at.toISOString()));
  expect(rows.filter(({ state }) => state === "expected" || state === "claimed").length).toBeLessThanOrEqual(1);
  for (const { state, attempts } of rows) expect(attempts.length).toBe(["done", "late", "claimed"].includes(state) ? 1 : 0);
  expect(await test.db.run.count()).toBe(await test.db.occurrenceAttempt.count());
  expect((await verifyChain(test.db)).brokenAt).toBeNull();
});
