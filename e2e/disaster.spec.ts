import type { Page } from "@playwright/test";
import type { PostgresContainer } from "@/lib/testing/containers";
import { startApplication, type DemoApplication } from "./harness/application";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import type { Holdfast } from "./harness/holdfast";
import { inspect } from "./harness/inspect";
import { addPeople } from "./harness/people";
import { expect, test } from "./harness/test";

test.use({ scene: "disaster" });
test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);

let server: PostgresContainer;
let application: DemoApplication;
let databaseId = "";

test.beforeAll(async ({ holdfast }, info) => {
  info.setTimeout(600_000);
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  application = await startApplication(server, info.workerIndex);
  databaseId = await holdfast.protect(server, await holdfast.addStore());
});
test.afterAll(async () => {
  await application?.remove();
  await removeServers();
});

/** Says in the database's settings which application to copy, and where to ask it. */
async function rehearse(page: Page, url: string): Promise<void> {
  await page.goto(`/settings/databases/${databaseId}`);
  await page.getByLabel("Container to copy").fill(application.name);
  await page.getByLabel("Address inside the copy").fill(url);
  await page.getByLabel("Wait for the answer").fill("5");
  await page.getByRole("button", { name: "Save application" }).click();
}

/** Starts the drill from the list, waits for its end and opens its page. */
async function drill(page: Page, holdfast: Holdfast): Promise<void> {
  await page.goto("/drills");
  await page.getByRole("button", { name: "Disaster drill" }).click();
  await page.getByRole("button", { name: "Start the disaster drill" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  const runId = Number(new URL(page.url()).pathname.split("/").at(-1));
  expect(await holdfast.finished(runId, 240_000)).toMatchObject({ status: "succeeded" });
  const { id } = await holdfast.ctx.db.drill.findUniqueOrThrow({ where: { runId } });
  await page.goto(`/drills/${id}`);
}

test("an address that is not inside the copy is refused at its field", async ({ page, signIn }) => {
  await signIn("admin");
  await rehearse(page, "https://bimcalc.example/health");
  await expect(page.getByLabel("Address inside the copy")).toHaveAccessibleDescription(/localhost/);
  await expect(page.getByLabel("Address inside the copy")).toHaveAttribute("aria-invalid", "true");
});

test("a disaster drill asks a copy of the application on what was recovered, and the report says what it answered", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await rehearse(page, "http://localhost:8001/health");
  await expect(page.getByText("Application: saved.")).toBeVisible();
  const before = await application.state();
  await drill(page, holdfast);
  await expect(page.getByText("http://localhost:8001/health answered 200 after")).toBeVisible();
  await inspect(page, "drill-disaster-answered");
  await page.getByRole("link", { name: "Report" }).click();
  await expect(page.getByText("answered 200 after").first()).toBeVisible();
  await inspect(page, "drill-disaster-report");
  expect(await application.state()).toEqual(before);
});

test("one whose application does not answer says so before everything else, and its backup is proven all the same", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await rehearse(page, "http://localhost:8002/health");
  await expect(page.getByText("Application: saved.")).toBeVisible();
  await drill(page, holdfast);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Disaster drill");
  await expect(page.getByText("The data were recovered, but the application did not answer.")).toBeVisible();
  await expect(page.getByText("connection refused").first()).toBeVisible();
  await inspect(page, "drill-disaster-silent");
  const [backup] = await holdfast.ctx.db.backup.findMany({ orderBy: { takenAt: "desc" }, take: 1 });
  expect(backup).toMatchObject({ rung: 4, problem: null });
});
