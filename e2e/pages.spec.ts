import { startBackup } from "@/lib/backup/start";
import { StartBackupInput } from "@/lib/backup/schemas";
import type { PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import { expectAccessible, inspect } from "./harness/inspect";
import { everywhere, expectTitle, named } from "./harness/pages";
import { addPeople } from "./harness/people";
import { addOldFiles } from "./harness/scenes";
import { expect, test } from "./harness/test";

test.use({ scene: "pages" });

let server: PostgresContainer;
let databaseId = "";
let storeId = "";
let backupId = "";
let runId = 0;

test.describe("with databases, backups and runs", () => {
  test.afterAll(removeServers);
  test.beforeAll(async ({ holdfast }) => {
    [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
    storeId = await holdfast.addStore();
    databaseId = await holdfast.protect(server, storeId);
    await addOldFiles(holdfast, storeId, 30);
    const backup = await holdfast.backUp(databaseId, { label: "before upgrade to 2.8", note: "Asked for by the Zürich office" });
    backupId = backup.id;
    runId = (await holdfast.db.run.findFirstOrThrow({ where: { backupId, kind: "backup" } })).id;
  });
  for (const address of everywhere) {
    test(`${address} is fit for everybody`, async ({ page, signIn }) => {
      await signIn("admin");
      await page.goto(address);
      // Not proven by a drill, so the worst state is At risk.
      await expectTitle(page, "At risk");
      await inspect(page, `full-${named(address)}`);
    });
  }
  const deeper = [
    ["backup", () => `/backups/${backupId}`],
    ["run", () => `/runs/${runId}`],
    ["settings-database", () => `/settings/databases/${databaseId}`],
    ["settings-schedule", () => `/settings/schedules/${databaseId}`],
    ["settings-schedule-of-drills", () => `/settings/schedules/${databaseId}?kind=drill`],
    ["backups-filtered-to-nothing", () => "/backups?proof=proven"],
    ["restore-from", () => `/restore?of=${databaseId}`],
    ["restore-what", () => `/restore/what?backup=${backupId}`],
    ["restore-to", () => `/restore/to?backup=${backupId}`],
    ["restore-to-in-place", () => `/restore/to?backup=${backupId}&method=in_place&safety=no`],
    ["restore-without-backup", () => "/restore/review"],
  ] as const;
  for (const [name, address] of deeper) {
    test(`the page ${name} is fit for everybody`, async ({ page, signIn }) => {
      await signIn("admin");
      await page.goto(address());
      await expectTitle(page, "At risk");
      await inspect(page, `full-${name}`);
    });
  }
  test("on a phone the row of settings opens with the current page in sight", async ({ page, signIn }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn("admin");
    for (const address of everywhere.filter((one) => /^\/settings\/[a-z]+$/.test(one))) {
      await page.goto(address);
      await expect(page.getByRole("navigation", { name: "Settings" }).locator("[aria-current]"), address).toBeInViewport({ ratio: 1 });
    }
    await page.setViewportSize({ width: 844, height: 390 });
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole("navigation", { name: "Settings" }).locator("[aria-current]"), "after the phone was turned").toBeInViewport({ ratio: 1 });
  });
  test("the review of a restore is fit for everybody, also while it asks to confirm", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto(`/restore/review?backup=${backupId}`);
    await expect(page.getByRole("heading", { name: "Checks" })).toBeVisible({ timeout: 30_000 });
    await inspect(page, "full-restore-review");
    await page.getByRole("button", { name: "Continue to confirm" }).click();
    await expect(page.getByRole("alertdialog").getByRole("button", { name: "Cancel" })).toBeFocused();
    await expectAccessible(page, "Confirm a restore");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Continue to confirm" })).toBeFocused();
  });
  test("a page that does not exist says so, with a way back", async ({ page, signIn }) => {
    await signIn("admin");
    // Its status is 200: Next has sent the frame by the time the page finds nothing.
    await page.goto("/backups/no-such-backup");
    await expect(page.getByRole("table", { name: "Tables in the backup" })).toHaveCount(0);
    await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
    await inspect(page, "not-found");
  });
  test("open dialogs, menus and entries are fit for everybody", async ({ page, signIn }) => {
    await signIn("admin");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("/backups");
    await page.getByRole("button", { name: "Back up now" }).first().click();
    await expect(page.getByRole("dialog", { name: "Back up now" })).toBeVisible();
    await expectAccessible(page, "Back up now");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await expectAccessible(page, "command menu");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Proof/ }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page, "filter menu");
    await page.goto(`/backups/${backupId}`);
    await page.getByRole("button", { name: "Delete backup" }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await expectAccessible(page, "Delete backup");
    await page.goto("/audit");
    await page.getByRole("button", { name: /^Entry / }).first().click();
    await expectAccessible(page, "open audit entry");
  });

  test.describe("and with failures", () => {
    test.beforeAll(async ({ holdfast }) => {
      await engine.getContainer(server.id).stop({ t: 2 });
      for (let n = 0; n < 2; n += 1) {
        const started = await startBackup(holdfast.ctx, StartBackupInput.parse({ databaseId }));
        runId = started.runId;
        await holdfast.finished(runId);
      }
    });
    for (const [name, address] of [["overview", () => "/"], ["backups", () => "/backups"], ["runs", () => "/runs"], ["run", () => `/runs/${runId}`], ["audit", () => "/audit"], ["settings-databases", () => "/settings/databases"]] as const) {
      test(`the page ${name} is fit for everybody and its title says At risk`, async ({ page, signIn }) => {
        await signIn("admin");
        await page.goto(address());
        await expectTitle(page, "At risk");
        await inspect(page, `failing-${name}`);
      });
    }
  });
});
