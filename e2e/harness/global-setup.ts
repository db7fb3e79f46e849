import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { testImage } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import removeLeftoversAround from "@/lib/testing/global-setup";
import { chromium } from "@playwright/test";

/** What is tested is the production build of what lies here now, so it is built first; that takes no time when it was. */
export default async function setup(): Promise<() => Promise<void>> {
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed, so there is nothing to test.");
  await engine.getImage(testImage(15)).inspect().catch((cause: unknown) => {
    throw new Error(`There is no Docker Engine with the image ${testImage(15)}. \`npm test\` provides both.`, { cause });
  });
  const browser = process.env["HOLDFAST_CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(browser)) throw new Error(`There is no ${chromium.name()} at ${browser}. Install it, or set HOLDFAST_CHROMIUM.`);
  return removeLeftoversAround();
}
