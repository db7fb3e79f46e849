import { defineConfig } from "@playwright/test";

// Debian's Chromium: browsers that Playwright downloads are out of reach on closed networks.
const executablePath = process.env["HOLDFAST_CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  tsconfig: "./e2e/tsconfig.json",
  outputDir: "test-results",
  globalSetup: "./e2e/harness/global-setup.ts",
  // Each spec file has a Holdfast and PostgreSQL servers of its own; the tests in it run in their order.
  fullyParallel: false,
  workers: Number(process.env["HOLDFAST_E2E_WORKERS"] ?? 2),
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: process.env["CI"] ? [["list"], ["junit", { outputFile: "test-results/e2e.xml" }]] : [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      // Root has no sandbox of its own, and a container's /dev/shm is too small for a renderer.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    },
  },
});
