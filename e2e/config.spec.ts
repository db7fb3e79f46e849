import { writeFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "./harness/inspect";
import { addPeople } from "./harness/people";
import { expect, test } from "./harness/test";

test.use({ scene: "config" });
test.describe.configure({ mode: "serial" });

test.beforeAll(({ holdfast }) => addPeople(holdfast.ctx));
test.beforeEach(({ signIn }) => signIn("admin"));

test("what the scripts had is shown first, and taken over in one go", async ({ page, holdfast }) => {
  await page.goto("/settings/import");
  await page.getByLabel("backup_config.sh").fill(
    ["export BACKUP_RETENTION_DAYS=90", 'export BACKUP_SCHEDULE="0 2 * * *"', `export BACKUP_DIR=${holdfast.backups}`, "export POSTGRES_CONTAINER=bimcalc-postgres", "export POSTGRES_DB=bimcalc", "export POSTGRES_USER=bimcalc", "export APP_CONTAINER=bimcalc-app", "export OFFSITE_TARGET=s3://bimcalc-backups", "export STAMP=$(date)"].join("\n"),
  );
  await page.getByRole("button", { name: "Show what it becomes" }).click();
  await expect(page.getByText("line not understood", { exact: false })).toBeVisible();
  await inspect(page, "import-settings");
  expect(await holdfast.db.database.count()).toBe(0);
  await page.getByRole("button", { name: /^Take over 5/ }).click();
  await expect(page.getByText("Is so", { exact: true })).toHaveCount(5);
  expect(await holdfast.db.database.findFirstOrThrow({ include: { store: true } })).toMatchObject({ name: "bimcalc", store: { path: holdfast.backups } });
  expect(await holdfast.audit("config.imported")).toHaveLength(1);

  const run = (stamp: string) => `BIMCalc PostgreSQL Backup (Docker)\n   Price items: 32\n✅ Backup created: ./backups/bimcalc_postgres_backup_${stamp}.sql (72K)\n✅ Compressed: ./backups/bimcalc_postgres_backup_${stamp}.sql.gz (16K)\n✅ Backup Complete\n`;
  const log = `${run("20251112_020001")}BIMCalc PostgreSQL Backup (Docker)\n❌ PostgreSQL container is not running\n${run("20251114_020002")}`;
  await page.getByLabel("backup.log").setInputFiles({ name: "backup.log", mimeType: "text/plain", buffer: Buffer.from(log) });
  await page.getByRole("button", { name: "Read the log" }).click();
  await expect(page.getByRole("button", { name: /^Import 3/ })).toBeVisible();
  await inspect(page, "import-history");
  await page.getByRole("button", { name: /^Import 3/ }).click();
  await page.getByRole("link", { name: "See the entries" }).click();
  await expect(page.getByRole("row", { name: /From logs\/backup.log: backup of bimcalc on 14 Nov 2025/ })).toBeVisible();
  await inspect(page, "audit-imported");
  expect(await holdfast.audit("history.imported")).toHaveLength(3);
});

test("a file of settings decides, says so in each card, and says what is wrong with it", async ({ page, holdfast }) => {
  const file = path.join(holdfast.directory, "holdfast.config.yaml");
  const settings = `databases:\n  bimcalc:\n    container: bimcalc-postgres\n    role: bimcalc\n    objectives: { loseAtMost: 12h }\n    retention: { everyDays: 365 }\n`;
  writeFileSync(file, settings);
  await holdfast.killWorker();
  await holdfast.startWorker({ HOLDFAST_CONFIG: file });
  await expect.poll(() => holdfast.audit("config.applied")).toHaveLength(1);
  await page.goto("/settings/configuration");
  await expect(page.getByRole("heading", { name: "What it decides" })).toBeVisible();
  await inspect(page, "configuration-in-force");
  const { id, objectiveRpoSeconds } = await holdfast.db.database.findFirstOrThrow();
  expect(objectiveRpoSeconds).toBe(43_200);
  await page.goto(`/settings/databases/${id}`);
  await expect(page.getByLabel("Lose at most").first()).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save targets" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Save options" })).toBeVisible();
  await inspect(page, "settings-database-managed");

  writeFileSync(file, settings.replace("role:", "rol:"));
  await expect(async () => {
    await page.goto("/settings/configuration");
    await expect(page.getByText("There is no key rol here. Did you mean role?")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await inspect(page, "configuration-refused");
});
