// docker-compose.yml as an operator runs it: web and worker apart, from the image that is built here, against a server beside them.
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startPostgres, testImage, testNodeImage } from "../lib/testing/containers";
import { engine } from "../lib/testing/engine";
import { run } from "./lib/command.mjs";
import { composeCommand } from "./lib/compose.mjs";
import { inRoot, root } from "./lib/paths.mjs";
import { freePort } from "./lib/ports.mjs";

const project = `holdfast-test-${process.pid}`;
const backups = mkdtempSync(path.join(os.tmpdir(), "holdfast-compose-"));
/** The user that both containers become (Dockerfile, HOLDFAST_RUN_AS). */
const user = 10_001;

let env;
let address;
let server;
let command;

/** What Compose printed. */
const compose = (...args) => run(command[0], [...command.slice(1), "--project-name", project, ...args], { cwd: root, env });
/** With an end: a port that is published before anything listens behind it may take a request and never answer. */
const ask = (path) => fetch(address + path, { signal: AbortSignal.timeout(5_000) });
const holdfast = (...args) => compose("exec", "-T", "worker", "holdfast", ...args);

beforeAll(async () => {
  command = await composeCommand();
  chownSync(backups, user, user);
  const port = await freePort(4_400);
  address = `http://127.0.0.1:${port}`;
  env = { HOLDFAST_IMAGE: `${project}:local`, HOLDFAST_TARGET: "prebuilt", NODE_IMAGE: testNodeImage(), HOST: "127.0.0.1", PORT: String(port), BACKUP_DIR: backups, COMPOSE_HTTP_TIMEOUT: "300" };
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, 'item ' || g AS name FROM generate_series(1, 1000) g");
  await run(process.execPath, [inRoot("scripts", "build.mjs"), "--image"], { cwd: root });
});
afterAll(async () => {
  await compose("down", "--volumes", "--timeout", "5");
  await engine.getImage(`${project}:local`).remove({ force: true }).catch(() => undefined);
  await server?.stop();
  rmSync(backups, { recursive: true, force: true });
});

it("comes up healthy, with the Engine's socket in the worker only", async () => {
  await compose("up", "--detach", "--build", "web", "worker");
  await vi.waitFor(async () => expect((await ask("/api/health")).status).toBe(200), { timeout: 180_000, interval: 500 });
  const socketOf = async (service) => (await engine.getContainer((await compose("ps", "-q", service)).trim()).inspect()).Mounts.some(({ Destination }) => Destination === "/var/run/docker.sock");
  expect(await socketOf("worker")).toBe(true);
  expect(await socketOf("web")).toBe(false);
});

it("lets the web process take in uploads", async () => {
  await compose("exec", "-T", "web", "test", "-w", "/backups");
});

it("tells in its log where the first administrator goes", async () => {
  expect(await compose("logs", "web")).toMatch(new RegExp(`http://localhost:${env.PORT}/setup\\?token=\\S{20,}`));
});

it("backs up a server beside it, through the command line in the worker, into the directory of the host", async () => {
  await holdfast("databases", "add", "--container", server.name, "--database", "bimcalc", "--role", "bimcalc", "--dir", "/backups");
  const answer = JSON.parse(await holdfast("backup", "bimcalc", "--json"));
  expect(answer).toMatchObject({ ok: true, exitCode: 0 });
  expect(readdirSync(backups).filter((name) => name.endsWith(".dump.zst"))).toHaveLength(1);
  // The worker looks at a new store within a minute; then a backup could be made at any time.
  await vi.waitFor(async () => expect(await (await ask("/api/health?ready=1")).json()).toMatchObject({ status: "ok" }), { timeout: 120_000, interval: 1_000 });
});

it("does what the procedures' crontab says, with what cron hands on", async () => {
  const [, line] = /^0 2 \* \* \* (.*docker compose exec .*)$/m.exec(readFileSync(inRoot("docs", "procedures.md"), "utf8"));
  // What lies in .env beside docker-compose.yml otherwise.
  const settings = Object.entries({ COMPOSE_PROJECT_NAME: project, ...env }).map(([name, value]) => `${name}=${value}`);
  await run("env", ["-i", "PATH=/usr/bin:/bin", `HOME=${os.tmpdir()}`, ...settings, "sh", "-c", line.replace("/opt/holdfast", root).replace("docker compose", command.join(" "))]);
  expect(readdirSync(backups).filter((name) => name.endsWith(".dump.zst"))).toHaveLength(2);
});

// Those before 18 declare a volume where the data lay then, 18 declares one at the directory above.
it.each([15, 18])("starts the demo's server with PostgreSQL %i, which keeps its data when its container is made anew", async (major) => {
  env.POSTGRES_IMAGE = testImage(major);
  const demo = "demo-postgres";
  const sql = (text) => compose("exec", "-T", demo, "psql", "-U", "bimcalc", "-tAc", text);
  const start = async () => {
    await compose("--profile", "demo", "up", "--detach", demo);
    await vi.waitFor(() => compose("exec", "-T", demo, "pg_isready", "-q", "-h", "127.0.0.1", "-U", "bimcalc"), { timeout: 120_000, interval: 500 });
  };
  const remove = () => compose("--profile", "demo", "rm", "--stop", "--force", "-v", demo);
  try {
    await start();
    await sql("CREATE TABLE kept AS SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'public'");
    const { Mounts } = await engine.getContainer((await compose("--profile", "demo", "ps", "-q", demo)).trim()).inspect();
    expect(Mounts.filter(({ Type }) => Type === "volume").map(({ Name }) => Name)).toEqual([`${project}_demo-data`]);
    await remove();
    await start();
    expect(Number(await sql("SELECT tables FROM kept"))).toBeGreaterThan(0);
  } finally {
    await remove();
    await engine.getVolume(`${project}_demo-data`).remove();
  }
});

it("gives the worker as long to stop as was asked for", async () => {
  // As it was written, or in minutes: versions of Compose differ.
  const graceOf = async () => /stop_grace_period: (\S+)/.exec(await compose("config"))?.[1];
  expect(["75s", "1m15s"]).toContain(await graceOf());
  env.HOLDFAST_STOP_GRACE = "175s";
  expect(["175s", "2m55s"]).toContain(await graceOf());
  delete env.HOLDFAST_STOP_GRACE;
});

it("stops when it is told to, and the worker leaves nothing half done", async () => {
  await compose("stop", "--timeout", "75");
  const { State } = await engine.getContainer((await compose("ps", "-q", "worker")).trim()).inspect();
  expect(State).toMatchObject({ Running: false, ExitCode: 0 });
});
