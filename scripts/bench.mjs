// npm run bench: what a backup costs beside what it could cost at least and what the old script costs, in one run on one
// machine, how long a restore takes and how long the database is away, and how fast the pages are with 100,000 runs. `--backup`,
// `--restore` and `--pages` run one part; `--rounds 3` is quicker.
import { buildAll } from "./lib/build-steps.mjs";
import { run } from "./lib/command.mjs";
import { ensureDependencies, requireNode } from "./lib/dependencies.mjs";
import { ensureEngine } from "./lib/engine.mjs";
import { ensurePostgresImage } from "./lib/images.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { main } from "./lib/progress.mjs";

await main(async () => {
  requireNode();
  await ensureDependencies();
  const engine = await ensureEngine();
  await ensurePostgresImage(engine, 15);
  await buildAll();
  const args = ["--enable-source-maps", inRoot("dist", "bench.js"), ...process.argv.slice(2)];
  await run(process.execPath, args, { cwd: root, env: { NODE_ENV: "production", HOLDFAST_LOG_LEVEL: "silent" }, onLine: (line) => console.log(line) });
});
