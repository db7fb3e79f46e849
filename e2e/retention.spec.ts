import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
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
