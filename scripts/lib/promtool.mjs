// Prometheus' own parser, for the test of what Holdfast tells it. Taken out of Debian's package and not installed with it: the
// package would bring a server and start it.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { isDebianRoot } from "./apt.mjs";
import { run } from "./command.mjs";
import { inRoot } from "./paths.mjs";
import { withLock } from "./lock.mjs";
import { Stop, step } from "./progress.mjs";

const cache = inRoot("node_modules", ".cache", "holdfast-promtool");
const promtool = path.join(cache, "promtool");

export async function ensurePromtool() {
  if (process.env.HOLDFAST_PROMTOOL || existsSync(promtool) || (await answers("promtool"))) return;
  if (!isDebianRoot()) throw new Stop("The test of /api/metrics needs promtool, which comes with Prometheus. Install it and say where it is: HOLDFAST_PROMTOOL=/path/to/promtool npm test");
  await withLock("apt", () =>
    step("Fetch promtool for the test of metrics", async ({ say, done }) => {
      mkdirSync(cache, { recursive: true });
      const directory = mkdtempSync(path.join(cache, "package-"));
      try {
        say("apt-get download prometheus");
        const download = () => run("apt-get", ["-o", "Acquire::Retries=3", "-o", "APT::Sandbox::User=root", "download", "-q", "prometheus"], { cwd: directory, env: { LC_ALL: "C" } });
        await download().catch(async () => {
          await run("apt-get", ["-o", "Acquire::Retries=3", "update", "-q"], { env: { LC_ALL: "C" } }).catch(() => {});
          await download();
        });
        const [file] = readdirSync(directory);
        await run("dpkg-deb", ["-x", file, "."], { cwd: directory });
        renameSync(path.join(directory, "usr/bin/promtool"), promtool);
        done("Fetched promtool");
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }),
  );
}

async function answers(command) {
  return run(command, ["--version"]).then(() => true, () => false);
}
