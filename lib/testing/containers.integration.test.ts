import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, testedMajors, type PostgresContainer } from "./containers";
import { engine } from "./engine";

describe.each(testedMajors)("a throwaway PostgreSQL %i server", (major) => {
  let server: PostgresContainer;
  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", cmd: ["-c", "work_mem=8MB"] });
  });
  afterAll(() => server?.stop());

  it("runs the version it was asked for, with the settings it was given", async () => {
    const [version, workMem] = (await server.psql("SHOW server_version_num; SHOW work_mem;")).split("\n");
    expect(Math.floor(Number(version) / 10_000)).toBe(major);
    expect(workMem).toBe("8MB");
  });

  it("takes several statements, large input, and says when one fails", async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `(${i})`).join(",");
    await server.psql(`CREATE TABLE t (n int); INSERT INTO t VALUES ${values};`);
    expect(await server.psql("SELECT count(*), sum(n) FROM t")).toBe("20000\t199990000");
    await expect(server.psql("SELECT 1/0")).rejects.toThrow("division by zero");
  });

  it("asks for a password over the network, and accepts the right one", async () => {
    const { NetworkSettings } = await engine.getContainer(server.id).inspect();
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
    const ask = (PGPASSWORD: string) =>
      server.exec(["psql", "-XAtc", "SELECT 1", "-h", address, "-U", "bimcalc"], { env: { PGPASSWORD } });
    expect((await ask(server.password)).stdout).toBe("1\n");
    expect((await ask("wrong")).exitCode).not.toBe(0);
  });

  it("has zstd", async () => {
    expect((await server.exec(["zstd", "--version"])).exitCode).toBe(0);
  });
});

it("leaves nothing behind after stop()", async () => {
  const server = await startPostgres({ major: 15 });
  await server.stop();
  const left = await engine.listContainers({ all: true, filters: { id: [server.id] } });
  expect(left).toEqual([]);
});
