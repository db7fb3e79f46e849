import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import { addReadings, dumpsIn, freezeNextDump, thaw } from "./harness/freeze";
import { addPeople } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, test } from "./harness/test";

test.use({ scene: "failing" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;
let good: { id: string; key: string };

test.beforeAll(async ({ holdfast }) => {
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  await addReadings(server);
  const backup = await holdfast.backUp(await holdfast.protect(server, await holdfast.addStore()), { label: "the good one" });
  good = { id: backup.id, key: backup.copies[0]?.key ?? "" };
});
test.afterAll(removeServers);
test.beforeEach(({ signIn }) => signIn("admin"));

async function backUpNow(page: Page): Promise<number> {
  await page.goto("/backups");
  await page.getByRole("button", { name: "Back up now" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Back up bimcalc" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

const container = () => engine.getContainer(server.id);

test("a stopped container fails the run with the command that starts it, and the last backup is unchanged", async ({ page, holdfast }) => {
  const before = readFileSync(path.join(holdfast.backups, good.key));
  await container().stop({ t: 2 });
  const id = await backUpNow(page);
  await expect(page.getByText(`The container ${server.name} is not running: exited.`).first()).toBeVisible();
  await expect(page.getByText(`docker start ${server.name}`).first()).toBeVisible();
  await expect(page.getByText(/The readable backup of bimcalc from .* is unchanged\./)).toBeVisible();
  await expect(page).toHaveTitle(/Failed/);
  await shot(page, "run-failed");

  expect(await holdfast.run(id)).toMatchObject({ status: "failed" });
  expect(readFileSync(path.join(holdfast.backups, good.key)).equals(before)).toBe(true);
  expect(await holdfast.db.backup.count()).toBe(1);
  expect(await holdfast.audit("backup.finished")).toMatchObject([{ outcome: "succeeded" }, { outcome: "failed", runId: id }]);
});

test("the overview says that it failed, what is still good, and leads to the fix", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("At risk");
  await expect(page).toHaveTitle(/^At risk · /);
  const main = page.getByRole("main");
  await expect(main.getByText(/The last backup failed/).first()).toBeVisible();
  await expect(main.getByText(/The backup from .* is still good\./)).toBeVisible();
  await expect(main.getByText("Protected", { exact: true })).toHaveCount(0);
  await shot(page, "overview-failing");
  await main.getByRole("link", { name: "Show the fix" }).first().click();
  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page.getByText(`docker start ${server.name}`).first()).toBeVisible();
  await page.goto("/backups");
  await expect(page.getByRole("table", { name: "Runs that produced no backup" })).toContainText("is not running");
  await shot(page, "backups-failing");
});

test("Start again works once the container is back", async ({ page, holdfast }) => {
  await container().start();
  await expect.poll(async () => (await server.exec(["pg_isready", "-q", "-h", "127.0.0.1"])).exitCode).toBe(0);
  await page.goto("/runs?status=failed");
  await page.getByRole("main").getByRole("link", { name: /bimcalc|Run|Backup/ }).first().click();
  await page.waitForURL(/\/runs\/\d+$/);
  const failed = page.url();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForURL((url) => url.href !== failed && /\/runs\/\d+$/.test(url.pathname));
  await expect(page.getByText("Produced the backup of bimcalc from")).toBeVisible({ timeout: 60_000 });
  expect(await holdfast.db.backup.count()).toBe(2);
});

test("a run that is under way shows its step, and cancelling it stops pg_dump inside the container", async ({ page, holdfast }) => {
  const frozen = freezeNextDump(server);
  const id = await backUpNow(page);
  await frozen;
  await expect(page.getByRole("list", { name: "Steps" }).locator("[aria-current=step]")).toContainText("Dump");
  await expect(page).toHaveTitle(/Running/);
  await expect(page.getByRole("list", { name: "Runs in progress" })).toContainText("bimcalc");
  expect((await dumpsIn(server)).length).toBeGreaterThan(0);
  await shot(page, "run-running");

  await page.getByRole("button", { name: "Cancel run" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("The dump stops inside the container");
  await dialog.getByRole("button", { name: "Cancel run" }).click();
  await expect(page.getByRole("button", { name: "Start again" })).toBeVisible({ timeout: 40_000 });
  await thaw(server);
  expect(await holdfast.run(id)).toMatchObject({ status: "cancelled" });
  await expect.poll(() => dumpsIn(server)).toEqual([]);
  expect(await holdfast.db.backup.count()).toBe(2);
  expect(holdfast.files().filter((name) => name.includes("partial") || name.startsWith("."))).toEqual([]);
  await shot(page, "run-cancelled");
});

test("a damaged file is caught by Verify, and drawn at the rung it lost", async ({ page, holdfast }) => {
  const file = path.join(holdfast.backups, good.key);
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);

  await page.goto(`/backups/${good.id}`);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.getByRole("link", { name: "Open run" }).first().click();
  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page).toHaveTitle(/Failed/, { timeout: 40_000 });
  await page.goto(`/backups/${good.id}`);
  await expect(page.locator(".ladder > li")).toHaveText([/Proven.*not yet/s, /Readable.*not yet/s, /Intact.*failed/s, /Stored.*done/s]);
  await expect(page.getByRole("main").getByText("Damaged", { exact: true })).toBeVisible();
  await shot(page, "backup-damaged");
  expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: good.id } })).toMatchObject({ rung: 1 });
  await page.goto("/backups?proof=problem");
  await expect(page.getByRole("table", { name: "Backups", exact: true })).toContainText("Damaged");
  await page.goto("/");
  await expect(page.getByText("1 backup of bimcalc is damaged or missing")).toBeVisible();
});

test("a worker that was killed is said to be silent, and nothing stays green", async ({ page, holdfast }) => {
  test.slow();
  const frozen = freezeNextDump(server);
  const id = await backUpNow(page);
  await frozen;
  await holdfast.killWorker();
  await expect(page.getByText("No worker was heard for 30 s.")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^No word from the worker for/).first()).toBeVisible();
  await expect(page.getByRole("main").getByText("Running", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("main").getByText("Unknown", { exact: true })).toBeVisible();
  await shot(page, "run-worker-silent");
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Unknown");
  await expect(page).toHaveTitle(/^Unknown · /);
  for (const claim of ["Protected", "Running now"]) await expect(page.getByRole("main").getByText(claim, { exact: true })).toHaveCount(0);
  await expect(page.getByRole("main").getByText(/No word from the worker for/).first()).toBeVisible();
  await shot(page, "overview-worker-silent");
  expect((await fetch(`${holdfast.url}/api/health?ready=1`)).status).toBe(503);
  expect(await holdfast.run(id)).toMatchObject({ status: "running" });
});

test("after the worker is back the run is lost, its leftovers are gone, and the next backup succeeds", async ({ page, holdfast }) => {
  await thaw(server);
  await holdfast.startWorker();
  const run = await holdfast.db.run.findFirstOrThrow({ where: { kind: "backup" }, orderBy: { id: "desc" } });
  await expect.poll(async () => (await holdfast.run(run.id)).status).toBe("lost");
  await page.goto(`/runs/${run.id}`);
  await expect(page.getByText("The worker stopped reporting, so how this ended is not known.").first()).toBeVisible();
  await expect(page).toHaveTitle(/Lost/);
  await shot(page, "run-lost");
  await expect.poll(() => dumpsIn(server)).toEqual([]);
  await expect.poll(() => holdfast.files().filter((name) => name.startsWith(".") || name.includes("partial"))).toEqual([]);
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByText("Produced the backup of bimcalc from")).toBeVisible({ timeout: 60_000 });
});
