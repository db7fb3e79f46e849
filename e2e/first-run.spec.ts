import { countTables, removeServers, startBimcalc, totalOf } from "./harness/bimcalc";
import { people } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, signInThroughForm, test } from "./harness/test";
import type { Page } from "@playwright/test";
import type { PostgresContainer } from "@/lib/testing/containers";

test.use({ scene: "first-run" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;

test.beforeAll(async () => {
  server = await startBimcalc();
});
test.afterAll(removeServers);

async function fillAdministrator(page: Page): Promise<void> {
  await page.getByLabel("Name").fill(people.admin.name);
  await page.getByLabel("Email").fill(people.admin.email);
  await page.getByLabel("Password", { exact: true }).fill(people.admin.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
}

test("while nobody has an account every page leads to setup", async ({ page }) => {
  await page.goto("/backups");
  await page.waitForURL("**/setup");
  await expect(page.getByRole("heading", { level: 1, name: "Who looks after this Holdfast?" })).toBeVisible();
  await shot(page, "setup");
});

test("a wrong token makes nobody administrator", async ({ page, holdfast }) => {
  await page.goto("/setup?token=a-guess-that-is-wrong-0123456789");
  await fillAdministrator(page);
  await expect(page.getByText("This is not the setup token of this Holdfast.")).toBeVisible();
  expect(await holdfast.db.user.count()).toBe(0);
});

test("from the address in the log to a first backup that is read to its last byte", async ({ page, holdfast }) => {
  test.slow();
  await page.goto(await holdfast.setupAddress());
  await fillAdministrator(page);
  await page.waitForURL("**/first-run");
  expect(await holdfast.db.user.findMany()).toMatchObject([{ email: people.admin.email, role: "admin" }]);

  // Every container on the host is asked, also those of other people; that can take a while.
  const container = page.getByRole("radio", { name: new RegExp(server.name) });
  await expect(container).toBeVisible({ timeout: 90_000 });
  await container.check();
  const inside = page.getByRole("radiogroup", { name: `Database in ${server.name}` }).getByRole("radio", { name: /^bimcalc/ });
  // The server's own "postgres" stands beside it only on some images.
  if (await inside.count()) await inside.check();
  await expect(page.getByLabel("Role")).toHaveValue("postgres");
  await page.getByRole("button", { name: "Use bimcalc" }).click();
  await expect(page.getByText("Test bimcalc first")).toBeVisible();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByRole("button", { name: "Test again" })).toBeVisible();
  await shot(page, "first-run-database");
  await page.getByRole("button", { name: "Use bimcalc" }).click();

  await expect(page.getByRole("heading", { name: "Where should backups go?" })).toBeVisible();
  await expect(page.getByLabel("Directory")).toHaveValue(holdfast.backups);
  await page.getByRole("button", { name: "Test this directory" }).click();
  await expect(page.getByRole("button", { name: "Test again" })).toBeVisible();
  expect(holdfast.files()).toEqual([]);
  await shot(page, "first-run-store");
  await page.getByRole("button", { name: "Take the first backup of bimcalc" }).click();

  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page.getByText("Produced the backup of bimcalc from")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("link", { name: "Open the backup" }).click();
  await page.waitForURL(/\/backups\/[\w-]+$/);
  await expect(page.locator(".ladder > li")).toHaveText([/Proven.*not yet/s, /Readable.*done/s, /Intact.*done/s, /Stored.*done/s]);
  const counted = await countTables(server);
  await expect(page.getByRole("table", { name: "Tables in the backup" }).locator("tfoot")).toContainText(totalOf(counted).toLocaleString("en-US"));
  const [backup] = await holdfast.db.backup.findMany();
  expect(backup).toMatchObject({ rung: 3, rows: BigInt(totalOf(counted)), problem: null });
});

test("the overview knows the backup and does not call it protected before a drill", async ({ page }) => {
  await signInThroughForm(page, "admin");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/^At risk: bimcalc would lose/);
  await expect(page).toHaveTitle(/^At risk · /);
  await shot(page, "overview-first-backup");
});

test("the token works once: setup is over, and refuses who comes with the same address", async ({ page, holdfast }) => {
  await page.goto(await holdfast.setupAddress());
  await page.waitForURL(/\/sign-in/);
  expect(await holdfast.db.user.count()).toBe(1);
  expect(await holdfast.db.setting.count({ where: { key: "setup_token_sha256" } })).toBe(0);
});
