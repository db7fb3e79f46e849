import type { Page } from "@playwright/test";
import type { PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { captureAction, type CapturedAction } from "./harness/actions";
import { countTables, removeServers, startBimcalc } from "./harness/bimcalc";
import type { Holdfast } from "./harness/holdfast";
import { inspect } from "./harness/inspect";
import { press } from "./harness/keyboard";
import { addPeople, people } from "./harness/people";
import { expect, test } from "./harness/test";

test.use({ scene: "look" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;
let backupId = "";
let closing: CapturedAction;
/** What every container and volume of the look carries, as the Engine says. */
let scratchLabel = "";

test.beforeAll(async ({ holdfast }, info) => {
  info.setTimeout(300_000);
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  const databaseId = await holdfast.protect(server, await holdfast.addStore());
  backupId = (await holdfast.backUp(databaseId)).id;
  // The live database goes on without what the backup holds, so an answer tells which of the two was asked.
  await server.psql("delete from bim_elements; delete from price_items");
});
test.afterAll(removeServers);

const lookOf = (holdfast: Holdfast) => holdfast.db.look.findFirstOrThrow({ where: { backupId }, orderBy: { openedAt: "desc" } });
const rowsOf = (page: Page, caption: string) => page.getByRole("table", { name: caption }).locator("tbody tr");

async function ask(page: Page, sql: string): Promise<void> {
  await page.getByLabel("Query").fill(sql);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

/** What the Engine has of the look: its container, and the volumes that go with it. */
async function leftOfLook(): Promise<string[]> {
  const filters = { label: [scratchLabel] };
  const [containers, { Volumes }] = await Promise.all([engine.listContainers({ all: true, filters }), engine.listVolumes({ filters: JSON.stringify(filters) })]);
  return [...containers.map(({ Id }) => Id), ...(Volumes ?? []).map(({ Name }) => Name)];
}

test("an operator opens a backup from its page, and the page shows it by itself once it is open", async ({ page, signIn, holdfast }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}`);
  await page.getByRole("link", { name: "Look inside" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Inside bimcalc, / })).toBeVisible();
  await expect(page.getByText("Not open yet")).toBeVisible();
  expect(await holdfast.db.look.count()).toBe(0);
  await page.evaluate(() => document.body.setAttribute("data-not-reloaded", ""));
  await page.getByRole("button", { name: "Open the backup" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Tables" })).toBeVisible({ timeout: 90_000 });
  await expect(page.locator("body[data-not-reloaded]")).toHaveCount(1);
  await expect(page.getByText(`Opened by ${people.operator.name}; it closes by itself after 15 minutes without a question.`)).toBeVisible();

  const look = await lookOf(holdfast);
  const { Config, HostConfig, State } = await engine.getContainer(look.container ?? "").inspect();
  expect([State.Running, HostConfig.NetworkMode]).toEqual([true, "none"]);
  scratchLabel = `holdfast.run=${Config.Labels["holdfast.run"] ?? ""}`;
  expect(await leftOfLook()).toContain(look.container);
});

test("every table and view is listed with the rows that the backup holds", async ({ page, signIn }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  const list = page.getByRole("region", { name: "Tables" }).getByRole("listitem");
  await expect(list).toHaveText(["public.bim_elements4,321 rows", "public.price_items2,400 rows", "public.projects12 rows", "reporting.Monthly totals24 rows", "reporting.pricedview"]);
  expect((await countTables(server))["public.bim_elements"]).toBe(0);
  await inspect(page, "look-open");
});

test("a table is read page by page, to its last row", async ({ page, signIn }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  await page.getByRole("link", { name: /^public\.bim_elements/ }).click();
  const rows = rowsOf(page, "Rows of public.bim_elements");
  await expect(rows).toHaveCount(50);
  await expect(page.getByRole("table", { name: "Rows of public.bim_elements" }).getByRole("columnheader")).toHaveText(["Row", "id", "project_id", "price_item_id", "quantity"]);
  await expect(rows.first().getByRole("cell")).toHaveText(["1", "1", "2", "2", "0.333"]);
  await expect(page.getByRole("button", { name: "Previous" })).toBeDisabled();
  await inspect(page, "look-rows");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(rows.first().getByRole("cell").nth(1)).toHaveText("51");
  await expect(rows.last().getByRole("cell")).toHaveText(["100", "100", "5", "101", "33.333"]);

  await page.goto(`/backups/${backupId}/look?schema=public&table=bim_elements&rows=87`);
  await expect(rows).toHaveCount(21);
  await expect(rows.last().getByRole("cell").nth(1)).toHaveText("4321");
  await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
  await page.getByRole("link", { name: /^reporting\.Monthly totals/ }).click();
  await expect(rowsOf(page, "Rows of reporting.Monthly totals")).toHaveCount(24);
});

test("SQL that reads is answered from the backup, by keyboard too", async ({ page, signIn, holdfast }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  await ask(page, "select count(*) as elements, null as nothing, sum(cost) > 0 as costs from reporting.priced");
  await expect(page.getByRole("table", { name: "Answer" }).getByRole("columnheader")).toHaveText(["Row", "elements", "nothing", "costs"]);
  await expect(rowsOf(page, "Answer").getByRole("cell")).toHaveText(["1", "4321", "null", "t"]);
  await expect(page.getByRole("status").filter({ hasText: /^1\srow in / })).toBeVisible();
  await inspect(page, "look-answer");

  await page.getByLabel("Query").fill("select id, description from price_items order by id");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("There are more; an answer has at most these.")).toBeVisible();
  await expect(rowsOf(page, "Answer")).toHaveCount(500);
  await expect(rowsOf(page, "Answer").first()).toContainText("Mauerwerk Größe 1 – ");
  expect(await holdfast.db.runEvent.count({ where: { message: "select id, description from price_items order by id" } }), "the query is on record").toBe(1);
});

test("what writes is refused with PostgreSQL's own words, and changes nothing", async ({ page, signIn }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  const alert = page.getByRole("alert").filter({ hasText: "PostgreSQL could not answer this query. Its own words are below." });
  const writes = [
    ["delete from projects", "cannot execute DELETE in a read-only transaction"],
    ["create table mine (id int)", "cannot execute CREATE TABLE in a read-only transaction"],
    ["with gone as (delete from bim_elements returning id) select count(*) from gone", "cannot execute SELECT in a read-only transaction"],
    ["do $$ begin set transaction read write; delete from projects; end $$", "transaction read-write mode must be set before any query"],
  ] as const;
  for (const [sql, words] of writes) {
    await ask(page, sql);
    await expect(alert).toContainText(words);
  }
  await inspect(page, "look-refused");
  await ask(page, "select 1; delete from projects");
  await expect(page.getByRole("alert").filter({ hasText: "Ask one SQL statement at a time" })).toBeVisible();
  await ask(page, "select (select count(*) from projects) as projects, (select count(*) from bim_elements) as elements");
  await expect(rowsOf(page, "Answer").getByRole("cell")).toHaveText(["1", "12", "4321"]);
});

test("a query that is empty or too long is refused at its field, and none is asked", async ({ page, signIn, holdfast }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  const asked = await holdfast.db.run.count({ where: { kind: "query_look" } });
  for (const [sql, words] of [["  ", "Write a query."], [`select '${"x".repeat(20_000)}'`, "A query has at most 20,000 characters here."]] as const) {
    await ask(page, sql);
    await expect(page.getByLabel("Query")).toHaveAccessibleDescription(new RegExp(`^${words}`));
    await expect(page.getByLabel("Query")).toBeFocused();
  }
  expect(await holdfast.db.run.count({ where: { kind: "query_look" } })).toBe(asked);
});

test("at 390 px and by keyboard: close it, and nothing of it is left on the Engine", async ({ page, signIn, holdfast }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn("operator");
  await page.goto(`/backups/${backupId}/look`);
  expect(await leftOfLook()).not.toEqual([]);
  closing = await captureAction(page, () => press(page, page.getByRole("button", { name: "Close", exact: true })));
  await expect(page.getByText("This look is closed")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("It was closed by hand. Its throwaway server and all that was loaded are gone.")).toBeVisible();
  expect(await leftOfLook()).toEqual([]);
  await inspect(page, "look-closed");
  expect(await holdfast.db.run.count({ where: { kind: "query_look", result: { not: null } } }), "answers that are kept").toBe(0);
  expect((await holdfast.audit("look.opened")).at(-1)).toMatchObject({ actorName: people.operator.name, outcome: "succeeded" });
  expect((await holdfast.audit("look.closed")).at(-1)).toMatchObject({ actorName: people.operator.name, sentence: "Closed the look inside a backup of bimcalc" });
});

test("a viewer is told that it takes an operator, and is refused what pages send", async ({ page, signIn, holdfast }) => {
  await signIn("viewer");
  await page.goto(`/backups/${backupId}/look`);
  await expect(page.getByText("A look shows the data of a backup, so it needs the role operator.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open the backup" })).toHaveCount(0);
  expect((await holdfast.audit("access.refused")).at(-1)).toMatchObject({ actorName: people.viewer.name, outcome: "refused", after: expect.stringContaining("look.open") as unknown });
  await inspect(page, "look-viewer");
  const response = await page.request.post(closing.url, { headers: closing.headers, data: closing.body });
  expect(await response.text()).toContain("auth.forbidden");
  expect((await holdfast.audit("access.refused")).at(-1)).toMatchObject({ actorName: people.viewer.name, after: expect.stringContaining("look.close") as unknown });
});
