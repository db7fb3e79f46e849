// npm run quickstart: from a machine with Node and nothing else to a running Holdfast with a verified backup.
//   --check        does all of it on data of its own, prints what it proved, removes what it made, exits 0
//   --no-demo      starts an empty Holdfast
//   --remove-demo  removes the demo's containers, network and volume, and nothing else
import { mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildAll } from "./lib/build-steps.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { ensureDemo, removeDemo } from "./lib/demo/demo.mjs";
import { ensureEngine, findEngine } from "./lib/engine.mjs";
import { answers } from "./lib/http-get.mjs";
import { withLock } from "./lib/lock.mjs";
import { freePort } from "./lib/ports.mjs";
import { elapsed, main, step, Stop } from "./lib/progress.mjs";
import { prove } from "./lib/quickstart/prove.mjs";
import { backupLines, summary } from "./lib/quickstart/report.mjs";
import { setUp } from "./lib/quickstart/set-up.mjs";
import { claimRunning, runningPort, signIn } from "./lib/quickstart/state.mjs";
import { migrateMetadata, startServices, superviseUntilStopped } from "./lib/services.mjs";
import { dataDirectory, loadEnvFile } from "./lib/settings.mjs";

const webMs = 60_000;

function readOptions() {
  const boolean = { type: "boolean", default: false };
  const { values } = parseArgs({ options: { check: boolean, "no-demo": boolean, "remove-demo": boolean } });
  return { check: values.check, withDemo: !values["no-demo"], removeOnly: values["remove-demo"] };
}

async function removeOnly(data) {
  const { engine } = await findEngine();
  const removed = engine ? await removeDemo(engine, data) : [];
  console.log(removed.length > 0 ? `  Removed ${removed.join(", ")}.` : "  There is no demo of this Holdfast to remove.");
}

/** A check must not depend on what is here already, nor leave anything here. */
function useDataOfItsOwn() {
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-check-"));
  process.env.DATABASE_URL = `file:${path.join(directory, "holdfast.db")}`;
  process.env.HOLDFAST_BACKUP_DIR = path.join(directory, "backups");
  return directory;
}

/** Both processes write here; the terminal belongs to the summary. */
function logTo(file) {
  const descriptor = openSync(file, "a", 0o600);
  return (name, line) => void writeSync(descriptor, `${name.padEnd(6)} | ${line}\n`);
}

async function startWeb(port, logFile) {
  await migrateMetadata();
  const services = startServices({ port, host: process.env.HOST, write: logTo(logFile) });
  // From the first moment: a Ctrl-C while the backup is taken must not leave the two running without anybody to watch them.
  const stopped = superviseUntilStopped(services, { onStopping: () => console.log("\n  Stopping web and worker.") });
  let isOver = false;
  void stopped.then(() => (isOver = true));
  try {
    await step("Start web and worker", async ({ done }) => {
      const deadline = Date.now() + webMs;
      while (!(await answers(`http://127.0.0.1:${port}/api/health?ready=1`))) {
        if (isOver || Date.now() > deadline) throw new Stop(`Holdfast does not answer on port ${port}. Its log: ${logFile}`);
        await sleep(250);
      }
      done("Web and worker run");
    });
  } catch (error) {
    await services.stop();
    throw error;
  }
  return { ...services, stopped };
}

/** Up to the moment when Holdfast answers. Null when another call on the same data got there first. */
async function bringUp(data, { withDemo, logFile }) {
  if (await runningPort(data)) return null;
  await ensureDependencies();
  await buildAll();
  const engine = await ensureEngine();
  const demo = withDemo ? await ensureDemo(engine, data) : null;
  const port = await freePort(Number(process.env.PORT ?? 3000));
  const services = await startWeb(port, logFile);
  return { engine, demo, port, services, release: claimRunning(data, port) };
}

async function quickstart(data, { check, withDemo }) {
  const started = Date.now();
  const logFile = path.join(data, "holdfast.log");
  const admin = signIn(data);
  const up = await withLock(`quickstart-${data}`, () => bringUp(data, { withDemo, logFile }), {
    onWait: () => console.log("  Another quickstart on the same data is starting. Waiting for it."),
  });
  if (!up) return showRunning(data, withDemo);
  try {
    return await Promise.race([finish(up, { check, admin, logFile, started }), up.services.stopped]);
  } catch (error) {
    await up.services.stop();
    throw error;
  } finally {
    up.release();
  }
}

/** First admin, database and backup; then the proof of a check, or the summary and a wait for Ctrl-C. */
async function finish({ engine, demo, port, services }, { check, admin, logFile, started }) {
  const database = demo && { container: demo.container, databaseName: demo.databaseName, role: demo.role, isNew: demo.created, application: demo.application };
  const result = await setUp({ admin, database });
  if (!check) {
    console.log(summary({ port, result, admin: demo ? admin : null, demo, logFile }));
    return services.stopped;
  }
  const proven = await prove({ port, engine, demo, result });
  console.log(`\n  Proven in ${elapsed(Date.now() - started)}:\n${proven.map((line) => `  ✓ ${line}`).join("\n")}\n`);
  if (result.backup) console.log(backupLines(result.backup).map((line) => `  ${line}`).join("\n"));
  return services.stop();
}

async function showRunning(data, withDemo) {
  const port = await runningPort(data);
  console.log(summary({ port, admin: withDemo ? signIn(data) : null, isRunning: true }));
}

/** Removes what a check made: by label, and the label is of this check's own data directory. */
async function cleanUp(directory) {
  const { engine } = await findEngine();
  if (engine) await removeDemo(engine, directory);
  rmSync(directory, { recursive: true, force: true });
}

await main(async () => {
  loadEnvFile();
  const options = readOptions();
  if (options.check) {
    const directory = useDataOfItsOwn();
    try {
      return await quickstart(directory, options);
    } finally {
      await cleanUp(directory);
    }
  }
  const data = dataDirectory();
  if (options.removeOnly) return removeOnly(data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return quickstart(data, options);
});
