// A server that speaks S3, for the test of the procedures' aws and rclone. It lies aside: it and all it needs is of no use to anybody else.
import { existsSync } from "node:fs";
import { run } from "./command.mjs";
import { withLock } from "./lock.mjs";
import { inRoot } from "./paths.mjs";
import { step } from "./progress.mjs";

const place = inRoot("node_modules", ".cache", "holdfast-s3");
const wanted = "s3rver@3.7.1";

export async function ensureObjectStore() {
  const isThere = () => existsSync(`${place}/node_modules/s3rver/package.json`);
  if (isThere()) return;
  await withLock("object-store", async () => {
    if (isThere()) return;
    await step("Fetch an S3 server for the test of the procedures", async ({ say, done }) => {
      await run("npm", ["install", "--prefix", place, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", wanted], { onLine: say });
      done(`Fetched ${wanted}`);
    });
  });
}
