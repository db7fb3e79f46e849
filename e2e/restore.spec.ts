import type { Browser, Page } from "@playwright/test";
import { startDrill } from "@/lib/drill/start";
import type { PostgresContainer } from "@/lib/testing/containers";
import { captureAction, type CapturedAction } from "./harness/actions";
import { startApplication, type DemoApplication } from "./harness/application";
import { countTables, removeServers, startBimcalc, totalOf } from "./harness/bimcalc";
import type { Holdfast } from "./harness/holdfast";
import { expectAccessible, inspect } from "./harness/inspect";
import { press, write } from "./harness/keyboard";
import { addPeople, people } from "./harness/people";
import { expect, test } from "./harness/test";

const phone = { width: 390, height: 844 };

test.use({ scene: "restore", viewport: phone });
test.describe.configure({ mode: "serial" });
test.setTimeout(420_000);

/** A table that the script made, and that the proven backup does not hold. */
const imported = "imported_price_items_from_the_supplier_catalogue";

let server: PostgresContainer;
let application: DemoApplication;
let databaseId = "";
let provenId = "";
let restoreRun = 0;
let attempt: CapturedAction;
/** The counts that the proven backup holds, and those after the accident. */
let whole: Record<string, number>;
let damaged: Record<string, number>;

test.beforeAll(async ({ holdfast }, info) => {
  info.setTimeout(900_000);
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  application = await startApplication(server, info.workerIndex);
  databaseId = await holdfast.protect(server, await holdfast.addStore());
  provenId = (await holdfast.backUp(databaseId)).id;
  const { runId } = await startDrill(holdfast.ctx, { backupId: provenId });
  expect(await holdfast.finished(runId, 600_000)).toMatchObject({ status: "succeeded" });
  whole = await countTables(server);
  await server.psql(`delete from bim_elements where id % 3 = 0; insert into projects select 100 + i, 'N-' || i from generate_series(1, 5) i; create table ${imported} (id int); drop table reporting."Monthly totals"`);
  damaged = await countTables(server);
  // Newer, and not proven: it holds the accident.
  await holdfast.backUp(databaseId);
});
test.afterAll(async () => {
  await application?.remove();
  await removeServers();
});

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** From the page of restores to the review of the recommended backup, by keyboard. */
async function walkToReview(page: Page): Promise<void> {
  await press(page, page.getByRole("link", { name: /^Restore bimcalc from / }));
  await press(page, page.getByRole("link", { name: "Restore all of it" }));
  await expect(page.getByRole("radio", { name: /^Replace bimcalc(?! in place)/ })).toBeChecked();
  await press(page, page.getByRole("button", { name: "Review" }));
  await expect(page.getByRole("button", { name: "Continue to confirm" })).toBeVisible({ timeout: 60_000 });
}

test("an admin names the application, which is tested before it is saved", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto(`/settings/databases/${databaseId}`);
  await page.getByRole("button", { name: "Test application" }).click();
  await page.getByRole("checkbox", { name: application.name }).check({ timeout: 60_000 });
  await page.getByLabel("Health address").fill(application.healthUrl);
  await page.getByRole("button", { name: "Test application" }).click();
  await expect(page.getByText("answers 200, in")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Save application" }).click();
  await expect(page.getByText("Application: saved.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: application.name })).toBeChecked();
  await inspect(page, "settings-application");
  const [entry] = (await holdfast.audit("database.changed")).slice(-1);
  expect(entry).toMatchObject({ actorName: people.admin.name, sentence: "Changed the application of bimcalc" });
  expect([JSON.parse(entry?.before ?? "{}"), JSON.parse(entry?.after ?? "{}")]).toMatchObject([{ containers: [], healthUrl: null }, { containers: [application.name], healthUrl: application.healthUrl }]);
});

test("at 390 px and by keyboard alone: sign in, find the newest proven backup, restore it, see the result", async ({ page, holdfast }) => {
  const before = await application.state();
  await page.goto("/sign-in");
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.keyboard.type(people.admin.email);
  await write(page, page.getByLabel("Password", { exact: true }), people.admin.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search or jump to" })).toBeFocused();
  await page.keyboard.type("restore");
  await expect(page.getByRole("option", { selected: true })).toHaveText("Restore");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/restore");
  await walkToReview(page);
  expect(new URL(page.url()).searchParams.get("backup"), "the newest proven one is recommended, not the newest").toBe(provenId);

  await press(page, page.getByRole("button", { name: "Continue to confirm" }));
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "confirm a restore");
  await expect(dialog).toContainText("Undo restore puts it back in one step, for 24\u00a0h after the restore.");
  await expect(dialog).toContainText(`${imported} is not in the backup and gone afterwards.`);
  const confirm = dialog.getByRole("button", { name: "Replace bimcalc" });
  await write(page, dialog.getByLabel("Reason"), "A script removed every third element.");
  await write(page, dialog.getByLabel(/^Type bimcalc to confirm/), "bimcalk");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("This says")).toBeVisible();
  expect(await holdfast.db.restore.count()).toBe(0);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("bimcalc");
  await press(page, confirm);

  await page.waitForURL(/\/runs\/\d+$/);
  restoreRun = Number(new URL(page.url()).pathname.split("/").at(-1));
  await expect(heading(page, /^bimcalc is back at /)).toBeVisible({ timeout: 300_000 });
  await expect(page.getByText("Restored and equal")).toBeVisible();
  await expect(page.getByText(/^You can undo this until /)).toBeVisible();
  expect(await countTables(server), "counted by psql").toEqual(whole);
  const after = await application.state();
  expect(after.isRunning).toBe(true);
  expect(after.startedAt, "the application was stopped and started").not.toBe(before.startedAt);
  expect(await application.health()).toEqual({ status: 200, priceItems: whole["price_items"] ?? whole["public.price_items"] });
});

test("the result shows rows before and after, the downtime, the time of each step and the reason", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto(`/runs/${restoreRun}`);
  const table = page.getByRole("table", { name: "Rows of each table before and after the restore" });
  for (const [name, rows] of Object.entries(whole)) {
    const row = table.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
    await expect(row).toContainText(damaged[name]?.toLocaleString("en-US") ?? "not there");
    await expect(row).toContainText(rows.toLocaleString("en-US"));
  }
  await expect(table.getByRole("row").filter({ has: page.getByText(`public.${imported}`, { exact: true }) })).toHaveText(/public\.\w+0not there0/);
  await expect(table.locator("tfoot")).toContainText(totalOf(whole).toLocaleString("en-US"));
  const restore = await holdfast.db.restore.findFirstOrThrow({ where: { runId: restoreRun } });
  expect(restore).toMatchObject({ state: "swapped", stopped: null, reason: "A script removed every third element." });
  expect(restore.downtimeMs ?? 0).toBeGreaterThan(0);
  for (const step of ["Restore into staging", "Compare with the manifest", "Stop the application", "Swap names", "Start and wait until healthy"]) await expect(page.getByRole("region", { name: "Where the time went" }).getByRole("listitem").filter({ hasText: step })).toHaveCount(1);
  await expect(page.getByText("Back up what is there")).toHaveCount(0);
  await expect(page.getByText("A script removed every third element.")).toBeVisible();
  await expect(page.getByRole("region", { name: "After the swap" })).toContainText(`${application.healthUrl} answers 200`);
  await inspect(page, "restore-result");
  await page.goto("/settings/databases");
  await expect(page.getByRole("table", { name: "Databases kept for undo" })).toContainText(restore.keptName ?? "nothing");
  await inspect(page, "settings-databases-kept");
});

test("by keyboard: undo it, and the database from before is back with what it held", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto(`/runs/${restoreRun}`);
  await press(page, page.getByRole("button", { name: "Undo restore" }));
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "undo a restore");
  await write(page, dialog.getByLabel("Reason"), "The import was right after all.");
  await write(page, dialog.getByLabel(/^Type bimcalc to confirm/), "bimcalc");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => /\/runs\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${restoreRun}`));
  await expect(page.getByText("bimcalc is as it was before the restore.")).toBeVisible({ timeout: 90_000 });
  expect(await countTables(server), "counted by psql").toEqual(damaged);
  expect((await application.state()).isRunning).toBe(true);
  await inspect(page, "undo-run");

  await press(page, page.getByRole("link", { name: /^Result of the restore/ }));
  await expect(heading(page, "bimcalc is as it was before the restore")).toBeVisible();
  await expect(page.getByText("Undone", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Redo restore" })).toBeVisible();
  const started = (await holdfast.audit("restore.undo_started")).at(-1);
  expect(started).toMatchObject({ actorName: people.admin.name, reason: "The import was right after all." });
  await inspect(page, "restore-undone");
});

test("the pages of the wizard hold for everybody", async ({ page, signIn }) => {
  await signIn("admin");
  await page.goto("/restore");
  await inspect(page, "restore-from");
  await press(page, page.getByRole("link", { name: /^Restore bimcalc from / }));
  await expect(page.getByRole("link", { name: "Restore all of it" })).toBeVisible();
  await inspect(page, "restore-what");
  await press(page, page.getByRole("link", { name: "Restore all of it" }));
  await expect(page.getByRole("button", { name: "Review" })).toBeVisible();
  await inspect(page, "restore-to");
  // What the review asks of the server by itself is an action like any other; somebody else tries to send it below.
  attempt = await captureAction(page, () => press(page, page.getByRole("button", { name: "Review" })));
  await expect(page.getByRole("button", { name: "Continue to confirm" })).toBeVisible({ timeout: 60_000 });
  const name = page.getByText(`public.${imported}`, { exact: true });
  await expect(page.getByRole("row").filter({ has: name })).toHaveText(/public\.\w+0not there0/);
  await expect(page.getByRole("row").filter({ has: page.getByText("reporting.Monthly totals", { exact: true }) })).toHaveText(/reporting\.Monthly totalsnot there24\+24/);
  const brokenWords = await name.evaluate((code) => [...code.childNodes].filter((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
  }).map((part) => part.textContent));
  expect(brokenWords, "words of the name that a line break cuts in two").toEqual([]);
  await inspect(page, "restore-review");
});

for (const role of ["viewer", "operator"] as const) {
  test(`a ${role} without the permission may look, is refused, and the audit log has it`, async ({ page, signIn, holdfast }) => {
    await signIn(role);
    await page.goto("/restore");
    await expect(page.getByText("You may look, but not restore.")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Restore bimcalc from / })).toHaveCount(0);
    await page.goto(`/runs/${restoreRun}`);
    await expect(heading(page, "bimcalc is as it was before the restore")).toBeVisible();
    for (const name of [/^Redo restore/, /^Remove now/]) await expect(page.getByRole("button", { name })).toHaveCount(0);

    const runs = await holdfast.db.run.count();
    const response = await page.request.post(attempt.url, { headers: attempt.headers, data: attempt.body });
    expect(await response.text()).toContain(role === "viewer" ? "auth.forbidden" : "auth.may_not_restore");
    expect(await holdfast.db.run.count()).toBe(runs);
    expect((await holdfast.audit("access.refused")).at(-1)).toMatchObject({ actorName: people[role].name, outcome: "refused", after: expect.stringContaining("restore.plan") as unknown });
  });
}

/** Somebody's own browser, with the confirmation filled in and one press away. */
async function readyToConfirm(browser: Browser, holdfast: Holdfast, role: "admin" | "operator", signIn: (role: "admin" | "operator", page?: Page) => Promise<void>): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: holdfast.url, viewport: phone })).newPage();
  await signIn(role, page);
  await page.goto("/restore");
  await walkToReview(page);
  await page.getByRole("button", { name: "Continue to confirm" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Reason").fill(`Asked for by the ${role}`);
  await dialog.getByLabel(/^Type bimcalc to confirm/).fill("bimcalc");
  return page;
}

test("an operator who is given the permission confirms at the same moment as an admin: one wins, the other is told", async ({ page, browser, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto("/settings/users");
  await page.getByRole("checkbox", { name: `${people.operator.name} may restore` }).check();
  await expect(page.getByText(`${people.operator.name} may restore from now on.`)).toBeVisible();
  await inspect(page, "users-permission");
  expect((await holdfast.audit("user.changed")).at(-1)).toMatchObject({ sentence: `Gave ${people.operator.name} the permission to restore` });

  const both = [await readyToConfirm(browser, holdfast, "admin", signIn), await readyToConfirm(browser, holdfast, "operator", signIn)];
  const before = await holdfast.db.restore.count();
  await Promise.all(both.map((one) => one.getByRole("alertdialog").getByRole("button", { name: "Replace bimcalc" }).click()));
  const won = (one: Page) => /\/runs\/\d+$/.test(new URL(one.url()).pathname);
  await expect.poll(() => both.filter(won).length, { timeout: 60_000 }).toBe(1);
  const [loser] = both.filter((one) => !won(one));
  await expect(loser?.getByRole("alert").filter({ hasText: /already|under way|running/ }) ?? page.getByText("nobody lost")).toBeVisible();
  expect(await holdfast.db.restore.count()).toBe(before + 1);
  const [winner] = both.filter(won);
  await expect(heading(winner ?? page, /^bimcalc is back at /)).toBeVisible({ timeout: 120_000 });
  expect(await countTables(server)).toEqual(whole);
  for (const one of both) await one.context().close();
});

test("what is kept is removed by hand, by its typed name, and then nothing undoes the restore", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  const latest = await holdfast.db.restore.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
  const kept = latest.keptName ?? "";
  await page.goto(`/runs/${latest.runId}`);
  await page.getByRole("button", { name: `Remove now: ${kept}` }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Reason").fill("Its room is needed.");
  await dialog.getByLabel(/^Type .+ to confirm/).fill(kept);
  await dialog.getByRole("button", { name: "Remove the database from before" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(`/${latest.runId}`));
  await expect(page.getByText("This cannot be undone any more.")).toBeVisible({ timeout: 60_000 });
  expect(await server.psql(`select count(*) from pg_database where datname = '${kept}'`)).toBe("0");
  expect((await holdfast.audit("restore.kept_removed")).map(({ reason }) => reason)).toContain("Its room is needed.");
  await page.goto(`/runs/${latest.runId}`);
  await expect(page.getByRole("button", { name: "Undo restore" })).toHaveCount(0);
  await expect(page.getByText("This cannot be undone any more.")).toBeVisible();
});
