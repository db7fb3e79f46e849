import type { Page } from "@playwright/test";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import { tabTo } from "./harness/keyboard";
import { addPeople, people } from "./harness/people";
import { addOldFiles } from "./harness/scenes";
import { expect, test } from "./harness/test";

test.use({ scene: "use" });

test.beforeAll(async ({ holdfast }) => {
  const [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  const storeId = await holdfast.addStore();
  const databaseId = await holdfast.protect(server, storeId);
  await addOldFiles(holdfast, storeId, 30);
  await holdfast.backUp(databaseId, { label: "before upgrade to 2.8" });
});
test.afterAll(removeServers);

test.describe("by keyboard", () => {
  test("the first Tab offers to skip to the content", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  });

  test("Tab reaches Back up now, with focus to be seen at every stop", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    const button = page.getByRole("button", { name: "Back up now" }).first();
    await expect(button).toBeVisible();
    await tabTo(page, button, 40);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Back up now" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(button).toBeFocused();
  });

  test("signing in needs no mouse", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByLabel("Email")).toBeFocused();
    await page.keyboard.type(people.viewer.email);
    await tabTo(page, page.getByLabel("Password", { exact: true }), 3);
    await page.keyboard.type(people.viewer.password);
    await tabTo(page, page.getByRole("button", { name: "Sign in" }), 4);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/");
  });

  test("Ctrl K goes to a page by its name, Esc goes nowhere", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await expect(page.getByRole("button", { name: "Back up now" }).first()).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox", { name: "Search or jump to" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("combobox", { name: "Search or jump to" })).toHaveCount(0);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("aud");
    await expect(page.getByRole("option", { selected: true })).toHaveText("Audit log");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/audit");
    await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  });

  test("? lists the shortcuts, / goes to the search, and neither disturbs typing", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await expect(page.getByRole("button", { name: "Back up now" }).first()).toBeVisible();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox");
    await expect(search).toBeFocused();
    await page.keyboard.type("2.8?/");
    await expect(search).toHaveValue("2.8?/");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});

test.describe("in the address", () => {
  const rows = (page: Page) => page.getByRole("table", { name: "Backups", exact: true }).locator("tbody tr");

  test("a filter is in the address, survives a reload and goes with Back", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await expect(rows(page)).toHaveCount(25);
    await page.getByRole("button", { name: /^Proof/ }).click();
    await page.getByRole("menuitemradio", { name: "Readable" }).click();
    await page.waitForURL(/proof=readable/);
    await expect(rows(page)).toHaveCount(1);
    await page.reload();
    await expect(rows(page)).toHaveCount(1);
    await expect(page.getByRole("button", { name: /^Proof Readable/ })).toBeVisible();
    await page.goBack();
    await expect(rows(page)).toHaveCount(25);
    expect(new URL(page.url()).search).toBe("");
  });

  test("sort and page are in the address too, and a filter leads back to the first page", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await page.getByRole("columnheader", { name: /Taken at/ }).getByRole("link").click();
    await page.waitForURL(/order=asc/);
    await expect(page.getByRole("columnheader", { name: /Taken at/ })).toHaveAttribute("aria-sort", "ascending");
    await expect(rows(page).first().locator("time").first()).toHaveAttribute("datetime", /^2025-01-01/);
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Next" }).click();
    await page.waitForURL(/page=2/);
    await expect(rows(page)).toHaveCount(6);
    await page.reload();
    await expect(rows(page)).toHaveCount(6);
    expect(new URL(page.url()).searchParams.get("order")).toBe("asc");
    await page.getByRole("button", { name: /^Proof/ }).click();
    await page.getByRole("menuitemradio", { name: "Stored" }).click();
    await page.waitForURL(/proof=stored/);
    expect(new URL(page.url()).searchParams.get("page")).toBeNull();
    await expect(rows(page)).toHaveCount(25);
  });

  test("a search is in the address; what matches nothing says so and can be cleared", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/backups");
    await page.getByRole("searchbox").fill("upgrade");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=upgrade/);
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole("searchbox").fill("no such label");
    await page.keyboard.press("Enter");
    await expect(page.getByText("No backup matches", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Clear filters" }).click();
    await expect(rows(page)).toHaveCount(25);
  });

  test("nonsense in the address is ignored, not an error", async ({ page, signIn }) => {
    await signIn("admin");
    const response = await page.goto("/backups?page=-3&sort=evil&proof=%00&order=sideways&taken=1e9");
    expect(response?.status()).toBe(200);
    await expect(rows(page)).toHaveCount(25);
  });
});
