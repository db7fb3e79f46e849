import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { create, putFiles } from "../containers.mjs";
import { ask } from "../engine-http.mjs";
import { readyNodeImage } from "../images.mjs";
import { inRoot } from "../paths.mjs";

export const demoDatabase = { user: "bimcalc", database: "bimcalc" };
const appPortInside = "8001/tcp";

/** Makes the network, the volume and the server with its data; the server fills itself on its first start. */
export async function createPostgres(engine, { names, labels, image }) {
  await ask(engine.endpoint, "POST", "/networks/create", { body: { Name: names.network, Labels: labels, CheckDuplicate: true } });
  await ask(engine.endpoint, "POST", "/volumes/create", { body: { Name: names.volume, Labels: labels } });
  const id = await create(engine, names.postgres, {
    Image: image,
    Labels: { ...labels, "holdfast.demo.part": "postgres" },
    Env: [`POSTGRES_USER=${demoDatabase.user}`, `POSTGRES_DB=${demoDatabase.database}`, `POSTGRES_PASSWORD=${randomBytes(18).toString("base64url")}`],
    // PostgreSQL's SIGTERM waits for every client to leave.
    StopSignal: "SIGINT",
    HostConfig: {
      NetworkMode: names.network,
      Mounts: [{ Type: "volume", Source: names.volume, Target: "/var/lib/postgresql/data" }],
      RestartPolicy: { Name: "unless-stopped" },
    },
  });
  await putFiles(engine, id, [{ name: "docker-entrypoint-initdb.d/bimcalc.sql", content: readFileSync(inRoot("demo", "seed.sql")) }]);
  return id;
}

/**
 * Makes the application beside `postgres` (as inspected). Where no image with Node is to be had, this machine's own Node
 * goes into the server's image, which has the libraries that Node needs.
 */
export async function createApp(engine, { name, labels, postgres, image, port }) {
  const ready = await readyNodeImage(engine);
  const password = postgres.Config.Env.find((line) => line.startsWith("POSTGRES_PASSWORD=")).slice("POSTGRES_PASSWORD=".length);
  const id = await create(engine, name, {
    Image: ready ?? image,
    Labels: { ...labels, "holdfast.demo.part": "app" },
    Entrypoint: ["node", "/bimcalc/server.mjs"],
    Cmd: [],
    User: "65534:65534",
    Env: [
      `PGHOST=${postgres.Name.replace(/^\//, "")}`,
      `PGUSER=${demoDatabase.user}`,
      `PGDATABASE=${demoDatabase.database}`,
      `PGPASSWORD=${password}`,
    ],
    ExposedPorts: { [appPortInside]: {} },
    HostConfig: {
      NetworkMode: postgres.HostConfig.NetworkMode,
      // This machine only: the demo asks nobody who they are.
      PortBindings: { [appPortInside]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
      RestartPolicy: { Name: "unless-stopped" },
    },
  });
  const source = inRoot("demo", "app");
  const files = readdirSync(source).map((file) => ({ name: `bimcalc/${file}`, content: readFileSync(`${source}/${file}`) }));
  const node = ready ? [] : [{ name: "usr/local/bin/node", content: readFileSync(realpathSync(process.execPath)), mode: 0o755 }];
  await putFiles(engine, id, [...files, ...node]);
  return id;
}

/** The port of this machine that leads to the application. */
export function appPortOf(app) {
  return Number(app.HostConfig.PortBindings[appPortInside][0].HostPort);
}
