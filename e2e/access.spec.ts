import type { PostgresContainer } from "@/lib/testing/containers";
import { captureAction } from "./harness/actions";
import { removeServers, startBimcalc } from "./harness/bimcalc";
import { addPeople, people } from "./harness/people";
import { shot } from "./harness/shots";
import { expect, signInThroughForm, test } from "./harness/test";

test.use({ scene: "access" });
test.describe.configure({ mode: "serial" });

let server: PostgresContainer;
let backupId = "";

test.beforeAll(async ({ holdfast }) => {
  [server] = await Promise.all([startBimcalc(), addPeople(holdfast.ctx)]);
  const databaseId = await holdfast.protect(server, await holdfast.addStore());
  backupId = (await holdfast.backUp(databaseId)).id;
});
test.afterAll(removeServers);

test("without a session every page leads to sign-in and back to where one wanted to be", async ({ page }) => {
  for (const address of ["/", "/backups?proof=readable", `/backups/${backupId}`, "/runs", "/audit", "/settings/users", "/settings/databases", "/settings/storage", "/settings/account"]) {
    await page.goto(address);
    const at = new URL(page.url());
    expect(at.pathname, address).toBe("/sign-in");
    expect(at.searchParams.get("from") ?? "/", address).toBe(address);
  }
  await signInThroughForm(page, "viewer", "/backups?proof=readable");
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/backups?proof=readable");
});

test("without a session the API answers 401 and gives nothing away", async ({ page, holdfast }) => {
  for (const address of ["/api/shell", "/api/overview", "/api/runs/1", "/api/audit/export?format=csv", `/api/backups/${backupId}/file`]) {
    const response = await page.request.get(address, { maxRedirects: 0 });
    expect(response.status(), address).toBe(401);
    expect(await response.text(), address).not.toContain("bimcalc");
  }
  expect(await holdfast.audit("backup.downloaded")).toEqual([]);
});

test("a sign-in link never leads to another site", async ({ page, holdfast }) => {
  await signInThroughForm(page, "viewer", "/sign-in?from=//evil.example/");
  expect(new URL(page.url()).origin).toBe(holdfast.url);
});

test("a viewer sees everything and no action", async ({ page, signIn }) => {
  await signIn("viewer");
  await page.goto("/backups");
  await expect(page.getByRole("link", { name: /^bimcalc, / })).toBeVisible();
  for (const name of ["Back up now", "Rescan store"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await expect(page.getByRole("link", { name: /^Download/ })).toHaveCount(0);
  await page.goto(`/backups/${backupId}`);
  await expect(page.getByRole("table", { name: "Tables in the backup" })).toBeVisible();
  for (const name of ["Verify", "Delete backup", "Keep until removed", "Add a label or a note"]) await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("link", { name: "Download" })).toHaveCount(0);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button", { name: /Back up/ })).toHaveCount(0);
});

test("a viewer who asks for the file anyway is refused, and that is on record", async ({ page, signIn, holdfast }) => {
  await signIn("viewer");
  const before = (await holdfast.audit("access.refused")).length;
  const response = await page.request.get(`/api/backups/${backupId}/file`);
  expect(response.status()).toBe(403);
  expect(await response.json()).toMatchObject({ error: { code: "auth.forbidden" } });
  const entries = await holdfast.audit("access.refused");
  expect(entries).toHaveLength(before + 1);
  expect(entries.at(-1)).toMatchObject({ actorName: people.viewer.name, outcome: "refused", sentence: "Refused backup.download: it needs the role operator" });
  expect(await holdfast.audit("backup.downloaded")).toEqual([]);
});

test("a viewer who sends an operator's action is refused, and nothing happens", async ({ page, browser, holdfast, signIn }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}`);
  const action = await captureAction(page, () => page.getByRole("button", { name: "Verify", exact: true }).click());
  await expect.poll(() => holdfast.db.run.count({ where: { kind: "verify_backup" } })).toBe(1);

  const viewers = await browser.newContext({ baseURL: holdfast.url });
  const viewersPage = await viewers.newPage();
  await signIn("viewer", viewersPage);
  const response = await viewersPage.request.post(action.url, { headers: action.headers, data: action.body });
  expect(await response.text()).toContain("auth.forbidden");
  await viewers.close();
  expect(await holdfast.db.run.count({ where: { kind: "verify_backup" } })).toBe(1);
  expect((await holdfast.audit("access.refused")).at(-1)).toMatchObject({ actorName: people.viewer.name, outcome: "refused" });
});

test("an operator may not delete, and may not look into users", async ({ page, signIn }) => {
  await signIn("operator");
  await page.goto(`/backups/${backupId}`);
  await expect(page.getByRole("button", { name: "Verify", exact: true }).or(page.getByRole("link", { name: /^Open run/ }).first())).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete backup" })).toHaveCount(0);
  await page.goto("/settings/users");
  await expect(page.getByText("this needs admin")).toBeVisible();
  await expect(page.getByText(people.admin.email)).toHaveCount(0);
  await shot(page, "users-refused");
});

test("the last admin cannot be made anything less", async ({ page, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto("/settings/users");
  const role = page.getByLabel(`Role of ${people.admin.name}`);
  await role.selectOption("viewer");
  await expect(page.getByText("is the only admin who can sign in")).toBeVisible();
  await expect(role).toHaveValue("admin");
  expect(await holdfast.db.user.findUniqueOrThrow({ where: { email: people.admin.email } })).toMatchObject({ role: "admin", disabledAt: null });

  await page.getByLabel(`Role of ${people.operator.name}`).selectOption("admin");
  await expect(page.getByText(`${people.operator.name} is admin now.`)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel(`Role of ${people.operator.name}`)).toHaveValue("operator");
});

test("an admin adds somebody, who can sign in with the role given", async ({ page, browser, signIn, holdfast }) => {
  await signIn("admin");
  await page.goto("/settings/users");
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Nils Neu");
  await dialog.getByLabel("Email").fill("nils@bimcalc.example");
  await dialog.getByLabel("Role").selectOption("operator");
  await dialog.getByLabel("First password", { exact: true }).fill("nils-tests-this-2026");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("table").getByText("Nils Neu")).toBeVisible();

  const his = await (await browser.newContext({ baseURL: holdfast.url })).newPage();
  await his.goto("/sign-in");
  await his.getByLabel("Email").fill("nils@bimcalc.example");
  await his.getByLabel("Password", { exact: true }).fill("nils-tests-this-2026");
  await his.getByRole("button", { name: "Sign in" }).click();
  await his.waitForURL((url) => url.pathname === "/");
  await his.goto("/backups");
  await expect(his.getByRole("button", { name: "Back up now" })).toBeVisible();
  await his.context().close();
});

test("signing out everywhere else ends the other browser's session at once", async ({ browser, holdfast }) => {
  const [here, there] = await Promise.all([1, 2].map(async () => (await browser.newContext({ baseURL: holdfast.url })).newPage()));
  if (!here || !there) throw new Error("Two browsers are needed.");
  await signInThroughForm(here, "operator");
  await signInThroughForm(there, "operator");
  await here.goto("/settings/account");
  await here.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(here.getByText("You are signed in nowhere else.")).toBeVisible();

  expect((await there.request.get("/api/shell")).status()).toBe(401);
  await there.goto("/backups");
  expect(new URL(there.url()).pathname).toBe("/sign-in");
  await expect(there.getByText("Your session is over.")).toBeVisible();
  await here.goto("/backups");
  expect(new URL(here.url()).pathname).toBe("/backups");
  await Promise.all([here.context().close(), there.context().close()]);
});

test("signing out ends the session on the server, not only in the browser", async ({ page, browser, holdfast }) => {
  await signInThroughForm(page, "viewer");
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: new RegExp(people.viewer.name) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  const again = await browser.newContext({ baseURL: holdfast.url });
  await again.addCookies(cookies);
  expect((await again.request.get("/api/shell")).status()).toBe(401);
  await again.close();
});

// The last one: this address has to wait afterwards.
test("after five wrong passwords the sign-in page says when to try again, also to the right one", async ({ page, holdfast }) => {
  await page.goto("/sign-in");
  const attempt = async (password: string) => {
    await page.getByLabel("Email").fill(people.viewer.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  const failures = async () => Math.max(0, ...(await holdfast.db.signInThrottle.findMany()).map((row) => row.failures));
  for (let n = 1; n <= 5; n += 1) {
    await attempt(`wrong password ${n}`);
    await expect.poll(failures).toBe(n);
    // React empties the password once the answer is drawn; what is typed before that would be lost.
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await expect(page.getByText(n < 5 ? "This email and password do not fit together." : /do not fit together|Too many failed sign-ins/)).toBeVisible();
  }
  await attempt(people.viewer.password);
  await expect(page.getByText(/Too many failed sign-ins\. Try again in \d+\s[sm]/)).toBeVisible();
  await shot(page, "sign-in-locked");
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  const refused = (await holdfast.db.auditEntry.findMany({ where: { outcome: { in: ["failed", "refused"] }, action: "session.started" } })).length;
  expect(refused).toBeGreaterThanOrEqual(5);
});
