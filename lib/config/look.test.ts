import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "@/lib/audit/verify";
import type { Context } from "@/lib/context";
import { saveApplication } from "@/lib/databases/application";
import { addDatabase, removeDatabase, updateDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, BackupOptions } from "@/lib/databases/schemas";
import { addDrillCheck, removeDrillCheck, setDrillPolicy } from "@/lib/drill/manage";
import { drillWhens } from "@/lib/drill/schemas";
import { plural } from "@/lib/format/counts";
import { previewRetention } from "@/lib/retention/preview";
import { saveRetention } from "@/lib/retention/save";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { removeSchedule, saveSchedule } from "@/lib/schedule/manage";
import { ScheduleSettings, scheduleKinds } from "@/lib/schedule/schemas";
import { addStore, removeStore, updateStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { exportConfig } from "./export";
import { configPlaces, findConfig } from "./locate";
import { lookAtConfig, type LastLook } from "./look";
import { readManaged } from "./managed";
import { managedParts } from "./schemas";
import { readConfigState } from "./state";

let test: TestDatabase;
let admin: Context;
let last: LastLook;

beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
  last = { seen: null };
});
afterEach(() => test.close());

const file = () => path.join(test.directory, "holdfast.config.yaml");
const look = () => lookAtConfig({ db: test.db, clock: test.clock, origin: "worker" }, configPlaces(undefined, test.directory), last);
const write = (text: string) => {
  writeFileSync(file(), text);
  return look();
};
const entries = async () => (await test.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action, actorKind, actorName, sentence }) => ({ action, actorKind, actorName, sentence }));
const actions = async () => (await entries()).map(({ action }) => action);
const state = async () => {
  const found = await readConfigState(test.db);
  if (!found) throw new Error("No state was kept.");
  return found;
};

const whole = `
stores:
  local-disk: { path: /srv/backups }
databases:
  bimcalc:
    container: bimcalc-postgres
    role: bimcalc
    objectives: { loseAtMost: 12h }
    options: { format: plain, excludeTables: [logs] }
    application: { containers: [bimcalc-app], healthUrl: "http://localhost:8001/health" }
    drills: { when: weekly, which: rotate }
    checks:
      - { name: items, query: SELECT count(*) FROM price_items, expected: 32 }
    schedules:
      backup: { cron: "0 2 * * *", timeZone: Europe/Dublin }
    retention: { everyDays: 90 }
`;

describe("a file of settings", () => {
  it("sets everything up on an empty installation, each change an entry of its own, and a second time nothing", async () => {
    await write(whole);
    const database = await test.db.database.findFirstOrThrow({ include: { schedules: { where: { kind: "backup" } }, drillChecks: true, store: true } });
    expect(database).toMatchObject({ name: "bimcalc", databaseName: "bimcalc", objectiveRpoSeconds: 43_200, store: { name: "local-disk", path: "/srv/backups" }, schedules: [{ cron: "0 2 * * *", timeZone: "Europe/Dublin" }], drillChecks: [{ name: "items", expected: "32" }] });
    expect(await actions()).toEqual(["store.added", "database.added", "database.changed", "schedule.saved", "schedule.saved", "drill.policy_changed", "drill.check_added", "retention.changed", "config.applied"]);
    expect(await entries()).toContainEqual({ action: "config.applied", actorKind: "system", actorName: "holdfast.config.yaml", sentence: `Applied holdfast.config.yaml: ${plural(8, "change")}` });
    const before = await actions();
    await look();
    last = { seen: null };
    test.clock.advance(60_000);
    await look();
    await write(`# a comment\n${whole}`);
    expect(await actions()).toEqual(before);
    expect(await verifyChain(test.db)).toMatchObject({ brokenAt: null });
  });

  it("changes only what differs, with before and after", async () => {
    await write(whole);
    const before = (await actions()).length;
    await write(whole.replace("everyDays: 90", "everyDays: 365").replace("expected: 32", "expected: 33"));
    expect((await actions()).slice(before)).toEqual(["drill.check_removed", "drill.check_added", "retention.changed", "config.applied"]);
    const changed = await test.db.auditEntry.findFirstOrThrow({ where: { action: "retention.changed" }, orderBy: { id: "desc" } });
    expect([changed.before, changed.after].map((text) => (JSON.parse(text ?? "null") as RetentionPolicy).everyDays)).toEqual([90, 365]);
  });

  it("refuses what it manages to people, and leaves the rest to them", async () => {
    await write(whole.replace(/ {4}objectives:.*\n/, ""));
    const { id, storeId } = await test.db.database.findFirstOrThrow();
    const managed = { code: "config.managed", message: expect.stringContaining("managed by holdfast.config.yaml") as unknown };
    const check = await test.db.drillCheck.findFirstOrThrow();
    const refused: (() => Promise<unknown>)[] = [
      () => updateDatabase(admin, { databaseId: id, role: "postgres" }),
      () => updateDatabase(admin, { databaseId: id, options: BackupOptions.parse({ format: "custom" }) }),
      () => removeDatabase(admin, { databaseId: id, phrase: "bimcalc" }),
      () => saveApplication(admin, { databaseId: id, application: { containers: [], healthUrl: null, healthSeconds: 60, stopSeconds: 10, rehearsal: null } }),
      () => setDrillPolicy(admin, { databaseId: id, when: "never", which: "newest", hour: 3 }),
      () => addDrillCheck(admin, { databaseId: id, name: "n", query: "SELECT 1", expected: "1" }),
      () => removeDrillCheck(admin, { checkId: check.id }),
      () => saveSchedule(admin, { databaseId: id, kind: "backup", ...ScheduleSettings.parse({ cron: "0 3 * * *", timeZone: "UTC" }) }),
      () => removeSchedule(admin, { databaseId: id, kind: "backup" }),
      () => saveRetention(admin, { databaseId: id, policy: null, hash: "", shown: 0, phrase: "" }),
      () => updateStore(admin, { storeId, name: "other", path: "/srv/backups" }),
      () => removeStore(admin, { storeId }),
    ];
    const before = await actions();
    for (const attempt of refused) await expect(attempt()).rejects.toMatchObject(managed);
    expect(await actions()).toEqual(before);
    await updateDatabase(admin, { databaseId: id, objectiveRpoSeconds: 3_600, role: "bimcalc" });
    await addStore(admin, { name: "second", path: "/srv/second" });
    await updateDatabase(admin, { databaseId: id, storeId: (await test.db.store.findUniqueOrThrow({ where: { name: "second" } })).id });
  });

  it("hands back what is taken out of it, and removes nothing", async () => {
    await write(whole);
    const { id } = await test.db.database.findFirstOrThrow();
    await write(whole.replace(/ {4}retention:.*\n/, ""));
    await saveRetention(admin, { databaseId: id, policy: null, hash: "", shown: 0, phrase: "" });
    await write("stores: {}\n");
    expect(await test.db.database.findUniqueOrThrow({ where: { id } })).toMatchObject({ removedAt: null, name: "bimcalc" });
    expect((await state()).inForce).toMatchObject({ managed: { stores: [], databases: {} }, handedBack: [id] });
    rmSync(file());
    await look();
    expect(await state()).toMatchObject({ inForce: null, refused: null });
    expect((await entries()).at(-1)).toMatchObject({ action: "config.released", sentence: "holdfast.config.yaml is gone; what it managed stays as it is" });
  });

  it.each([
    ["a broken file", "databases: [", null, null],
    ["a store that is not there", "databases:\n  orders: { container: c, role: r, store: elsewhere }\n", 2, "databases.orders.store"],
    ["a database under another name", "databases:\n  bim: { container: bimcalc-postgres, database: bimcalc, role: bimcalc }\n", 2, "databases.bim"],
    ["another database under the same name", "databases:\n  bimcalc: { container: bimcalc-postgres, database: other, role: bimcalc }\n", 2, "databases.bimcalc.database"],
    ["the database's own container as its application", "databases:\n  bimcalc: { container: bimcalc-postgres, role: bimcalc, application: { containers: [bimcalc-postgres] } }\n", 2, "databases.bimcalc.application"],
  ])("keeps the last good one in force for %s, and applies no part of the new one", async (_, text, line, at) => {
    await write(whole);
    const { inForce } = await state();
    const before = await actions();
    await write(`stores:\n  new: { path: /srv/new }\n${text}`.replace(/^stores:\n.*\n(?=databases: \[)/, ""));
    expect(await state()).toMatchObject({ inForce, refused: { path: file(), problems: [line === null ? {} : { line: line + 2, path: at }] } });
    expect(await actions()).toEqual([...before, "config.refused"]);
    expect(await test.db.store.count()).toBe(1);
    await expect(removeStore(admin, { storeId: (await test.db.store.findFirstOrThrow()).id })).rejects.toMatchObject({ code: "config.managed" });
    // The same mistake is told once, however often the worker starts.
    last = { seen: null };
    await look();
    expect(await actions()).toEqual([...before, "config.refused"]);
    await write(whole);
    expect((await state()).refused).toBeNull();
  });

  it("asks which store a new database gets when there are several", async () => {
    await write("stores:\n  a: { path: /a }\n  b: { path: /b }\ndatabases:\n  orders: { container: c, role: r }\n");
    expect((await state()).refused?.problems).toEqual([{ line: 5, path: "databases.orders", message: "orders is new, and there are 2 stores. Say which one its backups go to." }]);
  });
});

describe("retention by file", () => {
  const day = 86_400_000;
  beforeEach(async () => {
    await write(whole);
    const { id } = await test.db.database.findFirstOrThrow();
    for (let n = 0; n < 8; n += 1) {
      await test.db.backup.create({ data: { id: `b${n}`, databaseId: id, databaseName: "bimcalc", origin: "holdfast", format: "plain", takenAt: new Date(Date.UTC(2026, 8, 20) - n * 10 * day), sizeBytes: 100n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3 } });
    }
  });

  it("waits for a person where rules would remove something, and applies the rest", async () => {
    await write(whole.replace("everyDays: 90", "everyDays: 30").replace("loseAtMost: 12h", "loseAtMost: 6h"));
    const database = await test.db.database.findFirstOrThrow();
    expect(database).toMatchObject({ objectiveRpoSeconds: 21_600, retention: expect.stringContaining('"everyDays":90') as unknown });
    expect((await state()).inForce?.waiting).toMatchObject([{ databaseId: database.id, policy: { everyDays: 30 } }]);
    expect(await test.db.run.count({ where: { kind: "prune_backups" } })).toBe(0);

    const [waits] = (await readManaged(admin)).waiting;
    const policy = waits?.policy ?? null;
    await expect(saveRetention(admin, { databaseId: database.id, policy: RetentionPolicy.parse({ everyDays: 7 }), hash: "", shown: 0, phrase: "" })).rejects.toMatchObject({ code: "config.managed" });
    const preview = await previewRetention(admin, { databaseId: database.id, policy: RetentionPolicy.parse(policy) });
    expect(preview.go.count).toBe(4);
    await expect(saveRetention(admin, { databaseId: database.id, policy, hash: preview.hash, shown: 4, phrase: "" })).rejects.toMatchObject({ code: "retention.wrong_phrase" });
    await saveRetention(admin, { databaseId: database.id, policy, hash: preview.hash, shown: 4, phrase: "bimcalc" });
    expect(await test.db.run.count({ where: { kind: "prune_backups" } })).toBe(1);
    last = { seen: null };
    await look();
    expect((await state()).inForce?.waiting).toEqual([]);
  });

  it("takes longer rules without asking", async () => {
    await write(whole.replace("everyDays: 90", "everyDays: 365"));
    expect((await state()).inForce?.waiting).toEqual([]);
    expect((await test.db.database.findFirstOrThrow()).retention).toContain('"everyDays":365');
  });
});

describe("finding the file", () => {
  const find = (named?: string) => findConfig(configPlaces(named, test.directory));

  it("looks for three names, and refuses to choose between two", async () => {
    expect(await find()).toEqual({ kind: "none" });
    writeFileSync(path.join(test.directory, "holdfast.config.json"), "{}");
    expect(await find()).toMatchObject({ kind: "file", text: "{}" });
    writeFileSync(path.join(test.directory, "holdfast.config.yml"), "{}");
    expect(await find()).toMatchObject({ kind: "problem", message: "There is holdfast.config.json beside it, and only one file can decide. Remove one of them." });
  });

  it("takes what HOLDFAST_CONFIG names, which has to be there, be a file, and be text", async () => {
    writeFileSync(path.join(test.directory, "other.yaml"), "stores: {}");
    expect(await find("other.yaml")).toMatchObject({ kind: "file", text: "stores: {}" });
    expect(await find("missing.yaml")).toMatchObject({ kind: "problem", message: "HOLDFAST_CONFIG names this file, and it does not exist." });
    mkdirSync(path.join(test.directory, "directory.yaml"));
    expect(await find("directory.yaml")).toMatchObject({ kind: "problem", message: expect.stringMatching(/^It cannot be read/) as unknown });
    writeFileSync(path.join(test.directory, "latin.yaml"), Buffer.from([0x61, 0xe9]));
    expect(await find("latin.yaml")).toMatchObject({ kind: "problem", message: "It is not UTF-8 text." });
    writeFileSync(path.join(test.directory, "large.yaml"), Buffer.alloc(1024 ** 2 + 1, 0x23));
    expect(await find("large.yaml")).toMatchObject({ kind: "problem", message: expect.stringContaining("more than 1") as unknown });
  });
});

describe("the export", () => {
  it("applied, changes nothing, whatever the settings are", async () => {
    const { storeId } = await addStore(admin, { name: "local disk: #1", path: "/srv/back ups" });
    const { databaseId } = await addDatabase(admin, AddDatabaseInput.parse({ container: "bimcalc-postgres", databaseName: "1e3", role: "null", storeId }));
    const settings = fc.record({
      options: fc.record({ format: fc.constantFrom("custom" as const, "plain" as const), jobs: fc.integer({ min: 1, max: 32 }), excludeTables: fc.array(fc.constantFrom("logs", "audit.*", "'q'", "# x", "a: b"), { maxLength: 3 }) }),
      objectiveRpoSeconds: fc.integer({ min: 60, max: 366 * 86_400 }),
      healthSeconds: fc.integer({ min: 5, max: 3_600 }),
      when: fc.constantFrom(...drillWhens.filter((when) => when !== "scheduled")),
      kind: fc.constantFrom(...scheduleKinds),
      check: fc.option(fc.record({ name: fc.constantFrom("yes", "1", "- a"), query: fc.constantFrom("SELECT 1", "SELECT '\n', \"x\" -- # :", "SELECT 1\n  FROM t"), expected: fc.constantFrom("", "0", "007", "a|b\nc", " x ") })),
      schedule: fc.option(fc.record({ cron: fc.constantFrom("0 2 * * *", "*/15 * * * 1-5"), timeZone: fc.constantFrom("UTC", "Europe/Dublin"), timeoutSeconds: fc.option(fc.integer({ min: 60, max: 604_800 })), jitterSeconds: fc.integer({ min: 0, max: 3_600 }) })),
      retention: fc.option(fc.record({ everyDays: fc.integer({ min: 0, max: 3_660 }), weeks: fc.integer({ min: 0, max: 520 }), totalBytes: fc.option(fc.integer({ min: 1, max: 2 ** 45 })) })),
    });
    await fc.assert(
      fc.asyncProperty(settings, async (one) => {
        rmSync(file(), { force: true });
        await look();
        await updateDatabase(admin, { databaseId, objectiveRpoSeconds: one.objectiveRpoSeconds, options: BackupOptions.parse(one.options) });
        await saveApplication(admin, { databaseId, application: { containers: ["app"], healthUrl: null, healthSeconds: one.healthSeconds, stopSeconds: 10, rehearsal: null } });
        await setDrillPolicy(admin, { databaseId, when: one.when, which: "rotate", hour: 5 });
        await test.db.drillCheck.updateMany({ data: { removedAt: test.clock.now() } });
        if (one.check) await addDrillCheck(admin, { databaseId, ...one.check });
        if (one.schedule) await saveSchedule(admin, { databaseId, kind: one.kind, ...ScheduleSettings.parse(one.schedule) });
        await test.db.database.update({ where: { id: databaseId }, data: { retention: one.retention ? JSON.stringify(RetentionPolicy.parse(one.retention)) : null } });
        const entriesBefore = await test.db.auditEntry.count();
        await write(await exportConfig(admin));
        expect((await state()).refused).toBeNull();
        expect((await actions()).slice(entriesBefore)).toEqual(["config.applied"]);
        expect((await entries()).at(-1)?.sentence).toBe("Applied holdfast.config.yaml: nothing had to change");
        expect((await state()).inForce?.managed.databases[databaseId]).toEqual([...managedParts]);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
