// The quickstart as a person runs it, on an Engine that has things of other people on it. Needs a build: `npm test`.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startPostgres, testImage } from "../lib/testing/containers";
import { engine } from "../lib/testing/engine";
import { asFilter, demoLabels } from "./lib/demo/names.mjs";
import { inRoot } from "./lib/paths.mjs";
import { isFree } from "./lib/ports.mjs";

const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-quickstart-"));
const backups = path.join(directory, "backups");
const env = { ...process.env, DATABASE_URL: `file:${path.join(directory, "holdfast.db")}`, HOLDFAST_BACKUP_DIR: backups, PORT: "4310", CI: "true" };
delete env.AUTH_SECRET;

/** Starts `npm run quickstart -- …` and gathers what it prints. */
function quickstart(...options) {
  const child = spawn(process.execPath, [inRoot("scripts", "quickstart.mjs"), ...options], { env, stdio: ["ignore", "pipe", "pipe"] });
  const call = { output: "", child, exit: new Promise((resolve) => child.on("close", resolve)) };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (call.output += chunk));
  return call;
}

async function finished(...options) {
  const call = quickstart(...options);
  return { code: await call.exit, output: call.output };
}

/** The demo of this test's data; others may be on the same Engine. */
const demo = () => engine.listContainers({ all: true, filters: { label: asFilter(demoLabels(directory)) } });
const namesOf = (containers) => containers.flatMap(({ Names }) => Names).sort();
const exists = (name) => engine.getContainer(name).inspect().then(() => true, () => false);
const dumps = () => readdirSync(backups).filter((name) => name.endsWith(".zst"));

/** What the procedures call their container. */
const bystanderName = "bimcalc-postgres";
/** The server of this test under that name; undefined where the host has one of its own, which is looked at and never touched. */
let ownBystander;
let before;
let running;

/** Which container bears the name, since when it runs, and what is in it. */
async function bystander() {
  const { Id, State, Config } = await engine.getContainer(bystanderName).inspect();
  return { id: Id, state: State.Status, startedAt: State.StartedAt, labels: Config.Labels, rows: ownBystander && (await ownBystander.psql("SELECT n FROM precious")) };
}

beforeAll(async () => {
  if (!(await exists(bystanderName))) {
    ownBystander = await startPostgres({ major: 15, name: bystanderName, user: "bimcalc", isUnlabelled: true });
    await ownBystander.psql("CREATE TABLE precious AS SELECT 1 AS n");
    expect((await bystander()).labels).toEqual((await engine.getImage(testImage(15)).inspect()).Config.Labels ?? {});
  }
  before = await bystander();
});
afterAll(async () => {
  running?.child.kill("SIGTERM");
  await running?.exit;
  await finished("--remove-demo");
  await ownBystander?.stop();
  rmSync(directory, { recursive: true, force: true });
});

it("leaves an unlabelled bimcalc-postgres on the host alone, and proves itself with --check and leaves nothing behind", async () => {
  const { code, output } = await finished("--check");
  expect(output).toContain("the backup's manifest and a direct count agree");
  expect(output).toContain('the first backup reached the rung "readable"');
  expect(code).toBe(0);
  const made = [...output.matchAll(/runs in (holdfast-demo-[a-z0-9-]+)/g)].map(([, name]) => name);
  expect(made).toHaveLength(2);
  for (const name of made) expect(await exists(name), name).toBe(false);
  expect(await bystander()).toEqual(before);
  expect(readdirSync(directory)).toEqual([]);
});

it("starts, backs up, and says where to sign in", async () => {
  running = quickstart();
  await vi.waitUntil(() => running.output.includes("Stop "), { timeout: 300_000, interval: 200 }).catch(() => {
    throw new Error(`The quickstart did not come up:\n${running.output}`);
  });
  expect(running.output).toMatch(/Holdfast {3}http:\/\/localhost:\d+\n/);
  expect(running.output).toMatch(/Password {3}\S{20,}/);
  expect(running.output).toContain("readable: intact, and decoded to its end");
  expect(dumps()).toHaveLength(1);
  for (const secret of ["quickstart.json", "auth-secret"]) expect(statSync(path.join(directory, secret)).mode & 0o077, secret).toBe(0);
  const { password } = JSON.parse(readFileSync(path.join(directory, "quickstart.json"), "utf8"));
  expect(readFileSync(path.join(directory, "holdfast.log"), "utf8")).not.toContain(password);
});

it("finds itself running on a second call, quickly, and changes nothing", async () => {
  const containers = namesOf(await demo());
  const from = Date.now();
  const { code, output } = await finished();
  expect(Date.now() - from).toBeLessThan(15_000);
  expect(code).toBe(0);
  expect(output).toContain(/Password {3}(\S+)/.exec(running.output)[1]);
  expect(namesOf(await demo())).toEqual(containers);
  expect(dumps()).toHaveLength(1);
});

it("leaves nothing running after a Ctrl-C before it has finished starting", async () => {
  const elsewhere = mkdtempSync(path.join(os.tmpdir(), "holdfast-interrupted-"));
  const url = env.DATABASE_URL;
  env.DATABASE_URL = `file:${path.join(elsewhere, "holdfast.db")}`;
  const call = quickstart("--no-demo");
  const port = () => JSON.parse(readFileSync(path.join(elsewhere, "quickstart.pid"), "utf8")).port;
  await vi.waitUntil(() => call.output.includes("Web and worker run"), { timeout: 300_000, interval: 10 });
  const taken = await vi.waitUntil(() => existsSync(path.join(elsewhere, "quickstart.pid")) && port(), { timeout: 10_000, interval: 5 });
  call.child.kill("SIGINT");
  expect(await call.exit).toBe(0);
  expect(await isFree(taken)).toBe(true);
  env.DATABASE_URL = url;
  rmSync(elsewhere, { recursive: true, force: true });
});

it("stops on Ctrl-C with exit code 0, and the demo goes on", async () => {
  running.child.kill("SIGINT");
  expect(await running.exit).toBe(0);
  expect((await demo()).map(({ State }) => State)).toEqual(["running", "running"]);
});

it("starts again on what is there, without a second backup", async () => {
  running = quickstart();
  await vi.waitUntil(() => running.output.includes("Stop "), { timeout: 300_000, interval: 200 });
  expect(dumps()).toHaveLength(1);
  running.child.kill("SIGTERM");
  expect(await running.exit).toBe(0);
});

it("removes the demo, and nothing that only sounds like it", async () => {
  const { code, output } = await finished("--remove-demo");
  expect(code).toBe(0);
  expect(output).toContain("Removed holdfast-demo");
  expect(await demo()).toEqual([]);
  expect(await bystander()).toEqual(before);
  expect((await finished("--remove-demo")).output).toContain("There is no demo");
});

it("backs up a demo that was made anew, although another server answers under the old name", async () => {
  running = quickstart();
  await vi.waitUntil(() => running.output.includes("Stop "), { timeout: 300_000, interval: 200 }).catch(() => {
    throw new Error(`The quickstart did not come up:\n${running.output}`);
  });
  expect(dumps()).toHaveLength(2);
  running.child.kill("SIGTERM");
  expect(await running.exit).toBe(0);
});

it("starts an empty Holdfast with the address of its set-up page", async () => {
  const empty = mkdtempSync(path.join(os.tmpdir(), "holdfast-empty-"));
  env.DATABASE_URL = `file:${path.join(empty, "holdfast.db")}`;
  const call = quickstart("--no-demo");
  await vi.waitUntil(() => call.output.includes("Stop "), { timeout: 300_000, interval: 200 });
  const [, address] = /Set up {5}(\S+)/.exec(call.output);
  expect((await fetch(address)).status).toBe(200);
  call.child.kill("SIGTERM");
  expect(await call.exit).toBe(0);
  env.DATABASE_URL = `file:${path.join(directory, "holdfast.db")}`;
  rmSync(empty, { recursive: true, force: true });
});
