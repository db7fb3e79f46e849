import { existsSync, readFileSync, statSync } from "node:fs";
import { run } from "./command.mjs";
import { inRoot, root } from "./paths.mjs";
import { step, Stop } from "./progress.mjs";

const oldest = [20, 19];

/** Stops with a sentence when this Node is too old; everything after may use what Node 20 has. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new Stop(`Holdfast needs Node ${oldest.join(".")} or newer. This is ${process.versions.node}.`);
}

/** Whether node_modules holds what package-lock.json names: npm writes its own lock file there as its last act. */
export function dependenciesAreCurrent(directory = root) {
  const installed = `${directory}/node_modules/.package-lock.json`;
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(`${directory}/package-lock.json`);
  const present = packagesOf(installed);
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === "" || entry.link) return true;
    const have = present[name];
    // Packages of other platforms are in the lock file and rightly not installed.
    if (!have) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return have.version === entry.version && have.integrity === entry.integrity;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

/** Installs the locked packages when they are missing or differ. Quiet and instant otherwise. */
export async function ensureDependencies() {
  requireNode();
  if (dependenciesAreCurrent()) return;
  const size = () => (existsSync(inRoot("node_modules")) ? `${statSync(inRoot("node_modules")).nlink - 2} folders` : "");
  await step("Install packages (npm ci)", async ({ say, done }) => {
    const timer = setInterval(() => say(size()), 1_000);
    try {
      await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, env: { NODE_ENV: "development" } });
    } finally {
      clearInterval(timer);
    }
    done("Packages installed");
  });
}
