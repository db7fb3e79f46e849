import { startWebReceiver, type WebReceiver } from "@/lib/testing/receivers";
import { inspect } from "./harness/inspect";
import { addPeople } from "./harness/people";
import { expect, test } from "./harness/test";

test.use({ scene: "notifications" });

let receiver: WebReceiver;
test.beforeAll(async ({ holdfast }) => {
  await addPeople(holdfast.ctx);
  receiver = await startWebReceiver(({ path }) => (path === "/in/abc-secret" ? { status: 202, body: "taken" } : { status: 410, body: `gone: ${path}` }));
});
test.afterAll(() => receiver.stop());

test("an admin adds a channel, sees what its receiver answers, and replaces an address that nobody can read", async ({ page, browser, signIn, holdfast }) => {
  const watching = await browser.newPage({ baseURL: holdfast.url });
  await signIn("admin");
  await page.goto("/settings/notifications");
  await page.getByRole("link", { name: "Add channel" }).click();
  await page.getByRole("link", { name: /^Webhook/ }).click();
  await page.getByLabel("Name").fill("Tickets");
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByText("Enter the address.")).toBeVisible();
  await page.getByLabel("Address", { exact: true }).fill(`${receiver.url}/in/abc-secret`);
  await page.getByLabel("Secret to sign with").fill("sign-with-this-1234");
  await page.getByRole("button", { name: "Add channel" }).click();
  await page.waitForURL("**/settings/notifications");
  const card = page.getByRole("region", { name: "Tickets" });
  await card.getByRole("button", { name: "Test" }).click();
  await expect(card.getByText("HTTP 202: taken")).toBeVisible();
  expect(receiver.requests).toHaveLength(1);
  await inspect(page, "full-settings-notifications");

  await card.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByText("abc-secret")).toHaveCount(0);
  await page.getByRole("button", { name: "Replace: Address" }).click();
  await page.getByLabel("Address", { exact: true }).fill(`${receiver.url}/gone/abc-secret`);
  await page.getByRole("button", { name: "Save channel" }).click();
  await page.waitForURL("**/settings/notifications");
  await card.getByRole("button", { name: "Test" }).click();
  await expect(card.getByText("HTTP 410: gone: [hidden]")).toBeVisible();
  expect(await page.content()).not.toContain("abc-secret");
  expect(JSON.stringify(await holdfast.audit("alert.channel_saved"))).not.toContain("abc-secret");

  // A viewer sees who is told and no address, and may change nothing.
  await signIn("viewer", watching);
  await watching.goto("/settings/notifications");
  await expect(watching.getByRole("region", { name: "Tickets" })).toContainText("Tells a webhook about");
  await expect(watching.getByRole("button", { name: "Test" })).toHaveCount(0);
  expect(await watching.content()).not.toContain(new URL(receiver.url).host);
  await watching.goto("/settings/notifications/new?kind=webhook");
  await expect(watching.getByRole("button", { name: "Add channel" })).toHaveCount(0);
});
