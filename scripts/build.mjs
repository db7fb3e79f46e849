// npm run build: the database client, the web application, the worker and the command-line programs. Each is built only
// when its inputs changed. `--programs` leaves the web application out.
import { buildAll } from "./lib/build-steps.mjs";
import { requireNode } from "./lib/dependencies.mjs";
import { elapsed, main } from "./lib/progress.mjs";

await main(async () => {
  requireNode();
  const started = Date.now();
  await buildAll({ web: !process.argv.includes("--programs") });
  console.log(`  Built (${elapsed(Date.now() - started)})`);
});
