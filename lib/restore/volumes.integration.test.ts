import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findEngine } from "@/lib/docker/engine";
import { connect, type Server } from "@/lib/postgres/server";
import { freeOnVolume, surveyVolumes, whileRoomLasts } from "@/lib/postgres/volumes";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { confirmRestore, restoreDatabase } from "@/lib/testing/restore";
import { restoreErrors } from "./errors";
import { readTarget } from "./target";

/** A server whose data, write-ahead log and tablespace lie on three small volumes, and what is laid down in its container on a fourth. */
const volumes = { data: "/var/lib/postgresql/data", wal: "/wal", fast: "/fast", work: "/tmp" };
const MiB = 1024 ** 2;

describe("the volumes of a server while something is loaded", () => {
  let postgres: PostgresContainer;
  let holdfast: TestHoldfast;
  let databaseId: string;
  let server: Server;

  beforeAll(async () => {
    const Tmpfs = { [volumes.data]: "size=600m,mode=0777", [volumes.wal]: "size=400m,mode=0777", [volumes.fast]: "size=80m,mode=0777", [volumes.work]: "size=100m,mode=1777" };
    [postgres, holdfast] = await Promise.all([startPostgres({ major: 15, database: "shop", env: { POSTGRES_INITDB_ARGS: "--no-sync --waldir=/wal/log" }, hostConfig: { Tmpfs } }), testHoldfast()]);
    await postgres.exec(["mkdir", "/fast/space"], { user: "postgres" });
    await postgres.psql(`CREATE TABLESPACE fast LOCATION '/fast/space';
      CREATE TABLE items AS SELECT n AS id FROM generate_series(1, 600) n;
      CREATE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_catalog.pg_sleep(0.02); RETURN n; END';
      CREATE INDEX ON items (slowly(id));`);
    databaseId = await holdfast.protect(postgres);
    server = await connect(await findEngine(), { container: postgres.id, role: "postgres", database: "shop" }, { tag: "volumes-test" });
  });
  afterAll(async () => {
    await Promise.all([postgres.stop(), holdfast.close()]);
  });
  beforeEach(() => postgres.exec(["sh", "-c", "rm -f /wal/filler /fast/filler /tmp/filler /var/lib/postgresql/data/filler"]));

  const fill = (mount: string, mebibytes: number) => postgres.exec(["dd", "if=/dev/zero", `of=${mount}/filler`, "bs=1M", `count=${mebibytes}`]);

  it("are measured at the data directory", async () => {
    expect((await freeOnVolume(server))?.totalBytes).toBe(600 * MiB);
  });

  it("are told apart by what lies on them, and each is named once", async () => {
    await postgres.psql("CREATE DATABASE quick_empty TABLESPACE fast");
    const signal = new AbortController().signal;
    const said = async (name: string) => (await surveyVolumes(server, name, signal)).volumes.map(({ mount, roles, totalBytes }) => [mount, roles, totalBytes / MiB]);
    expect(await said("shop")).toEqual([[volumes.data, ["data", "home"], 600], [volumes.wal, ["wal"], 400]]);
    expect(await said("none_of_this_name")).toEqual(await said("shop"));
    expect(await said("quick_empty")).toEqual([[volumes.data, ["data"], 600], [volumes.wal, ["wal"], 400], [volumes.fast, ["home"], 80]]);
    // A segment of the write-ahead log has 16 MiB, and there is at least one.
    expect((await surveyVolumes(server, "shop", signal)).walBytes).toBeGreaterThanOrEqual(16 * MiB);
    await postgres.psql("DROP DATABASE quick_empty");
  });

  it("have to hold what the server keeps of its write-ahead log: by its settings, or all of it for a slot that nobody reads", async () => {
    const wal = async () => (await readTarget(server, "shop", new AbortController().signal)).wal;
    expect(await wal()).toEqual({ mostBytes: 1024 * MiB, idleSlots: [], archiving: "off" });
    await postgres.psql("SELECT pg_create_physical_replication_slot('standby', true)");
    expect(await wal()).toEqual({ mostBytes: 1024 * MiB, idleSlots: ["standby"], archiving: "off" });
    await postgres.psql("ALTER SYSTEM SET max_slot_wal_keep_size = '3GB'; SELECT pg_reload_conf(), pg_sleep(0.5);");
    expect(await wal()).toEqual({ mostBytes: 3 * 1024 * MiB, idleSlots: [], archiving: "off" });
    await postgres.psql("SELECT pg_drop_replication_slot('standby'); ALTER SYSTEM RESET max_slot_wal_keep_size; SELECT pg_reload_conf(), pg_sleep(0.5);");
    expect(await wal()).toMatchObject({ mostBytes: 1024 * MiB });
  });

  it.each([
    [volumes.data, 330],
    [volumes.wal, 300],
    [volumes.fast, 70],
    [volumes.work, 90],
  ])("end what is done when %s is filling up, and say which", async (mount, mebibytes) => {
    const working = whileRoomLasts(server, { filling: (volume) => restoreErrors.disk_filling({ container: "it", ...volume }), isLaidDown: true, signal: new AbortController().signal }, async (signal) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await fill(mount, mebibytes);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("broken off")), { once: true }));
    });
    await expect(working).rejects.toMatchObject({ code: "restore.disk_filling", message: expect.stringContaining(`free at ${mount}.`) as string });
  });

  it("may be small or nearly full from the start where they have nothing to do with it", async () => {
    await fill(volumes.fast, 70);
    const done = whileRoomLasts(server, { filling: () => new Error("filling") as never, signal: new AbortController().signal }, (signal) => new Promise((resolve, reject) => {
      // Nothing is laid down.
      setTimeout(() => void fill(volumes.work, 90), 1_000);
      setTimeout(() => resolve("done"), 5_000);
      signal.addEventListener("abort", () => reject(new Error("broken off")), { once: true });
    }));
    expect(await done).toBe("done");
  });

  it.each([
    ["custom", volumes.wal, 300],
    ["directory", volumes.work, 85],
  ] as const)("end a restore of a %s backup before %s is full, which touches nothing and leaves nothing behind", async (format, mount, mebibytes) => {
    const { backup } = await holdfast.backUp(databaseId, { options: { format } });
    await postgres.psql("DELETE FROM items WHERE id > 500");
    const { runId } = await confirmRestore(holdfast, databaseId, backup?.id ?? "");
    const working = holdfast.work(runId);
    const deadline = Date.now() + 60_000;
    // The index takes twelve seconds; what was free before has been looked at by then.
    while ((await postgres.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'")) === "0" && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await fill(mount, mebibytes);
    const { problem } = await working;
    expect(problem).toMatchObject({ code: "restore.disk_filling", message: expect.stringContaining(`free at ${mount}.`) as string });
    expect((await postgres.exec(["sh", "-c", "ls -d /tmp/holdfast-* 2>/dev/null || true"])).stdout).toBe("");
    expect(await postgres.psql("SELECT count(*), (SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'shop%') FROM items")).toBe("500\tshop");
  });

  it("are asked where the database itself lies: one whose tablespace cannot hold two is restored in place, whatever is free elsewhere", async () => {
    await postgres.psql("CREATE DATABASE quick TABLESPACE fast");
    await postgres.psql("CREATE TABLE filler AS SELECT n AS id, repeat(md5(n::text), 30) AS text FROM generate_series(1, 30000) n", { database: "quick" });
    const quickId = await holdfast.protect(postgres, { databaseName: "quick" });
    const { backup } = await holdfast.backUp(quickId);
    await expect(confirmRestore(holdfast, quickId, backup?.id ?? "")).rejects.toMatchObject({ code: "restore.blocked", message: expect.stringMatching(/No room for both databases.*free at \/fast/) as string });
    await postgres.psql("DELETE FROM filler WHERE id <= 10", { database: "quick" });
    const { run } = await restoreDatabase(holdfast, quickId, backup?.id ?? "", { method: "in_place", safetyBackup: false });
    expect(run.problem).toBeNull();
    expect(await postgres.psql("SELECT count(*), (SELECT spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = 'quick') FROM filler", { database: "quick" })).toBe("30000\tfast");
    await postgres.psql("DROP DATABASE quick WITH (FORCE)");
  });
});
