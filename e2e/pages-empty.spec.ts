import { inspect } from "./harness/inspect";
import { everywhere, expectTitle, named } from "./harness/pages";
import { addPeople } from "./harness/people";
import { test } from "./harness/test";

test.use({ scene: "pages-empty" });

test.describe("with nothing in it yet", () => {
  test.beforeAll(({ holdfast }) => addPeople(holdfast.ctx));
  test("the sign-in page is fit for everybody", async ({ page }) => {
    await page.goto("/sign-in");
    await inspect(page, "empty-sign-in");
  });
  for (const address of everywhere) {
    test(`${address} is fit for everybody and says what to do first`, async ({ page, signIn }) => {
      await signIn("admin");
      await page.goto(address);
      await expectTitle(page, null);
      await inspect(page, `empty-${named(address)}`);
    });
  }
});
