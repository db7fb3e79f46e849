// The demo: a PostgreSQL server with BIMCalc's data and the application in front of it, each in a container. Everything
// made here carries labels, and nothing without them is ever started, stopped or removed.
import { setTimeout as sleep } from "node:timers/promises";
import { exec, inspect, labelled, lastLines, removeContainer, start } from "../containers.mjs";
import { ask, EngineError } from "../engine-http.mjs";
import { answers } from "../http-get.mjs";
import { ensurePostgresImage } from "../images.mjs";
import { freePort } from "../ports.mjs";
import { step, Stop } from "../progress.mjs";
import { appPortOf, createApp, createPostgres, demoDatabase } from "./create.mjs";
import { asFilter, demoLabels, freeNames } from "./names.mjs";

const major = 17;
const preferredAppPort = 8001;
const readyMs = 180_000;

/**
 * Makes sure that the demo runs and answers. Returns `{ container, database, role, appUrl, created }`; `created` says
 * whether the server is new, and `appCreated` the same of the application.
 */
export async function ensureDemo(engine, dataDirectory) {
  const labels = demoLabels(dataDirectory);
  let postgres = await partOf(engine, labels, "postgres");
  // A first start that was cut off leaves a server without its data, and the seed runs only once.
  if (postgres && !(await comesUp(engine, postgres))) {
    await removeDemo(engine, dataDirectory);
    postgres = null;
  }
  const created = postgres === null;
  postgres ??= await startNewPostgres(engine, labels);
  const { app, appCreated } = await ensureApp(engine, labels, postgres);
  return {
    id: postgres.Id,
    container: postgres.Name.replace(/^\//, ""),
    databaseName: demoDatabase.database,
    role: demoDatabase.user,
    appUrl: `http://localhost:${appPortOf(app)}`,
    application: { container: app.Name.replace(/^\//, ""), healthUrl: `http://127.0.0.1:${appPortOf(app)}/health` },
    created,
    appCreated,
  };
}

async function partOf(engine, labels, part) {
  const { containers } = await labelled(engine, asFilter({ ...labels, "holdfast.demo.part": part }));
  return containers[0] ? inspect(engine, containers[0].Id) : null;
}

async function startNewPostgres(engine, labels) {
  const image = await ensurePostgresImage(engine, major);
  return step("Start the demo database", async ({ say, done }) => {
    const names = await freeNames(engine);
    const id = await createPostgres(engine, { names, labels, image });
    await start(engine, id);
    say("loading BIMCalc's data");
    await untilReady(engine, id);
    done(`Demo database runs in ${names.postgres}: ${await countPriceItems(engine, id)} price items`);
    return inspect(engine, id);
  });
}

async function comesUp(engine, postgres) {
  if (!postgres.State.Running) await start(engine, postgres.Id);
  await untilReady(engine, postgres.Id);
  return countPriceItems(engine, postgres.Id).then(() => true, () => false);
}

async function untilReady(engine, id) {
  const deadline = Date.now() + readyMs;
  for (;;) {
    const { State } = await inspect(engine, id);
    if (!State.Running && !State.Restarting) throw new Stop(`The demo database stopped while it started:\n${await lastLines(engine, id)}`);
    // Over TCP: while it loads its data the server answers on its socket only.
    if (State.Running && (await exec(engine, id, ["pg_isready", "-q", "-h", "127.0.0.1", "-U", demoDatabase.user])).exitCode === 0) return;
    if (Date.now() > deadline) throw new Stop(`The demo database was not ready after ${readyMs / 1_000} s:\n${await lastLines(engine, id)}`);
    await sleep(250);
  }
}

/** Rows of the largest table, asked of the server itself. */
export async function countPriceItems(engine, id) {
  const { user, database } = demoDatabase;
  const { exitCode, output } = await exec(engine, id, ["psql", "-XAtq", "-U", user, "-d", database, "-c", "SELECT count(*) FROM price_items"]);
  if (exitCode !== 0) throw new Error(`psql exited ${exitCode}: ${output.trim()}`);
  return Number(output);
}

async function ensureApp(engine, labels, postgres) {
  let app = await partOf(engine, labels, "app");
  if (app && !app.State.Running && !(await startedAgain(engine, app))) {
    await removeContainer(engine, app.Id);
    app = null;
  }
  const appCreated = app === null;
  if (appCreated) {
    app = await step("Start the demo application", async ({ done }) => {
      const port = await freePort(preferredAppPort, { host: "127.0.0.1" });
      const name = postgres.Name.replace(/^\//, "").replace("-postgres", "-app");
      const id = await createApp(engine, { name, labels, postgres, image: postgres.Config.Image, port });
      await start(engine, id);
      done(`Demo application runs in ${name}`);
      return inspect(engine, id);
    });
  }
  await untilHealthy(engine, app);
  return { app, appCreated };
}

/** False when its port went to somebody else meanwhile. */
async function startedAgain(engine, app) {
  try {
    await start(engine, app.Id);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 500) return false;
    throw error;
  }
}

async function untilHealthy(engine, app) {
  const url = `http://127.0.0.1:${appPortOf(app)}/health`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (await answers(url)) return;
    if (Date.now() > deadline) throw new Stop(`The demo application does not answer at ${url}:\n${await lastLines(engine, app.Id)}`);
    await sleep(250);
  }
}

/** Removes the demo of this data directory, its data included. Returns the names of what was removed. */
export async function removeDemo(engine, dataDirectory) {
  const { containers, networks, volumes } = await labelled(engine, asFilter(demoLabels(dataDirectory)));
  for (const { Id } of containers) await removeContainer(engine, Id);
  for (const { Id } of networks) await ask(engine.endpoint, "DELETE", `/networks/${Id}`);
  for (const { Name } of volumes) await ask(engine.endpoint, "DELETE", `/volumes/${encodeURIComponent(Name)}`);
  return [...containers.map(({ Names }) => Names[0].replace(/^\//, "")), ...networks.map(({ Name }) => Name), ...volumes.map(({ Name }) => Name)];
}
