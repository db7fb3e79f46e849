import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const notOurs = ["**/node_modules/**", "**/.next/**", "**/dist/**", "e2e/**"];

export default defineConfig({
  resolve: {
    alias: [
      // The package throws wherever the react-server condition is off. Turning that condition on would also swap React
      // for its server half, which component tests cannot use, so the package's own empty file takes its place.
      { find: /^server-only$/, replacement: here("./node_modules/server-only/empty.js") },
      { find: /^@\//, replacement: here("./") },
    ],
  },
  test: {
    env: { HOLDFAST_LOG_LEVEL: "silent", AUTH_SECRET: "a-secret-that-only-tests-use-0123456789" },
    // next-auth imports `next/server` without its extension, which Node refuses and Vite resolves.
    server: { deps: { inline: ["next-auth"] } },
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}", "app/**/*.test.{ts,tsx}", "cli/**/*.test.ts", "docs/**/*.test.ts", "scripts/**/*.test.{ts,mjs}"],
          exclude: [...notOurs, "**/*.integration.test.*", "**/*.system.test.*"],
          testTimeout: 15_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.integration.test.{ts,mjs}"],
          exclude: notOurs,
          pool: "forks",
          // Each file has PostgreSQL servers of its own; more at once only makes all of them slow.
          maxWorkers: 2,
          globalSetup: ["./lib/testing/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // The scripts as people run them, on what `npm run build` made.
          name: "quickstart",
          include: ["scripts/**/*.system.test.mjs"],
          exclude: notOurs,
          pool: "forks",
          maxWorkers: 1,
          globalSetup: ["./lib/testing/global-setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
