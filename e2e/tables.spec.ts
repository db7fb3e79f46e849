import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { bytes } from "@/lib/format/bytes";
import type { PostgresContainer } from "@/lib/testing/containers";
import { captureAction, type CapturedAction } from "./harness/actions";
import { countTables, removeServers, startBimcalc, type Counts } from "./harness/bimcalc";
import { expectAccessible, inspect } from "./harness/inspect";
import { press, write } from "./harness/keyboard";
import { addPeople, people } from "./harness/people";
import { expect, test } from "./harness/test";

const phone = { width: 390, height: 844 };

test.use({ scene: "tables" });
test.describe.configure({ mode: "serial" });

/** Rows of a table by id, each column as text. */
type Rows = Map<number, Record<string, string | null>>;

let server: PostgresContainer;
let backupId = "";
/** The page of the first restore: rows replaced, rows inserted. */
let address = "";
let attempt: CapturedAction;
let sizes: Counts;
let csv: string;
let whole: { elements: Rows; items: Rows };
let damaged: { elements: Rows; items: Rows };

test.beforeAll(async ({ holdfast }, info) => {
  info.setTimeout(300_000);
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  const databaseId = await holdfast.protect(server, await holdfast.addStore());
  await server.psql(`update price_items set description = E'Ziegel "rot", 24 cm\\nzweite Zeile' where id = 1`);
  whole = { elements: await readRows("bim_elements"), items: await readRows("price_items") };
  csv = await server.psql("copy price_items to stdout with (format csv, header)");
  sizes = JSON.parse(await server.psql("select json_object_agg(relname, pg_total_relation_size(oid)) from pg_class where relname in ('bim_elements', 'projects')")) as Counts;
  backupId = (await holdfast.backUp(databaseId)).id;
  await server.psql(`
    update bim_elements set price_item_id = null where price_item_id <= 20;
    delete from price_items where id <= 20;
    update price_items set description = 'Overwritten by an import' where id between 31 and 40;
    delete from bim_elements where id % 3 = 0;
    update bim_elements set quantity = quantity + 1 where id % 7 = 0;
    insert into bim_elements (project_id, price_item_id, quantity) select 1, 100, i from generate_series(1, 5) i;
    drop table reporting."Monthly totals"`);
  damaged = { elements: await readRows("bim_elements"), items: await readRows("price_items") };
});
test.afterAll(removeServers);
test.beforeEach(({ signIn }, info) => (info.title.startsWith("without the permission") ? undefined : signIn("admin")));

async function readRows(table: string): Promise<Rows> {
  const lines = await server.psql(`select id, (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t))) from ${table} t order by id`);
  return new Map(lines.split("\n").map((line) => [Number(line.split("\t")[0]), JSON.parse(line.slice(line.indexOf("\t") + 1)) as Record<string, string | null>]));
}

/** The three counts of a comparison, from the rows themselves. */
function differences(backup: Rows, live: Rows): { onlyBackup: number; onlyLive: number; changed: number } {
  const shared = [...backup].filter(([id]) => live.has(id));
  const changed = shared.filter(([id, row]) => JSON.stringify(row) !== JSON.stringify(live.get(id))).length;
  return { onlyBackup: backup.size - shared.length, onlyLive: live.size - shared.length, changed };
}

const grouped = (many: number) => many.toLocaleString("en-US");
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
/** What the page says of one table. */
const card = (page: Page, name: string) => page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name, exact: true }) });

async function choose(of: Locator, label: string): Promise<void> {
  await of.getByLabel("What to do").focus();
  await of.getByLabel("What to do").selectOption({ label });
}

test("at 390 px and by keyboard: choose a table, be told what foreign keys tie to it, and compare it with live", async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto(`/backups/${backupId}`);
  await press(page, page.getByRole("main").getByRole("link", { name: "Restore", exact: true }));
  await press(page, page.getByRole("link", { name: "Choose tables" }));
  await expect(heading(page, /^Choose tables of bimcalc, /)).toBeVisible();
  const table = page.getByRole("table", { name: "Tables in the backup" });
  const row = (name: string) => table.getByRole("row").filter({ has: page.getByRole("checkbox", { name }) });
  await expect(row("public.bim_elements").getByRole("cell")).toHaveText(["public.bim_elements", "4,321", bytes(sizes["bim_elements"]), /^refers to public\.(projects, public\.price_items|price_items, public\.projects)$/]);
  await expect(row("public.projects").getByRole("cell")).toHaveText(["public.projects", "12", bytes(sizes["projects"]), "public.bim_elements refers to it"]);
  await expect(row("reporting.Monthly totals").getByRole("cell").first()).toContainText("not in the live database now: it can be put beside it as a copy");
  await expect(page.getByText("No table is chosen yet.")).toBeVisible();
  await page.getByRole("button", { name: "Stage and compare" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Choose at least one table." })).toBeVisible();

  await page.getByRole("checkbox", { name: "public.bim_elements" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("Foreign keys tie 2 other tables to these.")).toBeVisible();
  await inspect(page, "tables-choose");
  await press(page, page.getByRole("button", { name: "Choose them too" }));
  for (const name of ["public.projects", "public.price_items"]) await expect(page.getByRole("checkbox", { name })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "reporting.Monthly totals" })).not.toBeChecked();
  await expect(page.getByText(/^3\stables chosen\. Staging takes about /)).toBeVisible();

  attempt = await captureAction(page, () => page.getByRole("button", { name: "Stage and compare" }).click());
  await page.waitForURL(/\/restore\/tables\/[\w-]+$/);
  address = new URL(page.url()).pathname;
  await expect(heading(page, "Backup and live: public.bim_elements and 2 more")).toBeVisible({ timeout: 90_000 });
  await expect(page).toHaveTitle(/Waits for your choice · public\.bim_elements and 2 more · Holdfast$/);
  expect(await readRows("bim_elements"), "live tables are only read").toEqual(damaged.elements);
});

test("the comparison counts what is only in the backup, only in live and changed, and shows examples side by side", async ({ page }) => {
  await page.goto(address);
  const elements = card(page, "public.bim_elements");
  const { onlyBackup, onlyLive, changed } = differences(whole.elements, damaged.elements);
  await expect(elements.locator("dl")).toHaveText(`Rows in live${grouped(damaged.elements.size)}Rows in backup4,321Only in backup${grouped(onlyBackup)}Only in live${onlyLive}Changed${changed}`);
  await expect(elements).toContainText(`${grouped(onlyBackup)} rows only in the backup, ${onlyLive} rows only in live, ${changed} rows changed`);
  expect(differences(whole.items, damaged.items)).toEqual({ onlyBackup: 20, onlyLive: 0, changed: 10 });
  await expect(card(page, "public.price_items").locator("dl")).toHaveText("Rows in live2,380Rows in backup2,400Only in backup20Only in live0Changed10");
  await expect(card(page, "public.projects")).toContainText("equal, row by row");

  for (const name of ["Changed", "Only in the backup", "Only in live"]) await elements.locator("summary").filter({ hasText: name }).click();
  const shown = elements.getByRole("table", { name: "Rows that were changed, backup and live side by side" });
  await expect(shown.getByRole("columnheader")).toHaveText(["id", "Column", "Backup", "Live"]);
  let id = 0;
  for (const line of await shown.locator("tbody tr").all()) {
    id = Number(await line.getByRole("rowheader").textContent()) || id;
    const [column = "", backup, live] = await line.getByRole("cell").allTextContents();
    expect([backup, live], `${column} of ${id}`).toEqual([whole.elements, damaged.elements].map((rows) => rows.get(id)?.[column] ?? "null"));
  }
  expect(id, "rows were shown").toBeGreaterThan(0);
  await expect(elements.getByRole("table", { name: "Rows only in the backup" }).locator("tbody tr")).toHaveCount(8);
  const added = elements.getByRole("table", { name: "Rows only in live" }).locator("tbody tr");
  await expect(added.first().getByRole("cell")).toHaveText(["4322", "1", "100", "1.000"]);
  await expect(added).toHaveCount(onlyLive);
  await inspect(page, "tables-compare");
});

test("the backup's rows of a table are taken away as CSV", async ({ page, holdfast }) => {
  await page.goto(address);
  const items = card(page, "public.price_items");
  await items.getByRole("button", { name: "CSV" }).click();
  const link = items.getByRole("link", { name: /^public\.price_items_\d{8}_\d{6}\.csv, / });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click({ timeout: 60_000 })]);
  const file = readFileSync(await download.path(), "utf8");
  const lines = (text: string) => text.trimEnd().split("\n");
  expect(lines(file)[0]).toBe("id,code,description,unit_price,updated_at");
  expect(lines(file).toSorted()).toEqual(lines(csv).toSorted());
  expect((await holdfast.audit("tables.downloaded")).at(-1)).toMatchObject({ actorName: people.admin.name, sentence: `Downloaded rows of public.price_items as ${download.suggestedFilename()}` });
});

test("rows are replaced in one table and inserted into another, by typed confirmation", async ({ page, holdfast }) => {
  await page.setViewportSize(phone);
  await page.goto(address);
  await page.getByRole("button", { name: "Continue to confirm" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing is chosen to be done." })).toBeVisible();
  await choose(card(page, "public.bim_elements"), "Replace its rows");
  await choose(card(page, "public.price_items"), "Insert missing rows");
  await expect(page.getByText("2 tables in one transaction: all of it, or nothing.")).toBeVisible();
  await press(page, page.getByRole("button", { name: "Continue to confirm" }));

  const dialog = page.getByRole("alertdialog", { name: /^Change 2\stables in bimcalc, from the backup of / });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "confirm a restore of tables");
  const { onlyBackup, onlyLive, changed } = differences(whole.elements, damaged.elements);
  await expect(dialog.getByRole("listitem")).toHaveText([
    `public.bim_elements: ${onlyLive} rows taken out, ${changed} set back to the backup, ${grouped(onlyBackup)} rows come back.`,
    "public.price_items: 20 rows come back; nothing is taken out or changed.",
  ]);
  await expect(dialog).toContainText("Safety net: rows from before are kept inside bimcalc until ");
  await write(page, dialog.getByLabel("Reason"), "A script removed every third element.");
  await write(page, dialog.getByLabel(/^Type bimcalc to confirm/), "bimcalk");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("This says")).toBeVisible();
  expect(await holdfast.db.run.count({ where: { kind: "apply_tables" } })).toBe(0);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("bimcalc");
  await press(page, dialog.getByRole("button", { name: "Replace rows" }));

  await expect(heading(page, "public.bim_elements and public.price_items: restored")).toBeVisible({ timeout: 60_000 });
  expect(await readRows("bim_elements"), "as the backup has it").toEqual(whole.elements);
  expect(await readRows("price_items"), "what was missing is back, what was changed stays").toEqual(new Map([...whole.items, ...damaged.items].toSorted(([a], [b]) => a - b)));
  await expect(page.getByText(/^You can undo this until /)).toBeVisible();
  await expect(page.getByText("2 tables of bimcalc")).toBeVisible();
  await expect(page.getByText("missing before, there now")).toBeVisible();
  const table = page.getByRole("table", { name: "Rows before and after, by table" });
  const difference = 4321 - damaged.elements.size;
  await expect(table.locator("tbody").getByRole("row")).toHaveText([
    `public.bim_elements${grouped(onlyBackup)} inserted, ${changed} set back, ${onlyLive} taken out${grouped(damaged.elements.size)}4,321+${grouped(difference)}`,
    "public.price_items20 inserted, 0 set back, 0 taken out2,3802,400+20",
  ]);
  await expect(page.getByText("A script removed every third element.")).toBeVisible();
  await inspect(page, "tables-restored");
  expect((await holdfast.audit("tables.applied")).map(({ actorName, outcome, reason }) => ({ actorName, outcome, reason }))).toMatchObject([{ actorName: people.admin.name, outcome: "started", reason: "A script removed every third element." }, { outcome: "succeeded" }]);
});

test("undo puts back what was there before, and rows that others added since stay", async ({ page, holdfast }) => {
  const added = Number(await server.psql("insert into bim_elements (project_id, quantity) values (2, 1) returning id"));
  await page.goto(address);
  await press(page, page.getByRole("button", { name: "Undo restore" }));
  const dialog = page.getByRole("alertdialog", { name: "Undo the restore of public.bim_elements and public.price_items in bimcalc" });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "undo a restore of tables");
  await write(page, dialog.getByLabel("Reason"), "The script was right after all.");
  await write(page, dialog.getByLabel(/^Type bimcalc to confirm/), "bimcalc");
  await page.keyboard.press("Enter");
  await expect(heading(page, "public.bim_elements and public.price_items: the restore was undone")).toBeVisible({ timeout: 60_000 });
  const elements = await readRows("bim_elements");
  expect(elements.delete(added), "added since, and still there").toBe(true);
  expect(elements).toEqual(damaged.elements);
  expect(await readRows("price_items")).toEqual(damaged.items);
  await expect(page.getByText(`Undone by ${people.admin.name}, `)).toBeVisible();
  await expect(page.getByText("taken back by the undo")).toHaveCount(3);
  await expect(page.getByText("missing before, there now")).toHaveCount(0);
  await expect(page.getByText("1 row that others added since stayed.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo restore" })).toHaveCount(0);
  await inspect(page, "tables-undone");
  expect((await holdfast.audit("tables.undone"))[0]).toMatchObject({ actorName: people.admin.name, reason: "The script was right after all." });
});

test("a table that is gone from live comes back as a copy beside it, which undo drops", async ({ page }) => {
  await page.goto(`/restore/tables?backup=${backupId}`);
  await page.getByRole("checkbox", { name: "reporting.Monthly totals" }).check();
  await page.getByRole("button", { name: "Stage and compare" }).click();
  await expect(heading(page, "Backup and live: reporting.Monthly totals")).toBeVisible({ timeout: 90_000 });
  const totals = card(page, "reporting.Monthly totals");
  await expect(totals).toContainText("not in the live database any more");
  await expect(totals.getByLabel("What to do").getByRole("option")).toHaveText(["Leave it as it is", "Keep a copy beside it"]);
  await choose(totals, "Keep a copy beside it");
  await page.getByRole("button", { name: "Continue to confirm" }).click();
  const dialog = page.getByRole("alertdialog", { name: /^Keep a copy of 1\stable in bimcalc, / });
  const name = /reporting\.Monthly totals_restored_\d{8}/.exec((await dialog.getByRole("listitem").textContent()) ?? "")?.[0].replace("reporting.", "") ?? "";
  await expect(dialog.getByRole("listitem")).toHaveText(`24 rows are put into a new table reporting.${name}. reporting.Monthly totals is not touched.`);
  await dialog.getByLabel("Reason").fill("Somebody dropped it.");
  await dialog.getByLabel(/^Type bimcalc to confirm/).fill("bimcalc");
  await dialog.getByRole("button", { name: "Put rows in place" }).click();
  await expect(heading(page, "reporting.Monthly totals: restored")).toBeVisible({ timeout: 60_000 });
  expect(await server.psql(`select count(*), sum(total) from reporting."${name}"`)).toBe("24\t276000.00");

  await page.getByRole("button", { name: "Undo restore" }).click();
  const undo = page.getByRole("alertdialog");
  await expect(undo.getByRole("listitem")).toHaveText(`reporting.${name} is dropped.`);
  await undo.getByLabel("Reason").fill("It is not needed.");
  await undo.getByLabel(/^Type bimcalc to confirm/).fill("bimcalc");
  await undo.getByRole("button", { name: "Undo restore" }).click();
  await expect(heading(page, "reporting.Monthly totals: the restore was undone")).toBeVisible({ timeout: 60_000 });
  expect(Object.keys(await countTables(server)).filter((one) => one.includes("restored"))).toEqual([]);

  await page.goto("/restore/tables");
  await expect(page.getByRole("table", { name: "Restores of tables" }).locator("tbody").getByRole("row")).toHaveText([/^reporting\.Monthly totals.*Undone/, /^public\.bim_elements and 2 more.*Undone/]);
  await inspect(page, "tables-earlier");
});

for (const role of ["viewer", "operator"] as const) {
  test(`without the permission, ${role}: may look, sees no rows, is refused, and the audit log has it`, async ({ page, signIn, holdfast }) => {
    await signIn(role);
    await page.goto(`/restore/tables?backup=${backupId}`);
    await expect(page.getByText("You may look, but not restore.")).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "public.bim_elements" })).toBeDisabled();
    await expect(page.getByRole("button", { name: "Stage and compare" })).toBeDisabled();
    await page.goto(address);
    await expect(heading(page, "public.bim_elements and public.price_items: the restore was undone")).toBeVisible();
    await expect(page.getByRole("button", { name: "Remove kept rows" })).toHaveCount(0);
    if (role === "viewer") await inspect(page, "tables-viewer");

    const runs = await holdfast.db.run.count();
    const response = await page.request.post(attempt.url, { headers: attempt.headers, data: attempt.body });
    expect(await response.text()).toContain(role === "viewer" ? "auth.forbidden" : "auth.may_not_restore");
    expect(await holdfast.db.run.count()).toBe(runs);
    expect((await holdfast.audit("access.refused")).at(-1)).toMatchObject({ actorName: people[role].name, outcome: "refused", after: expect.stringContaining("tables.stage") as unknown });
    const exported = await holdfast.db.run.findFirstOrThrow({ where: { kind: "export_table" } });
    const file = await page.request.get(`/api${address.replace("/restore", "")}/export?run=${exported.id}`);
    expect(file.status()).toBe(403);
  });
}
