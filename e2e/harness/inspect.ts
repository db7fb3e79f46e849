import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { schemes, shot, widths } from "./shots";
import { expect } from "./test";

const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What every page owes everybody: WCAG 2.2 AA, one h1, nothing that scrolls sideways; wide and narrow, light and dark. */
export async function inspect(page: Page, name: string): Promise<void> {
  await shot(page, name);
  const size = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await expect.soft(page.locator("h1"), `${name} at ${width} px has one h1`).toHaveCount(1);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(sideways, `${name} at ${width} px scrolls sideways by`).toBeLessThanOrEqual(0);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectAccessible(page, `${name}, ${width} px, ${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  if (size) await page.setViewportSize(size);
}

/** No rule of WCAG 2.2 A or AA is broken by what is on the page now. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim() ?? ""}`));
  expect.soft(found, name).toEqual([]);
}
