// npm run build: the database client, the web application, the worker and the command-line programs. Each is built only
// when its inputs changed. `--programs` leaves the web application out; `--image` also gathers the packages that running needs,
// for `docker build --target prebuilt`.
import { buildAll } from "./lib/build-steps.mjs";
import { requireNode } from "./lib/dependencies.mjs";
import { linkProductionModules } from "./lib/production-modules.mjs";
import { elapsed, main } from "./lib/progress.mjs";

await main(async () => {
  requireNode();
  const started = Date.now();
  await buildAll({ web: !process.argv.includes("--programs") });
  if (process.argv.includes("--image")) await linkProductionModules();
  console.log(`  Built (${elapsed(Date.now() - started)})`);
});
