// npm start: migrates the metadata database, then runs web and worker until a signal comes. `npm run dev` is the same with
// reloading. `--only web` and `--only worker` run one of them, as docker-compose.yml does.
import { parseArgs } from "node:util";
import { bundlePrograms, generateClient } from "./lib/build-steps.mjs";
import { requireNode } from "./lib/dependencies.mjs";
import { main, Stop } from "./lib/progress.mjs";
import { migrateMetadata, startServices, superviseUntilStopped } from "./lib/services.mjs";
import { dataDirectory, loadEnvFile } from "./lib/settings.mjs";
import { stepDown } from "./lib/step-down.mjs";

await main(async () => {
  requireNode();
  const { values } = parseArgs({ options: { dev: { type: "boolean", default: false }, only: { type: "string" } } });
  if (values.only && !["web", "worker"].includes(values.only)) throw new Stop("--only takes `web` or `worker`.");
  loadEnvFile();
  stepDown({ directories: [process.env.HOLDFAST_BACKUP_DIR, dataDirectory()].filter(Boolean) });
  if (values.dev) {
    await generateClient();
    await bundlePrograms();
  }
  await migrateMetadata();
  const services = startServices({ ...values, port: Number(process.env.PORT ?? 3000), host: process.env.HOST });
  return superviseUntilStopped(services, {
    onStopping: () => console.log("Stopping. A running backup may still finish for a moment; then it is cancelled cleanly."),
  });
});
