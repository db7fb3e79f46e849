import { expect, type Locator, type Page } from "@playwright/test";

/** What a sighted keyboard user sees around what has focus. */
export async function hasVisibleFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return onScreen && ((outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none");
  });
}

/** Presses Tab until `target` has focus, and sees to it that every stop on the way can be seen. */
export async function tabTo(page: Page, target: Locator, most: number): Promise<void> {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
    expect(await hasVisibleFocus(page), `focus can be seen on ${where}`).toBe(true);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`It did not get focus within ${most} presses of Tab.`);
}

/** Waits for something, goes to it by Tab, and presses Enter. */
export async function press(page: Page, target: Locator, most = 60): Promise<void> {
  await expect(target).toBeVisible();
  await tabTo(page, target, most);
  await page.keyboard.press("Enter");
}

/** Goes to a field by Tab and writes into it. */
export async function write(page: Page, target: Locator, text: string, most = 12): Promise<void> {
  await tabTo(page, target, most);
  await page.keyboard.type(text);
}
