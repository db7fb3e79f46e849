import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput, BackupOptions } from "@/lib/databases/schemas";
import { RetentionPolicy } from "@/lib/retention/schemas";
import { saveSchedule } from "@/lib/schedule/manage";
import { SaveScheduleInput } from "@/lib/schedule/schemas";
import { inspect } from "./harness/inspect";
import { addPeople } from "./harness/people";
import { expect, test } from "./harness/test";

test.use({ scene: "retention" });

const day = 86_400_000;
const newest = Date.UTC(2026, 8, 22, 2);

test.beforeAll(async ({ holdfast }) => {
  await addPeople(holdfast.ctx);
  const storeId = await holdfast.addStore();
  const { databaseId } = await addDatabase(holdfast.ctx, AddDatabaseInput.parse({ container: "orders-db", databaseName: "orders", role: "postgres", storeId }));
  await saveSchedule(holdfast.ctx, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC" }));
  for (let n = 0; n < 12; n += 1) {
    // The newest holds nearly nothing: a table may have been emptied.
    const facts = n === 0 ? { sizeBytes: 3_000n, rows: 2n } : { sizeBytes: 700_000n, rows: 1_000n };
    const takenAt = new Date(newest - n * day);
    await holdfast.db.backup.create({ data: { id: `b${n}`, databaseId, databaseName: "orders", origin: "holdfast", format: "custom", takenAt, ...facts, initiatorKind: "schedule", initiatorName: "Schedule", rung: 3, readableAt: takenAt } });
  }
});

test("asks about a backup that is far smaller than usual before anything goes in exchange for it", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto("/settings/retention");
  await page.getByRole("radio", { name: /What these rules say/ }).check();
  await page.getByRole("button", { name: "Development, 7 days" }).click();
  const preview = page.getByRole("region", { name: "What goes" });
  await expect(preview).toContainText("3 go");
  await expect(page.getByText("Is this backup right to be so small?")).toBeVisible();
  await expect(page.getByText("usually 684 KiB; 2 records, usually 1,000")).toBeVisible();
  await inspect(page, "retention-small");

  await page.getByRole("button", { name: /^It is right/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "It is right" }).click();
  await expect(page.getByText("Is this backup right to be so small?")).toBeHidden();
  await expect(preview).toContainText("4 go");
  expect(await holdfast.audit("backup.size_accepted")).toMatchObject([{ actorName: "Ada Admin", backupId: "b0" }]);

  const calendar = page.getByRole("table", { name: "Backups kept at the end of each coming day, by week" });
  await expect(calendar.getByRole("row")).toHaveCount(7);
  await expect(page.getByText(/^If every backup succeeds, every day at 02:00 UTC/)).toBeVisible();
});

test("says which rules are not saved, takes them back, and saves them under the database's name when something goes", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto("/settings/retention");
  const card = page.getByRole("group", { name: "What is kept of orders" });
  const unsaved = page.getByText("Not saved", { exact: true });
  await expect(card).toBeVisible();
  await expect(unsaved).toBeHidden();
  await page.getByRole("radio", { name: /What these rules say/ }).check();
  await page.getByRole("button", { name: "Compliance, 90 days" }).click();
  await expect(unsaved).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(unsaved).toBeHidden();

  await page.getByRole("radio", { name: /What these rules say/ }).check();
  await page.getByRole("button", { name: "Compliance, 90 days" }).click();
  await expect(page.getByText("Nothing is removed by saving this.")).toBeVisible();
  await page.getByRole("button", { name: "Save retention" }).click();
  await expect(page.getByText("What is kept of orders: saved.")).toBeVisible();
  await expect(unsaved).toBeHidden();
  expect(JSON.parse((await holdfast.db.database.findFirstOrThrow()).retention ?? "{}")).toMatchObject({ everyDays: 90 });

  await page.getByRole("button", { name: "Development, 7 days" }).click();
  await expect(page.getByText(/^Saving needs the word orders/)).toBeVisible();
  await page.getByRole("button", { name: "Save retention" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox").fill("orders");
  await dialog.getByRole("button", { name: "Save and remove" }).click();
  await expect(page).toHaveURL(/\/runs\/\d+$/);
  expect(JSON.parse((await holdfast.db.database.findFirstOrThrow()).retention ?? "{}")).toMatchObject({ everyDays: 7 });
  expect(await holdfast.audit("retention.changed")).toHaveLength(2);
});

test("saves a schedule, with errors at their fields, and keeps what its form does not show", async ({ page, signIn, holdfast }) => {
  const { databaseId, options } = { databaseId: (await holdfast.db.database.findFirstOrThrow()).id, options: BackupOptions.parse({ format: "plain", excludeTables: ["public.logs"] }) };
  await saveSchedule(holdfast.ctx, SaveScheduleInput.parse({ databaseId, cron: "0 2 * * *", timeZone: "UTC", options }));
  const saved = await holdfast.db.auditEntry.count({ where: { action: "schedule.saved" } });
  await signIn("admin");
  await page.goto(`/settings/schedules/${databaseId}`);
  const retries = page.getByLabel("Try again");
  await retries.fill("99");
  await expect(page.getByText("Not saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save schedule" }).click();
  await expect(page.getByText("At most 10.")).toBeVisible();
  await expect(retries).toBeFocused();
  await retries.fill("4");
  await page.getByRole("button", { name: "Save schedule" }).click();
  await expect(page.getByText("Not saved", { exact: true })).toBeHidden();
  const schedule = await holdfast.db.schedule.findFirstOrThrow({ where: { databaseId, kind: "backup" } });
  expect([schedule.retries, JSON.parse(schedule.options ?? "{}")]).toEqual([4, expect.objectContaining({ format: "plain", excludeTables: ["public.logs"] })]);
  expect(await holdfast.db.auditEntry.count({ where: { action: "schedule.saved" } })).toBe(saved + 1);
});

test("shows a size limit that is no whole GiB as it was set, and keeps it", async ({ page, signIn, holdfast }) => {
  const { id } = await holdfast.db.database.findFirstOrThrow();
  await holdfast.db.database.update({ where: { id }, data: { retention: JSON.stringify(RetentionPolicy.parse({ everyDays: 30, totalBytes: 5_000_000_001 })) } });
  await signIn("admin");
  await page.goto("/settings/retention");
  const limit = page.getByLabel("Size limit", { exact: true });
  await expect(limit).toHaveValue("5000000001");
  await expect(page.getByLabel("Size limit, unit")).toHaveValue("B");
  await inspect(page, "retention-size");
  const saved = async () => JSON.parse((await holdfast.db.database.findFirstOrThrow()).retention ?? "{}") as RetentionPolicy;
  await page.getByLabel("Every backup for").fill("60");
  await page.getByRole("button", { name: "Save retention" }).click();
  await expect(page.getByText("What is kept of orders: saved.")).toBeVisible();
  expect(await saved()).toMatchObject({ everyDays: 60, totalBytes: 5_000_000_001 });

  await page.getByLabel("Size limit, unit").selectOption("GiB");
  await limit.fill("1.5");
  await expect(page.getByText("Not saved", { exact: true })).toBeVisible();
  await expect(limit).toHaveValue("1.5");
  await limit.fill("");
  await expect(page.getByLabel("Size limit, unit")).toHaveValue("GiB");
});
