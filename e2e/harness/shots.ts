import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";

const directory = process.env["HOLDFAST_SHOTS"];

export const widths = [1440, 390] as const;
export const schemes = ["light", "dark"] as const;

/** A picture of the whole page at each width in light and dark, when HOLDFAST_SHOTS says where to; for eyes, not compared. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  const size = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(directory, `${name}-${width}-${colorScheme}.png`), fullPage: true, animations: "disabled" });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (size) await page.setViewportSize(size);
}
