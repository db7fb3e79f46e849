import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toAuditRow } from "@/lib/audit/list";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { applySettings, previewSettings } from "./settings";

let test: TestDatabase;
let admin: Context;
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
});
afterEach(() => test.close());

const written = `export BACKUP_RETENTION_DAYS=90
export BACKUP_SCHEDULE="0 2 * * *"
export BACKUP_DIR=./backups
export POSTGRES_CONTAINER=bimcalc-postgres
export POSTGRES_DB=bimcalc
export POSTGRES_USER=bimcalc
export APP_CONTAINER=bimcalc-app
export OFFSITE_TARGET=s3://my-bimcalc-backups
export BACKUP_NOTIFY_EMAIL="ops@example.com, lead@example.com"
export SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T0/B0/secret
export STAMP=$(date)
`;
const input = (text = written, extra: { databaseId?: string | null; directory?: string } = {}) => ({ text, databaseId: null, directory: "/Users/ciarancox/BIMCalcKM", timeZone: "Europe/Dublin", ...extra });
const verdicts = async (...args: Parameters<typeof input>) => Object.fromEntries((await previewSettings(admin, input(...args))).rows.map(({ id, verdict }) => [id, verdict]));
const apply = async (chosen: string[], ...args: Parameters<typeof input>) => applySettings(admin, { ...input(...args), chosen, hash: (await previewSettings(admin, input(...args))).hash });

describe("the settings of the procedures", () => {
  it("shows every decision first, also what cannot be carried over and what was not understood", async () => {
    const { rows, problems } = await previewSettings(admin, input());
    expect(rows.map(({ id, verdict, becomes }) => [id, verdict, becomes?.replaceAll("\u00a0", " ") ?? null])).toEqual([
      ["store", "change", "Store /Users/ciarancox/BIMCalcKM/backups"],
      ["database", "change", "bimcalc in bimcalc-postgres, dumped by bimcalc"],
      ["schedule", "change", "bimcalc: Every day at 02:00 Europe/Dublin"],
      ["retention", "change", "bimcalc: every backup for 90 days"],
      ["application", "change", "bimcalc: bimcalc-app stops for a restore"],
      ["mail", "change", "Mail to ops@example.com, lead@example.com"],
      ["slack", "change", "Messages to Slack"],
      ["OFFSITE_TARGET", "impossible", null],
    ]);
    expect(JSON.stringify(rows)).not.toContain("T0/B0");
    expect(problems).toEqual([{ line: 11, text: "export STAMP=$(date)" }]);
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("applies what was chosen in one go, with before and after, and then has nothing left to do", async () => {
    expect(await apply(["store", "database", "schedule", "retention", "application", "mail", "slack"])).toEqual({ applied: 7 });
    const database = await test.db.database.findFirstOrThrow({ include: { schedules: { where: { kind: "backup" } }, store: true } });
    expect(database).toMatchObject({ name: "bimcalc", store: { name: "backups" }, schedules: [{ cron: "0 2 * * *", timeZone: "Europe/Dublin" }], retention: expect.stringContaining('"everyDays":90') as unknown, application: expect.stringContaining("bimcalc-app") as unknown });
    expect(await test.db.run.findMany({ select: { kind: true } })).toEqual([{ kind: "rescan_store" }]);
    const entry = toAuditRow(await test.db.auditEntry.findFirstOrThrow({ where: { action: "config.imported" } }));
    expect(entry).toMatchObject({ actorName: "The admin", before: { schedule: null }, after: { schedule: "bimcalc: Every day at 02:00 Europe/Dublin" } });
    expect(await test.db.alertChannel.findMany({ select: { name: true, kind: true }, orderBy: { name: "asc" } })).toEqual([{ name: "Mail", kind: "email" }, { name: "Slack", kind: "slack" }]);
    expect(JSON.stringify([await test.db.alertChannel.findMany(), (await test.db.auditEntry.findMany()).map(({ before, after, sentence }) => [before, after, sentence])])).not.toContain("T0/B0");
    expect(new Set(Object.values(await verdicts()))).toEqual(new Set(["same", "impossible"]));
    const changed = await previewSettings(admin, input(written.replace("=90", "=30").replace("bimcalc-app", "web, jobs")));
    expect(changed.rows.filter(({ verdict }) => verdict === "change").map(({ id, present }) => [id, present?.replaceAll("\u00a0", " ")])).toEqual([["retention", "every backup for 90 days"], ["application", "bimcalc-app"]]);
  });

  it("applies nothing when a row needs another that was not chosen, or when something is different from what was shown", async () => {
    await expect(apply(["schedule"])).rejects.toMatchObject({ code: "import.database_needed" });
    await expect(apply(["database", "schedule"])).rejects.toMatchObject({ code: "import.store_needed" });
    await expect(apply(["store", "OFFSITE_TARGET"])).rejects.toMatchObject({ code: "import.changed" });
    const { hash } = await previewSettings(admin, input());
    await addStore(admin, { name: "backups", path: "/srv/other" });
    await expect(applySettings(admin, { ...input(), chosen: ["store"], hash })).rejects.toMatchObject({ code: "import.changed" });
    expect(await test.db.store.count()).toBe(1);
    expect(await test.db.database.count()).toBe(0);
  });

  it("asks where relative paths count from, and which database is meant", async () => {
    const { storeId } = await addStore(admin, { name: "local-disk", path: "/srv/backups" });
    const add = (databaseName: string) => addDatabase(admin, AddDatabaseInput.parse({ container: `${databaseName}-postgres`, databaseName, role: databaseName, storeId }));
    expect(await verdicts("BACKUP_DIR=./backups\nBACKUP_SCHEDULE=daily", { directory: "" })).toEqual({ store: "impossible", schedule: "impossible" });
    await add("bimcalc");
    expect(await verdicts("BACKUP_DIR=/srv/backups/\nBACKUP_SCHEDULE=daily\nBACKUP_RETENTION_DAYS=soon")).toEqual({ store: "same", schedule: "change", retention: "impossible" });
    const { databaseId } = await add("orders");
    expect(await verdicts("BACKUP_SCHEDULE=weekly")).toEqual({ schedule: "impossible" });
    expect(await verdicts("BACKUP_SCHEDULE=weekly", { databaseId })).toEqual({ schedule: "change" });
    await apply(["schedule"], "BACKUP_SCHEDULE=weekly", { databaseId });
    expect(await test.db.schedule.findFirstOrThrow({ where: { kind: "backup" } })).toMatchObject({ databaseId, cron: "0 3 * * 0" });
  });

  it("does not let retention remove anything by the way", async () => {
    await apply(["store", "database"]);
    const { id } = await test.db.database.findFirstOrThrow();
    for (let n = 0; n < 6; n += 1) {
      await test.db.backup.create({ data: { id: `b${n}`, databaseId: id, databaseName: "bimcalc", origin: "holdfast", format: "plain", takenAt: new Date(Date.UTC(2026, 8, 20 - n * 40)), sizeBytes: 100n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3 } });
    }
    expect(await verdicts()).toMatchObject({ retention: "impossible", schedule: "change" });
    await expect(apply(["retention"])).rejects.toMatchObject({ code: "import.changed" });
  });
});
