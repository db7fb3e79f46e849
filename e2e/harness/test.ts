import { writeFileSync } from "node:fs";
import { test as base, type Cookie, type Page } from "@playwright/test";
import type { Role } from "@/lib/users/schemas";
import { Holdfast } from "./holdfast";
import { people } from "./people";

interface PerTest {
  /** Signs the test's page in as somebody of this role, once through the form and from then on with the same session. */
  signIn: (role: Role, page?: Page) => Promise<void>;
  logsOnFailure: void;
}

interface PerFile {
  /** Names the scene of a spec file. Files with different scenes never share a Holdfast. */
  scene: string;
  holdfast: Holdfast;
  sessions: Map<Role, Cookie[]>;
}

export const test = base.extend<PerTest, PerFile>({
  scene: ["", { scope: "worker", option: true }],
  holdfast: [
    async ({}, use, info) => {
      const holdfast = await Holdfast.boot(info.workerIndex);
      await use(holdfast);
      await holdfast.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  sessions: [async ({ holdfast: _ }, use) => use(new Map()), { scope: "worker" }],
  baseURL: async ({ holdfast }, use) => use(holdfast.url),
  signIn: async ({ page: own, sessions }, use) => {
    await use(async (role, page = own) => {
      const known = sessions.get(role);
      if (known) return page.context().addCookies(known);
      await signInThroughForm(page, role);
      sessions.set(role, await page.context().cookies());
    });
  },
  logsOnFailure: [
    async ({ holdfast }, use, info) => {
      const from = holdfast.log.length;
      await use();
      if (info.status === info.expectedStatus) return;
      const file = info.outputPath("holdfast.log");
      writeFileSync(file, holdfast.log.slice(from).join("\n"));
      await info.attach("holdfast.log", { path: file, contentType: "text/plain" });
    },
    { auto: true },
  ],
});

/** As a person does it. Leaves the page on the overview, or where `from` leads. */
export async function signInThroughForm(page: Page, role: Role, address = "/sign-in"): Promise<void> {
  await page.goto(address);
  await page.getByLabel("Email").fill(people[role].email);
  await page.getByLabel("Password", { exact: true }).fill(people[role].password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

export { expect } from "@playwright/test";
