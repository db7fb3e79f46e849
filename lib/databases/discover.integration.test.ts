import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { listContainers } from "@/lib/docker/containers";
import { findEngine } from "@/lib/docker/engine";
import { startPostgres, testImage, type PostgresContainer } from "@/lib/testing/containers";
import { engine, execIn } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { removeContainer, testLabel } from "@/lib/testing/leftovers";
import { examine } from "./discover";
import { Discovery } from "./schemas";
import { startDiscover } from "./start";

let holdfast: TestHoldfast;
let server: PostgresContainer;
beforeAll(async () => {
  [holdfast, server] = await Promise.all([testHoldfast(), startPostgres({ major: 15, user: "bimcalc", database: "zebra" })]);
  await server.psql("CREATE TABLE t (id int)");
});
afterAll(() => Promise.all([holdfast.close(), server.stop()]));

async function listed(container: string) {
  const { runId } = await startDiscover(holdfast.ctx);
  const { containers } = Discovery.parse(JSON.parse((await holdfast.work(runId)).result ?? "null"));
  return containers.find(({ name }) => name === container);
}

async function found(container = server.name) {
  return (await listed(container))?.databases.map(({ name, tables }) => ({ name, tables }));
}

it("lists the database postgres as soon as it holds a table, however small, and last", async () => {
  expect(await found()).toEqual([{ name: "zebra", tables: 1 }]);
  await server.psql("CREATE TABLE kept_here (id int)", { database: "postgres" });
  expect(await found()).toEqual([{ name: "zebra", tables: 1 }, { name: "postgres", tables: 1 }]);
});

it("lists a server with more databases than it takes connections, each with its tables", async () => {
  // A connection that takes its time: how many there are at once is not left to how fast this machine is.
  const crowded = await startPostgres({ cmd: ["-c", "max_connections=8", "-c", "post_auth_delay=2"] });
  try {
    await crowded.psql("SELECT format('CREATE DATABASE d%s', g) FROM generate_series(10, 33) g \\gexec");
    await crowded.psql("CREATE TABLE t (id int)", { database: "d33" });
    const databases = await found(crowded.name);
    expect(databases).toEqual(Array.from({ length: 24 }, (_, index) => ({ name: `d${index + 10}`, tables: index === 23 ? 1 : 0 })));
  } finally {
    await crowded.stop();
  }
});

it("knows a running server by its processes where neither image nor environment tell", async () => {
  const image = { repo: "holdfast-test/unnamed", tag: "1" };
  await engine.getImage(testImage(15)).tag(image);
  const container = await engine.createContainer({
    Image: `${image.repo}:${image.tag}`,
    // A name without a value takes away what the image sets.
    Env: ["PGDATA"],
    Entrypoint: ["sh", "-c", "PGDATA=/var/lib/postgresql/data POSTGRES_HOST_AUTH_METHOD=trust exec docker-entrypoint.sh postgres"],
    Labels: { [testLabel]: "1" },
  });
  try {
    await container.start();
    await vi.waitFor(async () => expect((await execIn(container.id, ["pg_isready", "-q", "-h", "127.0.0.1"])).exitCode).toBe(0), { timeout: 60_000, interval: 200 });
    const { Name } = await container.inspect();
    expect(await listed(Name.slice(1))).toMatchObject({ role: "postgres", serverVersion: expect.stringMatching(/^15\./) as string, problem: null });
  } finally {
    await removeContainer(container.id);
    await engine.getImage(`${image.repo}:${image.tag}`).remove();
  }
});

it("leaves out a container that runs something else, and one that was removed since it was listed", async () => {
  const signal = new AbortController().signal;
  const [other, gone] = await Promise.all([
    engine.createContainer({ Image: testImage(15), Entrypoint: ["sleep", "600"], Cmd: [], Env: ["PGDATA"], Labels: { [testLabel]: "1" } }),
    engine.createContainer({ Image: testImage(15), Entrypoint: ["sleep", "600"], Cmd: [], Labels: { [testLabel]: "1" } }),
  ]);
  try {
    await other.start();
    const real = await findEngine();
    const containers = await listContainers(real);
    const one = (id: string) => containers.find((container) => container.id === id) ?? expect.fail("was not listed");
    await removeContainer(gone.id);
    expect(await examine(real, one(gone.id), signal)).toBeNull();
    expect(await examine(real, { ...one(other.id), image: "sleeper" }, signal)).toBeNull();
  } finally {
    await Promise.all([removeContainer(other.id), removeContainer(gone.id)]);
  }
});
