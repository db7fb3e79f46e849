import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { setDrillPolicy } from "./manage";
import { drillPolicyOf } from "./policy";
import { startDueDrill, withSchedule } from "./schedule";

let test: TestDatabase;
let databaseId: string;
const database = () => test.db.database.findUniqueOrThrow({ where: { id: databaseId }, include: withSchedule });

beforeEach(async () => {
  test = await testDatabase();
  const ctx = await test.as("admin");
  const { storeId } = await addStore(ctx, { name: "local-disk", path: test.directory });
  ({ databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "postgres", storeId })));
  test.clock.advance(60_000);
});
afterEach(() => test.close());

async function backup(id: string, more: Record<string, unknown> = {}) {
  const at = test.clock.now();
  const store = await test.db.store.findFirstOrThrow();
  await test.db.backup.create({
    data: { id, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 1n, initiatorKind: "user", initiatorName: "x", rung: 3, readableAt: at, manifest: { create: { content: "{}" } }, copies: { create: { storeId: store.id, key: `${id}.dump`, sizeBytes: 1n, storedAt: at } }, ...more },
  });
  test.clock.advance(60_000);
}

describe("drills by policy", () => {
  it("follow the first backup of a newly registered database, once", async () => {
    expect(drillPolicyOf(await database())).toMatchObject({ when: "after_backup", which: "newest" });
    expect(await startDueDrill(test.schedule())).toBeNull();
    await backup("b1");
    const runId = await startDueDrill(test.schedule());
    expect(await test.db.run.findUniqueOrThrow({ where: { id: runId ?? 0 } })).toMatchObject({ kind: "drill", backupId: "b1", status: "queued", initiatorKind: "schedule" });
    expect(await startDueDrill(test.schedule())).toBeNull();
    await test.db.run.updateMany({ data: { status: "failed", activeKey: null } });
    expect(await startDueDrill(test.schedule())).toBeNull();
  });

  it("follow it once, also after a drill, a verification or a month's re-reading has read it again", async () => {
    await backup("b1", { storedAt: test.clock.now() });
    const first = await startDueDrill(test.schedule());
    expect(first).not.toBeNull();
    test.clock.advance(60_000);
    const at = test.clock.now();
    await test.db.run.updateMany({ data: { status: "succeeded", activeKey: null } });
    await test.db.backup.updateMany({ data: { rung: 4, intactAt: at, readableAt: at, provenAt: at } });
    test.clock.advance(60_000);
    expect(await startDueDrill(test.schedule())).toBeNull();
    await backup("b2", { storedAt: test.clock.now() });
    const second = await startDueDrill(test.schedule());
    expect(await test.db.run.findUniqueOrThrow({ where: { id: second ?? 0 } })).toMatchObject({ backupId: "b2" });
  });

  it("are started once when two workers look at the same time", async () => {
    await backup("b1");
    const started = await Promise.all([startDueDrill(test.schedule()), startDueDrill(test.schedule())]);
    expect(started.filter((runId) => runId !== null)).toHaveLength(1);
  });

  it.each([
    ["foreign", { origin: "foreign" }],
    ["with a problem", { problem: "{}" }],
    ["not readable yet", { rung: 2 }],
    ["deleted", { deletedAt: new Date() }],
  ])("leave a backup alone that is %s", async (_, more) => {
    await backup("b1", more);
    expect(await startDueDrill(test.schedule())).toBeNull();
  });

  it("wait while somebody works on the file, and come then", async () => {
    await backup("b1");
    const verifying = await test.db.run.create({ data: { kind: "verify_backup", status: "running", input: "{}", initiatorKind: "user", initiatorName: "x", origin: "x", queuedAt: test.clock.now(), activeKey: "backup-file:b1" } });
    expect(await startDueDrill(test.schedule())).toBeNull();
    await test.db.run.update({ where: { id: verifying.id }, data: { activeKey: null, status: "succeeded" } });
    expect(await startDueDrill(test.schedule())).not.toBeNull();
  });

  it("stop when the policy says so, with the change on record", async () => {
    await setDrillPolicy(await test.as("admin"), { databaseId, when: "never", which: "newest", hour: 3 });
    await backup("b1");
    expect(await startDueDrill(test.schedule())).toBeNull();
    expect(await test.db.auditEntry.findFirst({ where: { action: "drill.policy_changed" } })).toMatchObject({ outcome: "succeeded", databaseName: "orders" });
  });

  it("become a schedule where the policy goes by time, with which backup it takes, and change and end with it", async () => {
    const admin = await test.as("admin");
    await setDrillPolicy(admin, { databaseId, when: "weekly", which: "rotate", hour: 22 });
    const schedules = async () => (await test.db.schedule.findMany({ where: { kind: "drill", removedAt: null } })).map(({ cron, timeZone }) => `${cron} ${timeZone}`);
    expect(await schedules()).toEqual(["0 22 * * 1 UTC"]);
    expect(drillPolicyOf(await database())).toMatchObject({ when: "weekly", which: "rotate", hour: 22 });
    await backup("b1");
    expect(await startDueDrill(test.schedule())).toBeNull();
    await saveSchedule(admin, SaveScheduleInput.parse({ databaseId, kind: "drill", cron: "30 4 * * 6", timeZone: "Europe/Dublin" }));
    expect(drillPolicyOf(await database())).toMatchObject({ when: "scheduled", which: "rotate" });
    await setDrillPolicy(admin, { databaseId, when: "scheduled", which: "newest", hour: 3 });
    expect(await schedules()).toEqual(["30 4 * * 6 Europe/Dublin"]);
    for (const [when, cron] of [["daily", "0 5 * * *"], ["quarterly", "0 5 1 1,4,7,10 *"], ["yearly", "0 5 1 1 *"]] as const) {
      await setDrillPolicy(admin, { databaseId, when, which: "newest", hour: 5 });
      expect(await schedules()).toEqual([`${cron} UTC`]);
      expect(drillPolicyOf(await database())?.when).toBe(when);
    }
    await setDrillPolicy(admin, { databaseId, when: "after_backup", which: "newest", hour: 3 });
    expect(await schedules()).toEqual([]);
    expect(drillPolicyOf(await database())?.when).toBe("after_backup");
    const entries = await test.db.auditEntry.findMany({ where: { action: "drill.policy_changed" }, orderBy: { id: "asc" } });
    expect([JSON.parse(entries.at(-1)?.before ?? ""), JSON.parse(entries.at(-1)?.after ?? "")]).toEqual([{ when: "yearly", which: "newest", hour: 5 }, { when: "after_backup", which: "newest" }]);
  });

  it("do not make up for backups from before the policy", async () => {
    await setDrillPolicy(await test.as("admin"), { databaseId, when: "never", which: "newest", hour: 3 });
    await backup("b1");
    await setDrillPolicy(await test.as("admin"), { databaseId, when: "after_backup", which: "newest", hour: 3 });
    expect(await startDueDrill(test.schedule())).toBeNull();
    await backup("b2");
    expect(await startDueDrill(test.schedule())).not.toBeNull();
  });
});
