import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addPeople } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, test } from "./harness/test";

test.use({ scene: "monitoring" });
test.describe.configure({ mode: "serial" });

let token = "";

/** A database with a good backup, as a run would have left it: what is asked here is how Holdfast speaks of it. */
test.beforeAll(async ({ holdfast }) => {
  await addPeople(holdfast.ctx);
  const storeId = await holdfast.addStore();
  const { databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "orders-postgres", databaseName: "orders", role: "orders", storeId }));
  const at = new Date();
  const { id } = await holdfast.db.backup.create({ data: { databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 3n, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3, storedAt: at, readableAt: at } });
  writeFileSync(path.join(holdfast.backups, "orders.dump.zst"), "abc");
  await holdfast.db.copy.create({ data: { backupId: id, storeId, key: "orders.dump.zst", sizeBytes: 3n, databaseKey: databaseId, storedAt: at } });
});

test("an admin makes a token, reads it once, and a program asks with it", async ({ page, holdfast, signIn }) => {
  await signIn("admin");
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Make token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make token" }).click();
  await expect(dialog.getByText("Give the token a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("uptime");
  for (const scope of ["Metrics", "Health"]) await dialog.getByRole("checkbox", { name: scope }).check();
  await shot(page, "tokens-new");
  await dialog.getByRole("button", { name: "Make token" }).click();
  const made = page.getByRole("status").filter({ hasText: "The token uptime" });
  token = (await made.locator("code").textContent()) ?? "";
  expect(token).toMatch(/^hf_\w{10}_\w{43}$/);
  await shot(page, "tokens-made");
  await page.reload();
  await expect(page.getByRole("table", { name: "API tokens" })).toContainText("Metrics, Health");
  await expect(page.getByRole("main")).not.toContainText(token.split("_")[2] ?? "");

  expect((await ask(holdfast.url, "/api/metrics")).text).toContain('holdfast_backup_age_seconds{database="orders"}');
  expect((await fetch(`${holdfast.url}/api/metrics`)).status).toBe(401);
  expect((await ask(holdfast.url, "/api/health/backups?database=bimcalc")).status).toBe(404);
});

test("health answers 200, then 503 when the only backup is 26 hours old, with the store gone, and with the worker stopped", async ({ holdfast }) => {
  test.slow();
  const health = () => ask(holdfast.url, "/api/health/backups");
  await expect.poll(async () => (await health()).status).toBe(200);

  const takenAt = new Date();
  await holdfast.db.backup.updateMany({ data: { takenAt: new Date(takenAt.getTime() - 26 * 3_600_000) } });
  const old = await health();
  expect(old.status).toBe(503);
  expect(old.text).toContain("26 h ago; the target is 24 h, and the alarm comes at 25 h.");
  await holdfast.db.backup.updateMany({ data: { takenAt } });
  expect((await health()).status).toBe(200);

  // As root a mode of 000 keeps nobody out: a file in the directory's place does.
  const away = `${holdfast.backups}-away`;
  renameSync(holdfast.backups, away);
  writeFileSync(holdfast.backups, "");
  await expect.poll(async () => (await health()).status, { timeout: 90_000 }).toBe(503);
  expect((await health()).text).toContain("FAIL orders: local-disk failed its last test");
  renameSync(holdfast.backups, `${away}-file`);
  renameSync(away, holdfast.backups);
  await expect.poll(async () => (await health()).status, { timeout: 90_000 }).toBe(200);

  await holdfast.stopWorker();
  const stopped = await health();
  expect(stopped.status).toBe(503);
  expect(stopped.text).toContain("The worker was stopped");
  expect((await fetch(`${holdfast.url}/api/health?ready=1`)).status).toBe(503);
  expect((await fetch(`${holdfast.url}/api/health`)).status).toBe(200);
});

async function ask(url: string, address: string) {
  const answer = await fetch(url + address, { headers: { Authorization: `Bearer ${token}`, Accept: "text/plain" } });
  return { status: answer.status, text: await answer.text() };
}
