// Web and worker as one: what `npm start`, `npm run dev` and the quickstart run.
import { existsSync } from "node:fs";
import { run } from "./command.mjs";
import { inRoot, root } from "./paths.mjs";
import { Stop } from "./progress.mjs";
import { authSecret } from "./settings.mjs";
import { keepRunning } from "./supervisor.mjs";
import { workerArguments } from "./worker-arguments.mjs";

/**
 * How long the worker may take to stop: as long as a running backup may still finish, and then what cancelling it takes. One that takes
 * longer is taken up by the sweep of the next worker.
 */
export function drainMs(drainSeconds = process.env.HOLDFAST_DRAIN_SECONDS) {
  const seconds = Number(drainSeconds ?? 20);
  return Math.max(60, (Number.isFinite(seconds) ? seconds : 0) + 40) * 1_000;
}
const webGraceMs = 10_000;
/** A web process that ends this soon has a taken port or a broken build, which starting it again does not mend. */
const webMustStartMs = 10_000;

/** Environment of both processes. Secrets travel here and never as arguments. */
export function serviceEnv({ dev = false } = {}) {
  return {
    NODE_ENV: dev ? "development" : "production",
    AUTH_SECRET: authSecret(),
    AUTH_TRUST_HOST: process.env.AUTH_TRUST_HOST ?? "true",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** Brings the metadata database up to date. */
export async function migrateMetadata() {
  if (!existsSync(inRoot("dist", "migrate.js"))) throw new Stop("Holdfast is not built yet. Run: npm run build");
  const output = await run(process.execPath, ["--enable-source-maps", "dist/migrate.js"], { cwd: root });
  if (output.trim()) console.log(`  ${output.trim()}`);
}

/** What runs the web application. */
function webCommand({ dev, port, host }) {
  if (!dev && !existsSync(inRoot(".next", "BUILD_ID"))) throw new Stop("Holdfast is not built yet. Run: npm run build");
  const next = inRoot("node_modules", "next", "dist", "bin", "next");
  return [next, dev ? "dev" : "start", "-p", String(port), ...(host ? ["-H", host] : [])];
}

/** What runs the worker. */
function workerCommand({ dev }) {
  if (dev) return [inRoot("node_modules", "tsx", "dist", "cli.mjs"), "watch", "--conditions=react-server", "lib/worker/main.ts"];
  if (!existsSync(inRoot("dist", "worker.js"))) throw new Stop("Holdfast is not built yet. Run: npm run build");
  return workerArguments;
}

/**
 * Starts web and worker. Returns a function that stops both and resolves to the exit code, and a promise that is fulfilled
 * with an exit code when the web process cannot be kept running.
 */
export function startServices({ dev = false, port, host, only, write } = {}) {
  const env = serviceEnv({ dev });
  const common = { command: process.execPath, cwd: root, ...(write ? { write } : {}) };
  const services = [];
  let giveUp;
  const gaveUp = new Promise((resolve) => (giveUp = resolve));
  if (only !== "worker") {
    const args = webCommand({ dev, port, host });
    services.push([keepRunning({ ...common, name: "web", args, env: { ...env, PORT: String(port) }, mustStart: webMustStartMs, onGaveUp: giveUp }), webGraceMs]);
  }
  if (only !== "web") services.push([keepRunning({ ...common, name: "worker", args: workerCommand({ dev }), env }), drainMs()]);
  return {
    gaveUp,
    pids: () => Object.fromEntries(services.map(([service]) => [service.name, service.pid])),
    async stop() {
      const clean = await Promise.all(services.map(([service, grace]) => service.stop(grace)));
      return clean.every(Boolean) ? 0 : 1;
    },
    kill: () => services.forEach(([service]) => service.kill()),
  };
}

/**
 * Waits for a signal or for the web process to give up, stops everything, and resolves to the exit code. A second signal
 * that comes a while after the first ends everything at once (npm passes one Ctrl-C on twice).
 */
export function superviseUntilStopped(services, { onStopping = () => {} } = {}) {
  return new Promise((resolve) => {
    let stoppingSince;
    const stop = async (code) => {
      stoppingSince = Date.now();
      onStopping();
      const drained = await services.stop();
      resolve(code || drained);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (stoppingSince === undefined) return void stop(0);
        if (Date.now() - stoppingSince < 2_000) return;
        services.kill();
        resolve(1);
      });
    }
    services.gaveUp.then((code) => stop(code));
  });
}
