// npm test: everything, on a machine with Node and root and nothing else. Installs and starts what is missing, then runs
// types, lint, unit, integration, browser and quickstart tests, and ends with one line: `N passed, N failed`.
// `npm test -- unit integration` runs only those parts.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { installPackages, isDebianRoot } from "./lib/apt.mjs";
import { buildAll, generateClient } from "./lib/build-steps.mjs";
import { ensureCompose } from "./lib/compose.mjs";
import { playwrightCounts, playwrightFailures, sum, verdict, vitestCounts, vitestFailures } from "./lib/count.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { ensureEngine } from "./lib/engine.mjs";
import { ensureNodeImage, ensurePostgresImage, postgresMajors } from "./lib/images.mjs";
import { ensureObjectStore } from "./lib/object-store.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { elapsed, main, Stop } from "./lib/progress.mjs";
import { ensurePromtool } from "./lib/promtool.mjs";

const parts = ["types", "lint", "unit", "integration", "browser", "quickstart"];
const bin = (name) => inRoot("node_modules", ".bin", name);
const reports = inRoot("node_modules", ".cache", "holdfast-test");

/** Runs a program with its output on this terminal. Resolves to whether it exited 0. */
function passes(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}

/** A tool without a report counts as one test. */
async function tool(command, args) {
  return (await passes(command, args)) ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function vitest(project) {
  const file = `${reports}/${project}.json`;
  const fine = await passes(bin("vitest"), ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
  return { ...notBetterThan(fine, vitestCounts(file)), failures: vitestFailures(file) };
}

async function playwright() {
  const file = `${reports}/browser.json`;
  const fine = await passes(bin("playwright"), ["test", "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  return { ...notBetterThan(fine, playwrightCounts(file)), failures: playwrightFailures(file) };
}

/** A runner that failed for another reason than a test, such as an error after the last one, has failed all the same. */
function notBetterThan(fine, counts) {
  return fine || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function ensureChromium() {
  if (existsSync(process.env.HOLDFAST_CHROMIUM ?? "/usr/bin/chromium")) return;
  if (!isDebianRoot()) throw new Stop("Browser tests need Chromium. Install it and say where it is: HOLDFAST_CHROMIUM=/path/to/chromium npm test");
  await installPackages(["chromium", "fonts-dejavu-core"], "Install Chromium for browser tests");
}

/**
 * What integration tests call, beside Docker and what every system has: the commands of docs/procedures.md (systemd need not be the one that runs
 * here), and what reaches an Engine on another machine.
 */
const calledTools = { "/usr/bin/openssl": "openssl", "/usr/bin/ssh": "openssh-client", "/usr/bin/crontab": "cron", "/usr/bin/curl": "curl", "/usr/bin/rsync": "rsync", "/usr/bin/sudo": "sudo", "/usr/bin/aws": "awscli", "/usr/bin/rclone": "rclone", "/usr/bin/s-nail": "s-nail", "/usr/bin/chattr": "e2fsprogs", "/usr/lib/systemd/systemd": "systemd" };

async function ensureCalledTools() {
  const missing = Object.entries(calledTools).filter(([file]) => !existsSync(file));
  if (missing.length === 0) return;
  if (!isDebianRoot()) throw new Stop(`Integration tests run ${missing.map(([file]) => file).join(", ")}. Install them and start again.`);
  await installPackages(missing.map(([, name]) => name), "Install what integration tests call");
}

async function prepare(wanted) {
  await ensureDependencies();
  await generateClient();
  const needsEngine = ["integration", "browser", "quickstart"].some((part) => wanted.includes(part));
  if (needsEngine) {
    const engine = await ensureEngine();
    for (const major of postgresMajors) await ensurePostgresImage(engine, major);
    await ensureNodeImage(engine);
  }
  if (wanted.includes("integration")) {
    await ensurePromtool();
    await ensureCalledTools();
    await ensureObjectStore();
  }
  if (wanted.includes("browser")) await ensureChromium();
  if (wanted.includes("quickstart")) await ensureCompose();
}

const runPart = {
  types: async () => {
    // Routes' types are Next's to write.
    const generated = await tool(bin("next"), ["typegen"]);
    return generated.failed > 0 ? generated : tool(bin("tsc"), ["--noEmit"]);
  },
  lint: () => tool(bin("eslint"), [".", "--max-warnings=0"]),
  unit: () => vitest("unit"),
  integration: () => vitest("integration"),
  browser: async () => (await buildAll(), playwright()),
  quickstart: async () => (await buildAll(), vitest("quickstart")),
};

await main(async () => {
  const started = Date.now();
  const asked = process.argv.slice(2);
  const unknown = asked.filter((part) => !parts.includes(part));
  if (unknown.length > 0) throw new Stop(`There is no part ${unknown.join(", ")}. Parts: ${parts.join(", ")}`);
  const wanted = asked.length > 0 ? asked : parts;
  await prepare(wanted);
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const results = [];
  for (const part of wanted) {
    console.log(`\n── ${part} ${"─".repeat(60 - part.length)}`);
    const counts = await runPart[part]().catch((error) => {
      console.error(error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    results.push({ part, ...counts });
  }
  console.log(`\n── all, ${elapsed(Date.now() - started)}`);
  for (const { part, failures = [] } of results) {
    for (const { test, reason } of failures) console.log(`\n✗ ${part}: ${test.replace(`${root}/`, "")}\n${reason.replace(/^/gm, "    ")}`);
  }
  console.log("");
  for (const { part, passed, failed, skipped } of results) console.log(`${part.padEnd(12)} ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  const { line, code } = verdict(sum(results));
  if (results.some(({ skipped }) => skipped > 0)) console.log("Skipped tests prove nothing, so this run fails.");
  console.log(line);
  return code;
});
