// npm run build: the database client, the web application, the worker and the command-line programs. Each is built only
// when its inputs changed. `--programs` leaves the web application out.
import { buildWeb, bundlePrograms, generateClient } from "./lib/build-steps.mjs";
import { requireNode } from "./lib/dependencies.mjs";
import { withLock } from "./lib/lock.mjs";
import { root } from "./lib/paths.mjs";
import { elapsed, main } from "./lib/progress.mjs";

await main(async () => {
  requireNode();
  const started = Date.now();
  // Two builds at once would write into each other's .next.
  await withLock(`build-${root}`, async () => {
    await generateClient();
    await bundlePrograms();
    if (!process.argv.includes("--programs")) await buildWeb();
  }, { onWait: () => console.log("  Another build of this directory is running. Waiting for it.") });
  console.log(`  Built (${elapsed(Date.now() - started)})`);
});
