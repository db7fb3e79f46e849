import { Readable } from "node:stream";
import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, it } from "vitest";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { AppError } from "@/lib/errors";
import { startScratch, type Scratch } from "@/lib/postgres/scratch";
import { connect, psql, run } from "@/lib/postgres/server";
import { startPostgres, testImage, type PostgresContainer } from "@/lib/testing/containers";
import { engine as testEngine, execIn } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { receiveUpload } from "@/lib/upload/receive";
import { loadGuarded, type Loaded } from "./guarded";
import { SqlScan } from "./scan";
import { startConvert } from "./start";

const end = "\n--\n-- PostgreSQL database dump complete\n--\n";
const table = "CREATE TABLE public.t (id int, said text);\nALTER TABLE public.t OWNER TO postgres;\n";
/** For us a text that goes on to the last quote, for psql a short one: what follows is a command to psql, and this side does not see it. */
const misled = (command: string) => `SET standard_conforming_strings = off;\nSELECT '\\'';\n${command}\nSELECT 'x';\n-- '\n;\n`;

// 13 has a psql that cannot be restricted, 15 has one that can.
describe.each([13, 15] as const)("a hostile file on PostgreSQL %i", { timeout: 300_000 }, (major) => {
  let engine: Engine;
  let scratch: Scratch;
  beforeAll(async () => {
    engine = await findEngine();
  });
  beforeEach(async () => {
    scratch = await startScratch(engine, { image: testImage(major), tag: `hostile-r${major}`, purpose: "convert", databaseName: "bimcalc", memoryBytes: 512 << 20, cpus: 1 }, new AbortController().signal);
  });
  afterEach(() => scratch.remove());

  async function load(body: string): Promise<Loaded | AppError> {
    const sql = `${table}${body}${end}`;
    const scan = new SqlScan();
    scan.push(Buffer.from(sql));
    scan.finish();
    const [part] = scan.parts;
    if (!part) throw new Error("no part");
    const archive = { format: "plain" as const, unpack: "none" as const, open: () => Promise.resolve(Readable.from([Buffer.from(sql)], { objectMode: false })) };
    return loadGuarded(scratch, { archive, part, owner: "postgres" }, AbortSignal.timeout(250_000)).catch((error: unknown) => {
      if (error instanceof AppError) return error;
      throw error;
    });
  }

  /** What files outside of the server's own there are, whoever owns them. None is called so before. */
  async function files(): Promise<string> {
    return (await execIn(scratch.container, ["sh", "-c", "find / -xdev -name '*pwned*' 2>/dev/null; find /tmp /var/tmp /dev/shm -type f ! -name 'PostgreSQL.*' 2>/dev/null"])).stdout;
  }

  async function ask(sql: string): Promise<string> {
    const server = await connect(engine, { container: scratch.container, role: "postgres", database: "bimcalc" });
    const { stdout, stderr } = await run(server, psql, { stdin: sql });
    return stdout.trim() || stderr;
  }

  it("cannot start a program, write a file, reach a network or become anybody", async () => {
    const attempts = [
      "COPY public.t (said) FROM PROGRAM 'touch /tmp/pwned; id'",
      "COPY public.t TO PROGRAM 'touch /tmp/pwned'",
      "COPY public.t TO '/tmp/pwned'",
      "SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/pwned')",
      "SELECT pg_read_file('/etc/passwd')",
      "SET ROLE holdfast_admin",
      "ALTER ROLE postgres SUPERUSER",
      "CREATE EXTENSION dblink",
      "CREATE FUNCTION c() RETURNS void LANGUAGE c AS 'libc.so.6', 'system'",
      "ALTER SYSTEM SET archive_command = 'touch /tmp/pwned'",
      "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION pg_catalog.now()",
      "SET SESSION AUTHORIZATION holdfast_admin",
    ];
    const quoted = attempts.map((attempt) => `'${attempt.replaceAll("'", "''")}'`).join(", ");
    const loaded = await load(`DO $x$ DECLARE a text; BEGIN FOREACH a IN ARRAY ARRAY[${quoted}] LOOP
      BEGIN EXECUTE a; INSERT INTO public.t VALUES (1, a); EXCEPTION WHEN OTHERS THEN INSERT INTO public.t VALUES (0, SQLSTATE); END; END LOOP; END $x$;`);
    expect(loaded).not.toBeInstanceOf(AppError);
    // None succeeded, and each failed for want of rights or of a thing that is not there.
    expect(await ask("SELECT string_agg(DISTINCT id::text, ',') FROM public.t;")).toBe("0");
    expect(Number(await ask("SELECT count(*) FROM public.t;"))).toBe(attempts.length);
    expect((await ask("SELECT string_agg(DISTINCT said, ',' ORDER BY said) FROM public.t;")).split(",").every((state) => ["42501", "22023", "42704", "42883", "25001", "42P17", "42804", "42P13"].includes(state))).toBe(true);
    expect(await files()).toBe("");
    expect(await ask("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user;")).toBe("f");
    const { HostConfig, NetworkSettings } = await testEngine.getContainer(scratch.container).inspect();
    expect(HostConfig.NetworkMode).toBe("none");
    expect(Object.values(NetworkSettings.Networks).map((network) => network.IPAddress)).toEqual([""]);
    expect(HostConfig.Binds ?? []).toEqual([]);
    // And no superuser gets in any more, whatever their name.
    const server = await connect(engine, { container: scratch.container, role: "postgres", database: "bimcalc" });
    const superusers = (await ask("SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper;")).split("\n");
    expect(superusers.length).toBeGreaterThan(1);
    for (const role of superusers) for (const database of ["bimcalc", "postgres", "template1"]) expect((await run({ ...server, role, database }, psql, { stdin: "SELECT 1;" })).exitCode).toBe(2);
  });

  it.each([
    ["COPY public.t (said) FROM PROGRAM 'touch /tmp/pwned; id';", "pg_execute_server_program|superuser"],
    ["SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/pwned');", "permission denied"],
  ])("with %s stops there, with PostgreSQL's words", async (statement, words) => {
    const failed = await load(statement);
    expect(failed).toMatchObject({ code: "convert.load_failed" });
    expect((failed as AppError).details["stderr"]).toMatch(new RegExp(words));
    expect(await files()).toBe("");
  });

  it("with commands of psql in the open is loaded without them; output and notices without end fill neither memory nor log", async () => {
    const commands = ["\\! touch /tmp/pwned", "\\copy public.t to program 'touch /tmp/pwned'", "\\o /tmp/pwned", "\\o |touch /tmp/pwned", "SELECT 1 \\g /tmp/pwned", "\\set x `touch /tmp/pwned`", "\\connect postgres postgres"];
    const noise = "SELECT repeat('x', 200) FROM generate_series(1, 300000);\nDO $$ BEGIN FOR i IN 1..100000 LOOP RAISE WARNING 'noise %', repeat('y', 100); END LOOP; END $$;\n";
    const before = process.memoryUsage().rss;
    const loaded = await load(`${commands.join("\n")}\nINSERT INTO public.t VALUES (7, 'after');\n${noise}`);
    expect(loaded instanceof AppError ? loaded.details : null).toBeNull();
    expect(await ask("SELECT id FROM public.t;")).toBe("7");
    expect(await files()).toBe("");
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
    const log = await testEngine.getContainer(scratch.container).logs({ stdout: true, stderr: true });
    expect(log.length).toBeLessThan(1 << 20);
  });

  it.each(["\\set x `touch /tmp/pwned`\n\\o |touch /tmp/pwned\n\\o\n\\! touch /tmp/pwned", "\\copy public.t to program 'touch /tmp/pwned'", "SELECT 1 \\g /tmp/pwned", "\\connect - holdfast_admin"])(
    "that hides %s from the reading changes nothing either",
    async (command) => {
      const failed = await load(misled(command));
      // Restricted, psql refuses the command. Where it cannot be, the command comes to nothing: no process, no file, no other role.
      if (major > 13) expect((failed as AppError).details["stderr"]).toContain("restricted");
      else if (failed instanceof AppError) expect(failed.code).toBe("convert.load_failed");
      // psql may name a file where it cannot be restricted, and gets no byte into it.
      if (major === 13 && command.includes("\\g")) expect((await execIn(scratch.container, ["sh", "-c", "cat /tmp/pwned | wc -c"])).stdout.trim()).toBe("0");
      else expect(await files()).toBe("");
      expect(await ask("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user;")).toBe("f");
    },
  );
});

describe("a conversion of a hostile file", { timeout: 300_000 }, () => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;
  beforeAll(async () => {
    server = await startPostgres({ major: 15, user: "bimcalc", database: "bimcalc" });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    holdfast = await testHoldfast();
  });
  afterEach(() => holdfast.close());

  it.each([
    ["that fails", "COPY public.t (said) FROM PROGRAM 'touch /tmp/pwned';", "failed"],
    ["that succeeds", "\\! touch /tmp/pwned\nINSERT INTO public.t VALUES (1, 'x');\n", "succeeded"],
  ])("%s never starts a process in the live container and leaves no container, volume or file behind", async (_, body, status) => {
    const databaseId = await holdfast.protect(server);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { image: server.image } });
    const content = Buffer.from(`${table}${body}${end}`);
    const { backupId } = await receiveUpload(holdfast.ctx, { storeId: holdfast.storeId, name: "evil.sql", modifiedAt: null }, Readable.from([content]), content.length);
    // The engine tells of whole seconds: what the set-up did has to lie in an earlier one.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const since = Math.floor(Date.now() / 1_000);
    const { runId } = await startConvert(holdfast.ctx, { backupId, databaseId, part: null });
    const run = await holdfast.work(runId);
    expect(run.status).toBe(status);
    const filters = JSON.stringify({ container: [server.id] });
    const events = await testEngine.getEvents({ since, until: Math.ceil(Date.now() / 1_000), filters });
    let text = "";
    for await (const chunk of events) text += String(chunk);
    expect(text).toBe("");
    const left = await testEngine.listContainers({ all: true, filters: { label: [`holdfast.run=${holdfast.worker.installation}-r${runId}`] } });
    const volumes = await testEngine.listVolumes({ filters: JSON.stringify({ label: [`holdfast.run=${holdfast.worker.installation}-r${runId}`] }) });
    expect([left.length, volumes.Volumes?.length ?? 0]).toEqual([0, 0]);
    expect(holdfast.files().filter((name) => !name.startsWith("evil.sql") && !name.includes("_converted_"))).toEqual([]);
    if (status === "succeeded") expect(run.events.filter((event) => event.type === "warning").map((event) => event.message)).toEqual(["Runs a program, line 3: \\! touch /tmp/pwned", "Left out of evil.sql, psql command: \\! touch /tmp/pwned"]);
  });
});
