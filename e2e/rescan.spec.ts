import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import type { PostgresContainer } from "@/lib/testing/containers";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import { addPeople } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, test } from "./harness/test";

// As the script before Holdfast named and made them: pg_dump through gzip, and nothing beside the file.
const oldFile = "bimcalc_postgres_backup_20251113_233752.sql.gz";

test.use({ scene: "rescan" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;
let content: Buffer;

test.beforeAll(async ({ holdfast }) => {
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  await holdfast.protect(server, await holdfast.addStore());
  const dump = await server.exec(["pg_dump", "-U", server.user, "bimcalc"]);
  content = gzipSync(dump.stdout);
});
test.afterAll(removeServers);
test.beforeEach(({ signIn }) => signIn("admin"));

const row = (page: Page) => page.getByRole("table", { name: "Backups", exact: true }).locator("tbody tr");

test("a file of the old script appears after Rescan store, with what is not known as a dash", async ({ page, holdfast }) => {
  writeFileSync(path.join(holdfast.backups, oldFile), content);
  await page.goto("/backups");
  await page.getByRole("button", { name: "Rescan store" }).click();
  await page.getByRole("link", { name: "Open run" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page.getByText("1 file, 1 added, 0 missing").first()).toBeVisible();
  await page.goto("/backups");
  await expect(row(page)).toHaveCount(1);
  await expect(row(page).locator("time").first()).toHaveAttribute("datetime", /^2025-11-13T23:37:52/);
  await expect(row(page)).toContainText("13 Nov 2025");
  await expect(row(page).locator("td").nth(3)).toHaveText("—");
  await expect(row(page)).toContainText("Found in a store");
  await expect(row(page)).toContainText("Stored");
  await expect(row(page)).not.toContainText("0 B");
  expect(await holdfast.db.backup.findMany()).toMatchObject([{ origin: "foreign", format: "plain", rows: null, tables: null, serverVersion: null, rung: 1 }]);
  await shot(page, "backups-foreign");
});

test("it can be verified: decoded to its end mark, with the hash found kept", async ({ page, holdfast }) => {
  await page.goto("/backups");
  await row(page).getByRole("link", { name: /^bimcalc, / }).click();
  await expect(page.getByText(/^Nothing is known of this file/)).toBeVisible();
  await expect(page).toHaveTitle(/bimcalc, 13\sNov\s2025/);
  await shot(page, "backup-foreign");
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.getByRole("link", { name: "Open run" }).first().click();
  await expect(page.getByText(/is intact and readable\./)).toBeVisible({ timeout: 40_000 });
  const [backup] = await holdfast.db.backup.findMany({ include: { copies: true } });
  expect(backup).toMatchObject({ rung: 3, rows: null });
  expect(backup?.copies[0]?.sha256).toBe(createHash("sha256").update(content).digest("hex"));
});

test("it can be downloaded, byte for byte, under its own name", async ({ page }) => {
  await page.goto("/backups");
  const [download] = await Promise.all([page.waitForEvent("download"), row(page).getByRole("link", { name: /^Download bimcalc/ }).click()]);
  expect(download.suggestedFilename()).toBe(oldFile);
  expect(readFileSync(await download.path()).equals(content)).toBe(true);
});

test("when the file is gone the next rescan says missing, and the download says so too", async ({ page, holdfast }) => {
  rmSync(path.join(holdfast.backups, oldFile));
  await page.goto("/backups");
  await page.getByRole("button", { name: "Rescan store" }).click();
  await page.getByRole("link", { name: "Open run" }).click();
  await expect(page.getByText("0 files, 0 added, 1 missing").first()).toBeVisible();
  await page.goto("/backups");
  await expect(row(page)).toContainText("Missing");
  const [backup] = await holdfast.db.backup.findMany();
  expect((await page.request.get(`/api/backups/${backup?.id ?? ""}/file`)).ok()).toBe(false);
  await shot(page, "backups-missing");
});
