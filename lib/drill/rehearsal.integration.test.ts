import os from "node:os";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { saveApplication } from "@/lib/databases/application";
import { findEngine } from "@/lib/docker/engine";
import { listScratch } from "@/lib/postgres/scratch";
import { Application } from "@/lib/restore/schemas";
import { runErrors } from "@/lib/runs/errors";
import { startPostgres, testNodeImage, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { runTag } from "@/lib/worker/execute";
import { readDrill } from "./read";
import { startDisasterDrill } from "./start";

const secret = "only-the-application-knows";
const volume = `holdfast-test-${randomBytes(4).toString("hex")}`;
const apps: string[] = [];
let holdfast: TestHoldfast;
let server: PostgresContainer;
let databaseId: string;

beforeAll(async () => {
  [holdfast, server] = await Promise.all([testHoldfast(), startPostgres({ database: "shop" })]);
  await server.psql("CREATE ROLE clerk LOGIN PASSWORD 'in no file'; ALTER ROLE clerk SET search_path = sales; CREATE SCHEMA sales; CREATE TABLE sales.orders (id int PRIMARY KEY); INSERT INTO sales.orders SELECT generate_series(1, 1000); GRANT USAGE ON SCHEMA sales TO clerk; GRANT SELECT ON sales.orders TO clerk;");
  await engine.createVolume({ Name: volume, Labels: { [testLabel]: "1" } });
  databaseId = await holdfast.protect(server);
});
afterEach(async () => {
  for (const name of apps.splice(0)) await removeContainer(name);
});
afterAll(async () => {
  await server.stop();
  await engine.getVolume(volume).remove();
  await holdfast.close();
});

/** A small application in a container of its own, which knows its database by the name of that one's container. It is not started. */
async function application(script: string): Promise<string> {
  const name = `${server.name}-app-${randomBytes(2).toString("hex")}`;
  await engine.createContainer({
    name,
    Image: testNodeImage(),
    Entrypoint: ["node", "-e"],
    Cmd: [script],
    Env: [`PGHOST=${server.name}`, "PGUSER=clerk", `PGPASSWORD=${secret}`, "PGDATABASE=shop"],
    Labels: { [testLabel]: "1", [`${testLabel}.pid`]: process.env["HOLDFAST_TEST_PID"] ?? String(process.pid), [`${testLabel}.host`]: os.hostname() },
    HostConfig: {
      Binds: [`${path.resolve("demo/app")}:/shop`, `${volume}:/data`, "/var/run/docker.sock:/var/run/docker.sock", "/var/run/docker.sock:/engine"],
      RestartPolicy: { Name: "always" },
      CapAdd: ["NET_ADMIN"],
    },
  });
  apps.push(name);
  await saveApplication(holdfast.ctx, { databaseId, application: Application.parse({ healthSeconds: 20, rehearsal: { container: name, url: "http://localhost:8001/health?deep=1" } }) });
  return name;
}

const listening = (answer: string) => `require("node:http").createServer(async (request, response) => {
  const status = await (async () => { ${answer} })().catch((error) => { console.error(error.message); return 503; });
  response.writeHead(status).end("x".repeat(100000));
}).listen(8001);`;

/** Well only with all orders, and only where it can write nowhere and reach no engine. */
const reading = listening(`
  if (request.url !== "/health?deep=1") return 404;
  const fs = require("node:fs");
  const { ask } = await import("/shop/postgres.mjs");
  const { PGHOST, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
  const [[row]] = await ask({ host: PGHOST, port: 5432, user: PGUSER, password: PGPASSWORD, database: PGDATABASE }, [["SELECT count(*) AS orders FROM orders"]]);
  if (row.orders !== "1000") throw new Error("orders are missing");
  for (const directory of ["/data", "/shop"]) {
    try { fs.writeFileSync(directory + "/written", ""); } catch { continue; }
    throw new Error(directory + " can be written to");
  }
  for (const socket of ["/var/run/docker.sock", "/engine"]) if (fs.existsSync(socket)) throw new Error(socket + " is there");
  if (Object.keys(require("node:os").networkInterfaces()).some((name) => name !== "lo")) throw new Error("there is a network");
  return 204;`);

async function drill(stop?: (tag: string) => Promise<AbortSignal>) {
  const { runId } = await startDisasterDrill(holdfast.ctx, { databaseId });
  const tag = runTag(holdfast.worker.installation, runId);
  const controller = new AbortController();
  const working = holdfast.work(runId, controller.signal);
  if (stop) await stop(tag).then(({ reason }) => controller.abort(reason));
  const run = await working;
  expect(await listScratch(await findEngine(), tag)).toEqual([]);
  const { id } = await holdfast.db.drill.findUniqueOrThrow({ where: { runId } });
  const { report, outcome } = await readDrill(holdfast.ctx, { drillId: id });
  const step = report?.disaster?.steps.find((one) => one.id === "application");
  const audit = await holdfast.db.auditEntry.findFirst({ where: { runId, action: "drill.finished" } });
  return { run, report, outcome, step, sentence: audit?.sentence, warnings: run.events.filter(({ type }) => type === "warning").map(({ message }) => message) };
}

describe("the application in a disaster drill", () => {
  it("answers in a copy of a container that does not run, with the recovered database under the name it knows", async () => {
    const name = await application(reading);
    const { run, report, outcome, step, sentence, warnings } = await drill();
    expect([run.problem, step?.log, outcome, step?.outcome]).toEqual([null, undefined, "passed", "done"]);
    expect(step?.detail).toContain(`http://localhost:8001/health?deep=1 answered 204 after `);
    expect(step?.ms).toBeGreaterThan(0);
    expect(sentence).toMatch(/, and its application answered$/);
    expect(warnings).toEqual([]);
    expect(report?.cleanUp).toMatchObject({ left: 0 });
    expect(report?.cleanUp?.containers).toHaveLength(3);
    expect((await engine.getContainer(name).inspect()).State.Status).toBe("created");
  });

  it("fails when it ends at once: the proof stands, nothing looks well, and no secret is shown", async () => {
    await application(`console.error("no licence", process.env.PGPASSWORD, "for", process.env.PGUSER); process.exit(3)`);
    const { run, report, outcome, step, sentence, warnings } = await drill();
    expect([run.status, outcome, step?.outcome]).toEqual(["succeeded", "passed", "failed"]);
    expect(step?.detail).toMatch(/ended after .* with exit code 3/);
    expect(step?.log).toBe("no licence [withheld] for [withheld]");
    expect(sentence).toMatch(/, but its application did not answer$/);
    expect(warnings).toEqual([expect.stringMatching(/^The application did not answer\. /)]);
    expect(JSON.stringify([report, run.events.map(({ message }) => message)])).not.toContain(secret);
    expect(run.backup).toMatchObject({ rung: 4, problem: null });
    expect(report?.cleanUp).toMatchObject({ left: 0 });
  });

  it("fails with the last status when it goes on answering that it is not well", async () => {
    await application(listening("return 503;"));
    await saveApplication(holdfast.ctx, { databaseId, application: Application.parse({ healthSeconds: 5, rehearsal: { container: apps[0] ?? "", url: "http://127.0.0.1:8001" } }) });
    const { step, outcome } = await drill();
    expect([outcome, step?.outcome]).toEqual(["passed", "failed"]);
    expect(step?.detail).toContain("still answered 503 after ");
  });

  it("fails when there is no such container", async () => {
    await saveApplication(holdfast.ctx, { databaseId, application: Application.parse({ rehearsal: { container: "nowhere-app", url: "http://localhost:8001/" } }) });
    const { step, outcome, report } = await drill();
    expect([outcome, step?.outcome]).toEqual(["passed", "failed"]);
    expect(step?.detail).toContain("nowhere-app");
    expect(report?.cleanUp?.containers).toHaveLength(2);
  });

  it("is copied with nothing to write to and no way out, and is gone after a cancel", async () => {
    const name = await application("setInterval(() => {}, 1000)");
    const { run, step, outcome } = await drill(async (tag) => {
      const { Id } = await copyUnderWay(tag);
      const { HostConfig, Mounts, Image, Config } = await engine.getContainer(Id).inspect();
      const live = await engine.getContainer(name).inspect();
      expect([Image, Config.Env, Config.Cmd, Config.Entrypoint]).toEqual([live.Image, live.Config.Env, live.Config.Cmd, live.Config.Entrypoint]);
      expect(HostConfig).toMatchObject({ NetworkMode: expect.stringMatching(/^container:/) as string, RestartPolicy: { Name: "no" }, Privileged: false, PidsLimit: 512, CapDrop: ["ALL"] });
      expect(HostConfig.CapAdd).not.toContain("NET_ADMIN");
      expect(Mounts.map(({ Destination, RW }) => [Destination, RW]).sort()).toEqual([["/data", false], ["/shop", false]]);
      return AbortSignal.abort(runErrors.stopping({}));
    });
    expect([run.status, outcome, step?.outcome]).toEqual(["cancelled", "inconclusive", "skipped"]);
    expect(step?.detail).toMatch(/^The drill ended before /);
  });
});

async function copyUnderWay(tag: string): Promise<{ Id: string }> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const found = (await engine.listContainers({ filters: { label: [`holdfast.run=${tag}`] } })).find(({ HostConfig }) => HostConfig.NetworkMode.startsWith("container:"));
    if (found) return found;
    if (Date.now() > deadline) throw new Error("waited in vain for a copy of the application");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
