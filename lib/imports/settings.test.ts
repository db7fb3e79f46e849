import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toChannel } from "@/lib/alerts/channels";
import { alertEvents, usualEvents } from "@/lib/alerts/events";
import { saveChannel } from "@/lib/alerts/save";
import { SaveChannelInput } from "@/lib/alerts/schemas";
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
const input = (text = written, extra: { databaseId?: string | null; directory?: string; mailServer?: string } = {}) => ({ text, databaseId: null, mailServer: "", directory: "/Users/ciarancox/BIMCalcKM", timeZone: "Europe/Dublin", ...extra });
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
      ["mail", "change", "Mail to ops@example.com, lead@example.com through localhost port 25"],
      ["slack", "change", "Messages to Slack"],
      ["OFFSITE_TARGET", "impossible", null],
    ]);
    expect(JSON.stringify(rows)).not.toContain("T0/B0");
    expect(problems).toEqual([{ line: 11, name: "STAMP" }]);
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

  it("takes over who is mailed and of what, through the server of the file or the one that was entered", async () => {
    const text = `export BACKUP_NOTIFY_EMAIL=ops@example.com
export BACKUP_NOTIFY_ON_SUCCESS=true
export BACKUP_NOTIFY_ON_FAILURE=yes
export SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T0/B0/secret`;
    const becomes = async (...args: Parameters<typeof input>) => (await previewSettings(admin, input(...args))).rows.map((row) => row.becomes);
    const also = "; also when a backup succeeds";
    expect(await becomes(text)).toEqual([`Mail to ops@example.com through localhost port 25${also}`, `Messages to Slack${also}`]);
    expect(await becomes(`${text}\nSMTP_HOST=smtp.example.com\nSMTP_PORT=465\nSMTP_USER=backup\nSMTP_PASSWORD=hunter22`)).toEqual([`Mail to ops@example.com through smtp.example.com port 465${also}`, `Messages to Slack${also}`]);
    const { rows } = await previewSettings(admin, input(`${text}\nSMTP_PASSWORD=hunter22`));
    expect(rows[0]?.variables.map(({ name }) => name)).toEqual(["BACKUP_NOTIFY_EMAIL", "SMTP_PASSWORD", "BACKUP_NOTIFY_ON_SUCCESS", "BACKUP_NOTIFY_ON_FAILURE"]);
    expect(JSON.stringify(rows)).not.toContain("hunter22");
    await apply(["mail"], text, { mailServer: "relay.example.com:587" });
    const channel = toChannel(await test.db.alertChannel.findFirstOrThrow());
    expect(channel).toMatchObject({ isOn: true, target: { host: "relay.example.com", port: 587, tls: "starttls", from: "ops@example.com", to: ["ops@example.com"] } });
    expect(channel.events).toEqual(alertEvents.filter((event) => usualEvents.includes(event) || event === "backup_succeeded"));
  });

  it.each([["smtp.example.com", "starttls"], ["localhost", "none"]])("sends no password in the clear to another machine: %s gets %s", async (host, tls) => {
    await apply(["mail"], `BACKUP_NOTIFY_EMAIL=ops@example.com\nSMTP_HOST=${host}\nSMTP_USER=backup\nSMTP_PASSWORD=hunter22`);
    expect(toChannel(await test.db.alertChannel.findFirstOrThrow())).toMatchObject({ target: { host, port: 25, tls } });
  });

  it("adds addresses and events to the mail channel that exists, and leaves its server as it is", async () => {
    await saveChannel(admin, SaveChannelInput.parse({ kind: "email", name: "Ops", host: "relay.example.com", port: 587, tls: "starttls", user: "holdfast", password: "s3cret", from: "holdfast@example.com", to: ["ops@example.com"], events: ["backup_failed", "restore_failed"], severity: "critical" }));
    const { secret } = await test.db.alertChannel.findFirstOrThrow();
    const text = "BACKUP_NOTIFY_EMAIL=lead@example.com\nBACKUP_NOTIFY_ON_FAILURE=false\nBACKUP_NOTIFY_ENABLED=no\nSMTP_HOST=other.example.com";
    expect((await previewSettings(admin, input(text))).rows).toMatchObject([{ id: "mail", verdict: "change", present: "Mail to ops@example.com through relay.example.com port 587", becomes: "Mail to ops@example.com, lead@example.com through relay.example.com port 587; not when a backup fails; turned off" }]);
    await apply(["mail"], text);
    const row = await test.db.alertChannel.findFirstOrThrow();
    expect(row.secret).toBe(secret);
    expect(toChannel(row)).toMatchObject({ name: "Ops", isOn: false, events: ["restore_failed"], severity: "critical", target: { host: "relay.example.com", user: "holdfast", to: ["ops@example.com", "lead@example.com"] } });
    expect(await verdicts(text)).toEqual({ mail: "same" });
    expect(await verdicts("BACKUP_NOTIFY_ON_FAILURE=true")).toEqual({ BACKUP_NOTIFY_ON_FAILURE: "impossible" });
  });

  it("makes a store of an off-site directory, and says of every other place what does it instead, with the file's own names", async () => {
    const row = async (text: string) => (await previewSettings(admin, input(`BACKUP_DIR=/srv/backups\n${text}`))).rows[1];
    expect(await row("OFFSITE_ENABLED=true\nOFFSITE_DIR=/mnt/backup-drive/bimcalc/")).toMatchObject({ id: "offsite", verdict: "change", becomes: "Second store /mnt/backup-drive/bimcalc", present: null });
    expect((await row("OFFSITE_S3_BUCKET=my-bimcalc-backups\nOFFSITE_S3_PREFIX=/backups/\nAWS_SECRET_ACCESS_KEY=hunter22"))?.why).toContain("aws s3 sync /srv/backups s3://my-bimcalc-backups/backups --exclude '*.holdfast-*'");
    expect((await row("OFFSITE_REMOTE_PASSWORD=hunter2\nOFFSITE_REMOTE=box"))?.why).toContain("rclone sync /srv/backups box: --exclude");
    expect((await row("OFFSITE_RCLONE_REMOTE=remote:bimcalc-backups"))?.why).toContain("rclone sync /srv/backups remote:bimcalc-backups --exclude '.holdfast-**'");
    expect((await row("OFFSITE_TARGET=backup@elsewhere:/backups"))?.why).toContain("rsync -av --exclude '.holdfast-*' /srv/backups/ backup@elsewhere:/backups/");
    const { rows } = await previewSettings(admin, input("OFFSITE_S3_BUCKET=b\nAWS_SECRET_ACCESS_KEY=hunter22"));
    expect([rows.length, rows[0]?.verdict, JSON.stringify(rows).includes("hunter22")]).toEqual([1, "impossible", false]);
    await apply(["store", "offsite"], "BACKUP_DIR=/srv/backups\nOFFSITE_DIR=/mnt/backup-drive/bimcalc");
    expect(await test.db.store.findMany({ select: { name: true, path: true }, orderBy: { path: "desc" } })).toEqual([{ name: "backups", path: "/srv/backups" }, { name: "bimcalc off-site", path: "/mnt/backup-drive/bimcalc" }]);
    expect(await test.db.run.count({ where: { kind: "rescan_store" } })).toBe(2);
    expect(await verdicts("BACKUP_DIR=/srv/backups\nOFFSITE_DIR=/mnt/backup-drive/bimcalc")).toEqual({ store: "same", offsite: "same" });
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
