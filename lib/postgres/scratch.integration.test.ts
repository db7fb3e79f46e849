import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { connect, queryJson, run } from "@/lib/postgres/server";
import { startPostgres, testImage, testNodeImage, type PostgresContainer } from "@/lib/testing/containers";
import { engine as docker } from "@/lib/testing/engine";
import { z } from "zod";
import { makeRoles, openRoles } from "./roles";
import { listScratch, removeScratch, scratchLabels, startScratch, sweepScratch, type Scratch, type ScratchSpec } from "./scratch";
import { readServerSettings } from "./settings";

const signal = new AbortController().signal;
const installation = `test${process.pid}`;
const tag = `${installation}-r7`;
let engine: Engine;
const started: Scratch[] = [];

async function start(spec: Partial<ScratchSpec> = {}): Promise<Scratch> {
  const scratch = await startScratch(engine, { image: testImage(15), tag, purpose: "drill", databaseName: "orders", ...spec }, signal);
  started.push(scratch);
  return scratch;
}

beforeAll(async () => {
  engine = await findEngine();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.remove()));
});
afterAll(() => sweepScratch(engine, installation, async () => () => false));

const ask = (scratch: Scratch, sql: string) => queryJson(scratch.server, { what: "a test asked", sql: `SELECT to_json((${sql})::text);`, schema: z.string() });

describe("startScratch", () => {
  it.each([13, 15, 17, 18] as const)("starts an empty database on %s without network, with limits, its data on a labelled volume", async (major) => {
    const scratch = await start({ image: testImage(major) });
    expect(await ask(scratch, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toBe("0");
    const inspected = await docker.getContainer(scratch.container).inspect();
    expect(inspected.HostConfig.NetworkMode).toBe("none");
    expect(Object.keys(inspected.NetworkSettings.Networks)).toEqual(["none"]);
    expect(inspected.HostConfig.Memory).toBeGreaterThan(0);
    expect(inspected.HostConfig.NanoCpus).toBeGreaterThan(0);
    expect(inspected.HostConfig.RestartPolicy?.Name).toBe("no");
    expect(inspected.Config.Labels).toMatchObject({ "holdfast.scratch": installation, "holdfast.run": tag, "holdfast.purpose": "drill" });
    const directory = await ask(scratch, "SELECT current_setting('data_directory')");
    const volume = inspected.Mounts.find((mount) => mount.Type === "volume" && (directory === mount.Destination || directory.startsWith(`${mount.Destination}/`)));
    expect(volume?.Name).toBeDefined();
    expect((await docker.getVolume(volume?.Name ?? "").inspect()).Labels).toMatchObject({ "holdfast.run": tag });
    await scratch.remove();
    await scratch.remove();
    await expect(docker.getContainer(scratch.container).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(docker.getVolume(volume?.Name ?? "").inspect()).rejects.toMatchObject({ statusCode: 404 });
    expect(await listScratch(engine, tag)).toEqual([]);
  });

  it("builds an index in parallel sizes and sorts without the shared memory a container lacks", async () => {
    const scratch = await start();
    const sql = "CREATE TABLE t AS SELECT g AS id, md5(g::text) AS v FROM generate_series(1, 300000) g; CREATE INDEX ON t (v); SET max_parallel_maintenance_workers = 4; CREATE INDEX ON t (v, id);";
    expect(await run(scratch.server, ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"], { stdin: sql })).toMatchObject({ exitCode: 0 });
  });

  it("is removed with what runs in its network under the same labels", async () => {
    const scratch = await start();
    const beside = await docker.createContainer({ Image: testImage(15), Entrypoint: ["sleep", "600"], Labels: scratchLabels(tag, "drill"), HostConfig: { NetworkMode: `container:${scratch.container}`, Tmpfs: { "/var/lib/postgresql/data": "" } } });
    await beside.start();
    expect(await removeScratch(engine, tag)).toBe(3);
    expect(await listScratch(engine, tag)).toEqual([]);
    await expect(beside.inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("lets an application sign in: by the roles file, or, without one, as every role that the backup names", async () => {
    const scratch = await start();
    const file = "CREATE ROLE keeper;\nALTER ROLE keeper WITH NOLOGIN;\nCREATE ROLE clerk;\nALTER ROLE clerk WITH LOGIN PASSWORD 'x';\nALTER ROLE clerk SET search_path TO 'sales';\n";
    await makeRoles(scratch.server, file, ["keeper"], signal);
    const roles = "SELECT string_agg(rolname || ' ' || rolcanlogin || coalesce(' ' || array_to_string(rolconfig, ','), ''), '; ' ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_|^postgres$'";
    await openRoles(scratch.server, file, { owner: "keeper", role: "absent" }, signal);
    expect(await ask(scratch, roles)).toBe("clerk true search_path=sales; keeper false");
    expect(await ask(scratch, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")).toBe("keeper");
    await openRoles(scratch.server, null, { owner: "nobody here", role: "absent" }, signal);
    expect(await ask(scratch, roles)).toBe("absent true; clerk true search_path=sales; keeper true");
  });

  it("can be named like the database the server is initialised with", async () => {
    const scratch = await start({ databaseName: "postgres" });
    expect(await ask(scratch, "SELECT current_database()")).toBe("postgres");
  });

  it.each([`we"ird 'n'`, "Ünïcode", "a=b"])("takes the name %s", async (databaseName) => {
    expect(await ask(await start({ databaseName }), "SELECT current_database()")).toBe(databaseName);
  });

  it("leaves nothing behind when the start is given up", async () => {
    const controller = new AbortController();
    const starting = startScratch(engine, { image: testImage(15), tag, purpose: "drill", databaseName: "orders" }, controller.signal);
    setTimeout(() => controller.abort(new Error("given up")), 600);
    await expect(starting).rejects.toThrow("given up");
    expect(await listScratch(engine, tag)).toEqual([]);
  });

  it("says so when the image is gone, or starts in another way", async () => {
    await expect(start({ image: "nowhere/none:1" })).rejects.toMatchObject({ code: "postgres.no_image" });
    await expect(start({ image: testNodeImage() })).rejects.toMatchObject({ code: "postgres.other_image" });
    expect(await listScratch(engine, tag)).toEqual([]);
  });

  it("shows the server's last words when it does not come up", async () => {
    const like = { preload: "no_such_library", sessionPreload: "", settings: {}, encoding: "UTF8", provider: "c" as const, collation: "C", characterType: "C", locale: null, icuRules: null };
    const failing = start({ like });
    await expect(failing).rejects.toMatchObject({ code: "postgres.not_started" });
    await expect(failing).rejects.toSatisfy((error: { details: { stderr: string } }) => error.details.stderr.includes("no_such_library"));
    expect(await listScratch(engine, tag)).toEqual([]);
  });
});

describe("a scratch server like its source", () => {
  let source: PostgresContainer;
  beforeAll(async () => {
    source = await startPostgres({ major: 17, cmd: ["-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.max=4321", "-c", "TimeZone=Asia/Kathmandu", "-c", "bytea_output=escape", "-c", "archive_mode=on", "-c", "archive_command=true", "-c", "wal_level=logical"] });
    await source.psql(`CREATE DATABASE sorted TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de-AT';`);
    await source.psql(`CREATE DATABASE old TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C';`);
    await source.psql(`ALTER DATABASE sorted SET app.secret = 'acme'; ALTER DATABASE sorted SET pg_stat_statements.track = 'all'; CREATE ROLE plain LOGIN;`);
  });
  afterAll(() => source.stop());

  const settingsOf = async (database: string, role = "postgres") => readServerSettings(await connect(engine, { container: source.name, role, database }));

  it("has its libraries, the settings of extensions, the look of values and the locale, and acts by itself in nothing", async () => {
    const scratch = await start({ image: testImage(17), databaseName: "sorted", like: await settingsOf("sorted") });
    const shown = await Promise.all(["shared_preload_libraries", "pg_stat_statements.max", "TimeZone", "bytea_output", "pg_stat_statements.track", "archive_mode", "max_worker_processes", "max_wal_senders"].map((name) => ask(scratch, `SELECT current_setting('${name}')`)));
    expect(shown).toEqual(["pg_stat_statements", "4321", "Asia/Kathmandu", "escape", "all", "off", "0", "0"]);
    expect(await ask(scratch, "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'sorted'")).toBe("i de-AT");
    expect(await run(scratch.server, ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"], { stdin: "CREATE EXTENSION pg_stat_statements; SELECT count(*) FROM pg_stat_statements;" })).toMatchObject({ exitCode: 0 });
  });

  it("is told nothing that an application keeps in settings of its own", async () => {
    expect(Object.keys((await settingsOf("sorted")).settings).filter((name) => name.startsWith("app."))).toEqual([]);
  });

  it("has its encoding", async () => {
    const scratch = await start({ image: testImage(17), databaseName: "old", like: await settingsOf("old") });
    expect(await ask(scratch, "SELECT current_setting('server_encoding')")).toBe("LATIN1");
  });

  it("is read by a role that may see no files", async () => {
    expect((await settingsOf("sorted", "plain")).settings).toMatchObject({ TimeZone: "Asia/Kathmandu", bytea_output: "escape" });
  });
});

describe("removal by label", () => {
  it("removes what is not needed, volumes whose container is gone included, and touches nothing of others", async () => {
    const [lost, needed, foreign] = [await start({ tag: `${installation}-r1` }), await start({ tag: `${installation}-r2`, purpose: "look" }), await start({ tag: `other${process.pid}-r1` })];
    const orphan = await start({ tag: `${installation}-r3` });
    await docker.getContainer(orphan.container).remove({ force: true, v: false });
    expect((await listScratch(engine, `${installation}-r3`)).map(({ kind }) => kind)).toEqual(["volume"]);
    const bystander = execFileSync("docker", ["create", "--label", "holdfast.test=1", testImage(15)], { encoding: "utf8" }).trim();
    expect(await sweepScratch(engine, installation, async () => (run) => run.purpose === "look" && run.tag === `${installation}-r2`)).toBe(3);
    for (const kept of [needed.container, foreign.container, bystander]) await expect(docker.getContainer(kept).inspect()).resolves.toBeDefined();
    await expect(docker.getContainer(lost.container).inspect()).rejects.toMatchObject({ statusCode: 404 });
    expect(await listScratch(engine, `${installation}-r3`)).toEqual([]);
    await docker.getContainer(bystander).remove({ v: true });
    expect(await removeScratch(engine, `other${process.pid}-r1`)).toBe(2);
  });
});
