import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { startDrill } from "@/lib/drill/start";
import type { PostgresContainer } from "@/lib/testing/containers";
import { countTables, removeServers, startBimcalc, totalOf } from "./harness/bimcalc";
import type { Holdfast } from "./harness/holdfast";
import { inspect } from "./harness/inspect";
import { addPeople, people } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, test } from "./harness/test";

const run = promisify(execFile);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const grouped = (number: number) => number.toLocaleString("en-US");

test.use({ scene: "backup" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;
let backupId = "";
let runId = 0;

test.beforeAll(async ({ holdfast }) => {
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  await holdfast.protect(server, await holdfast.addStore());
});
test.afterAll(removeServers);
test.beforeEach(({ signIn }) => signIn("admin"));

const fileAddress = (part?: string) => `/api/backups/${backupId}/file${part ? `?part=${part}` : ""}`;
const stored = (holdfast: Holdfast) => holdfast.db.copy.findFirstOrThrow({ where: { backupId } });

async function shownSha256(page: Page): Promise<string> {
  return (await page.locator("dd", { has: page.getByRole("button", { name: "Copy SHA-256" }) }).locator("code").getAttribute("title")) ?? "";
}

test("Back up now asks what to note, and leads to a run that shows its steps and ends by itself", async ({ page, holdfast }) => {
  await page.goto("/backups");
  await page.getByRole("button", { name: "Back up now" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Back up now" });
  await expect(dialog.getByRole("checkbox", { name: "bimcalc" })).toBeChecked();
  await dialog.getByLabel("Label").fill("before upgrade to 2.8");
  await dialog.getByLabel("Note").fill("Asked for by the Zürich office");
  await dialog.getByRole("button", { name: "Back up bimcalc" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  // A reload would lose this: the page has to find out about the end by itself.
  await page.evaluate(() => document.body.setAttribute("data-not-reloaded", ""));
  const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveCount(6);
  await expect(page.getByText("Produced the backup of bimcalc from")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("body[data-not-reloaded]")).toHaveCount(1);
  await expect(steps.filter({ hasText: "Dump" })).toContainText("stored as bimcalc_postgres_backup_");
  await expect(steps.filter({ hasText: "Read back" })).toContainText("SHA-256 equal");

  runId = Number(new URL(page.url()).pathname.split("/").at(-1));
  const record = await holdfast.run(runId);
  expect(record).toMatchObject({ status: "succeeded", initiatorKind: "user", initiatorName: people.admin.name });
  backupId = record.backupId ?? "";
  await shot(page, "run-succeeded");
  await page.getByRole("link", { name: "Open the backup" }).click();
  await page.waitForURL(`**/backups/${backupId}`);
});

test("the list shows the backup with its label, exact records, proof and initiator", async ({ page }) => {
  await page.goto("/backups");
  const row = page.getByRole("table", { name: "Backups", exact: true }).getByRole("row").filter({ hasText: "bimcalc" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("before upgrade to 2.8");
  await expect(row).toContainText(grouped(totalOf(await countTables(server))));
  await expect(row).toContainText("Readable");
  await expect(row).toContainText(people.admin.name);
  await expect(row).toContainText("1 of 1");
});

test("the backup page shows stored, intact and readable, not proven, and the counts that psql counts", async ({ page }) => {
  await page.goto(`/backups/${backupId}`);
  const rungs = page.locator(".ladder > li");
  await expect(rungs).toHaveText([/Proven.*not yet/s, /Readable.*done/s, /Intact.*done/s, /Stored.*done/s]);
  const table = page.getByRole("table", { name: "Tables in the backup" });
  const shown: Record<string, number> = {};
  for (const row of await table.locator("tbody tr").all()) {
    const [name = "", rows = ""] = await row.locator("td").allInnerTexts();
    shown[name.trim()] = Number(rows.replace(/\D/g, ""));
  }
  const counted = await countTables(server);
  expect(shown).toEqual(counted);
  await expect(table.locator("tfoot")).toContainText(grouped(totalOf(counted)));
});

test("a download is whole: its length is announced and its SHA-256 is the one on the page", async ({ page, holdfast }) => {
  await page.goto(`/backups/${backupId}`);
  const shown = await shownSha256(page);
  expect(shown).toMatch(/^[0-9a-f]{64}$/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("main").getByRole("link", { name: "Download" }).click()]);
  const copy = await stored(holdfast);
  expect(download.suggestedFilename()).toBe(copy.key);
  expect(sha256(readFileSync(await download.path()))).toBe(shown);

  const response = await page.request.get(fileAddress());
  const body = await response.body();
  expect(response.status()).toBe(200);
  expect(response.headers()["content-length"]).toBe(String(body.length));
  expect(BigInt(body.length)).toBe(copy.sizeBytes);
  expect(sha256(body)).toBe(shown);
});

test("a download can be looked at first and taken in parts", async ({ page }) => {
  const head = await page.request.head(fileAddress());
  const whole = await (await page.request.get(fileAddress())).body();
  expect(head.status()).toBe(200);
  expect(head.headers()).toMatchObject({ "content-length": String(whole.length), "accept-ranges": "bytes" });
  expect(await head.body()).toHaveLength(0);

  const part = await page.request.get(fileAddress(), { headers: { range: "bytes=100-1099" } });
  expect(part.status()).toBe(206);
  expect(part.headers()).toMatchObject({ "content-range": `bytes 100-1099/${whole.length}`, "content-length": "1000" });
  expect((await part.body()).equals(whole.subarray(100, 1100))).toBe(true);
  expect((await page.request.get(fileAddress(), { headers: { range: `bytes=${whole.length}-` } })).status()).toBe(416);
});

test("the roles have a file of their own, without passwords", async ({ page }) => {
  await page.goto(`/backups/${backupId}`);
  await expect(page.getByRole("link", { name: "in a file of their own" })).toHaveAttribute("href", fileAddress("roles"));
  const roles = await (await page.request.get(fileAddress("roles"))).text();
  expect(roles).toContain("CREATE ROLE bimcalc_app;");
  expect(roles).not.toMatch(/PASSWORD/i);
});

test("the commands on the page restore it without Holdfast, to the same counts", async ({ page, context, holdfast }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/backups/${backupId}`);
  await page.getByRole("button", { name: "Copy Commands that restore this backup" }).click();
  const script = await page.evaluate(() => navigator.clipboard.readText());
  const copy = await stored(holdfast);
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-restore-"));
  try {
    writeFileSync(path.join(directory, copy.key), await (await page.request.get(fileAddress())).body());
    writeFileSync(path.join(directory, copy.rolesKey ?? ""), await (await page.request.get(fileAddress("roles"))).body());
    const { stdout } = await run("bash", ["-e", "-o", "pipefail", "-c", script], { cwd: directory });
    expect(stdout).toContain(copy.sha256);
    expect(await countTables(server, "bimcalc_restored")).toEqual(await countTables(server));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("keeping, noting and verifying again are done on the page and show at once", async ({ page, holdfast }) => {
  await page.goto(`/backups/${backupId}`);
  await page.getByRole("button", { name: "Keep until removed" }).click();
  await expect(page.getByText("Kept on purpose, until somebody removes it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete backup" })).toHaveCount(0);

  await page.getByRole("button", { name: "Change label and note" }).click();
  await page.getByRole("textbox", { name: "Note" }).fill("Checked by Ada");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Checked by Ada")).toBeVisible();

  const before = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } });
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await page.getByRole("link", { name: "Open run" }).first().click();
  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page.getByText(/The backup of bimcalc from .* is intact and readable\./)).toBeVisible({ timeout: 60_000 });
  const after = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } });
  expect(after).toMatchObject({ keep: true, note: "Checked by Ada", label: "before upgrade to 2.8", rung: 3 });
  expect(after.readableAt?.getTime()).toBeGreaterThan(before.readableAt?.getTime() ?? Infinity);
});

test("a drill proves it: its rows stand beside the backup's, each table is equal, and the timeline tells of it", async ({ page, holdfast }) => {
  test.setTimeout(300_000);
  const { runId: drillRun } = await startDrill(holdfast.ctx, { backupId });
  expect(await holdfast.finished(drillRun, 240_000)).toMatchObject({ status: "succeeded" });
  await page.goto(`/backups/${backupId}`);
  const counted = await countTables(server);
  const table = page.getByRole("table", { name: "Tables in the backup" });
  await expect(table.getByRole("columnheader")).toHaveText(["Table", "Rows in backup", "Rows in drill", "Size before dump", "Equal"]);
  for (const [name, rows] of Object.entries(counted)) {
    const cells = table.getByRole("row").filter({ has: page.getByText(name, { exact: true }) }).getByRole("cell");
    await expect(cells).toHaveText([name, grouped(rows), grouped(rows), /B$/, "equal"]);
  }
  await expect(table.locator("tfoot td").nth(2)).toHaveText(grouped(totalOf(counted)));
  const moments = page.getByRole("region", { name: "Timeline" }).getByRole("listitem");
  const tables = Object.keys(counted).length;
  await expect(moments.filter({ hasText: `Proven, ${tables} of ${tables}\u00a0tables equal` }).getByRole("link")).toHaveAttribute("href", `/runs/${drillRun}`);
  await expect(moments.filter({ hasText: "Drill started on " })).toHaveCount(1);
  await inspect(page, "backup-proven");
});

test("the overview calls it protected, with its server in one line at every width", async ({ page }) => {
  await page.goto("/");
  const line = page.getByRole("table", { name: "Databases, worst first" }).getByText(/^Protected · PostgreSQL [0-9.]+$/);
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await line.evaluate((one) => [one.clientHeight, one.scrollWidth > one.clientWidth]), `at ${width} px`).toEqual([16, false]);
  }
  await inspect(page, "overview-protected");
});

test("deleting asks for the typed name and a reason, and takes the files with it", async ({ page, holdfast }) => {
  await page.goto(`/backups/${backupId}`);
  await page.getByRole("button", { name: "Stop keeping it" }).click();
  await page.getByRole("button", { name: "Delete backup" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByLabel(/^Type bimcalc to confirm/).fill("bimcalk");
  await dialog.getByRole("button", { name: "Delete backup" }).click();
  await expect(dialog.getByText("Type bimcalc exactly.")).toBeVisible();
  await expect(dialog.getByText("Say why. Whoever reads the audit log later will want to know.")).toBeVisible();
  expect((await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).deletedAt).toBeNull();

  await dialog.getByLabel("Reason").fill("Taken by mistake");
  await dialog.getByLabel(/^Type bimcalc to confirm/).fill("bimcalc");
  await dialog.getByRole("button", { name: "Delete backup" }).click();
  await page.waitForURL(/\/runs\/\d+$/);
  await expect(page.getByText(/The backup of bimcalc from .* is deleted\./)).toBeVisible({ timeout: 30_000 });
  expect(holdfast.files()).toEqual([]);
  await page.goto("/backups");
  await expect(page.getByText("No backups yet", { exact: true })).toBeVisible();
  expect((await page.request.get(fileAddress())).status()).toBe(404);
});

test("the audit log has all of it, with who, size and records", async ({ page, holdfast }) => {
  const rows = BigInt(totalOf(await countTables(server)));
  for (const action of ["backup.started", "backup.finished", "backup.downloaded", "backup.kept", "backup.described", "backup.verified", "backup.deleted"]) {
    const entries = await holdfast.audit(action);
    expect(entries.length, action).toBeGreaterThan(0);
    for (const entry of entries) expect(entry, action).toMatchObject({ actorName: people.admin.name, databaseName: "bimcalc" });
  }
  for (const action of ["backup.finished", "backup.verified", "backup.downloaded", "backup.deleted"]) {
    expect((await holdfast.audit(action)).at(-1)?.sizeBytes ?? 0n, action).toBeGreaterThan(0n);
  }
  expect((await holdfast.audit("backup.deleted")).at(-1)).toMatchObject({ outcome: "succeeded", reason: "Taken by mistake" });
  const finished = (await holdfast.audit("backup.finished")).at(-1);
  expect(finished).toMatchObject({ outcome: "succeeded", records: rows, runId });

  await page.goto("/audit?action=backup.finished");
  const entry = page.getByRole("table").getByRole("row").filter({ hasText: "bimcalc" });
  await expect(entry).toContainText(people.admin.name);
  await expect(entry).toContainText(grouped(Number(rows)));
  await page.goto("/audit");
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText("Chain verified to entry")).toBeVisible();
});
