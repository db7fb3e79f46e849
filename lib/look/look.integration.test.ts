import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Manifest } from "@/lib/backup/schemas";
import { readRunResult } from "@/lib/runs/read-result";
import { cancelRun } from "@/lib/runs/cancel";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { until } from "@/lib/testing/worker-process";
import { receiveUpload } from "@/lib/upload/receive";
import { removeUnneededScratch } from "@/lib/worker/scratch";
import { LookAnswer, LookContents, type LookQuestion } from "./schemas";
import { startCloseLook, startOpenLook, startQueryLook } from "./start";
import { closeIdleLooks } from "./sweep";

const schema = `
CREATE ROLE alice NOLOGIN;
CREATE SCHEMA pricing AUTHORIZATION alice;
CREATE TABLE pricing."we""ird; name" (id int, "Ünï" text, CHECK (id > 0));
ALTER TABLE pricing."we""ird; name" OWNER TO alice;
INSERT INTO pricing."we""ird; name" SELECT g, CASE WHEN g % 3 = 0 THEN NULL WHEN g % 3 = 1 THEN '' ELSE E'a,"b"\\n' || g END FROM generate_series(1, 120) g;
CREATE TABLE public.secret (id int); ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY; INSERT INTO secret VALUES (1), (2);
CREATE FUNCTION public.writes() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO secret VALUES (3)';
`;

// 13 has no role that reads everything by itself.
describe.each([13, 17] as const)("a look inside a backup of PostgreSQL %i", { timeout: 600_000 }, (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;
  let databaseId: string;
  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", database: "bimcalc" });
    await server.psql(schema);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    holdfast = await testHoldfast();
    databaseId = await holdfast.protect(server);
  });
  afterEach(async () => {
    for (const look of await holdfast.db.look.findMany({ where: { container: { not: null } } })) await engine.getContainer(look.container ?? "").remove({ force: true, v: true }).catch(() => undefined);
    await holdfast.close();
  });

  async function open(backupId: string) {
    const { lookId, runId } = await startOpenLook(holdfast.ctx, { backupId, databaseId: null, part: null });
    const run = await holdfast.work(runId);
    expect(run.problem).toBeNull();
    const look = await holdfast.db.look.findUniqueOrThrow({ where: { id: lookId } });
    return { lookId, look, contents: LookContents.parse(JSON.parse(run.result ?? "")), runId };
  }

  async function ask(lookId: string, question: LookQuestion | string) {
    const { runId } = await startQueryLook(holdfast.ctx, { lookId, question: typeof question === "string" ? { kind: "sql", sql: question } : question });
    const run = await holdfast.work(runId);
    return { run, runId, answer: run.result ? LookAnswer.parse(JSON.parse(run.result)) : null };
  }

  async function backUp(): Promise<string> {
    const run = await holdfast.backUp(databaseId);
    expect(run.problem).toBeNull();
    return run.backupId ?? "";
  }

  const containersOf = (runId: number) => engine.listContainers({ all: true, filters: { label: [`holdfast.run=${holdfast.worker.installation}-r${runId}`] } });

  it("shows tables and rows as they are, answers SQL with limits, writes nothing, and is gone when it is closed", async () => {
    const { lookId, contents, runId } = await open(await backUp());
    expect(contents.tables.map(({ schema: s, name, rows }) => [s, name, rows])).toEqual([["pricing", 'we"ird; name', 120], ["public", "secret", 2]]);

    const page = (await ask(lookId, { kind: "table", schema: "pricing", name: 'we"ird; name', page: 1 })).answer;
    expect(page).toMatchObject({ columns: ["id", "Ünï"], limit: null, isShortened: false });
    expect(page?.rows.slice(0, 3)).toEqual([["1", ""], ["2", 'a,"b"\n2'], ["3", null]]);
    expect(page?.rows).toHaveLength(50);
    expect((await ask(lookId, { kind: "table", schema: "pricing", name: 'we"ird; name', page: 3 })).answer?.rows.map(([id]) => id)).toEqual(Array.from({ length: 20 }, (_, index) => String(101 + index)));

    expect((await ask(lookId, "SELECT count(*), 'x' AS \"count\" FROM secret -- all of them")).answer).toMatchObject({ columns: ["count", "count"], rows: [["2", "x"]] });
    expect((await ask(lookId, "WITH w AS (SELECT 1 AS a) SELECT a, NULL AS n FROM w;")).answer?.rows).toEqual([["1", null]]);
    expect((await ask(lookId, "EXPLAIN SELECT 1")).answer?.columns).toEqual(["QUERY PLAN"]);

    const asked = await ask(lookId, "SELECT g FROM generate_series(1, 50000) g");
    expect(asked.run.problem).toBeNull();
    const many = asked.answer;
    expect(many).toMatchObject({ limit: "rows" });
    expect(many?.rows).toHaveLength(500);
    const wide = await ask(lookId, "SELECT repeat('x', 50000000)");
    expect(wide.run.problem).toBeNull();
    expect(wide.answer).toMatchObject({ limit: "bytes" });
    expect(wide.run.result?.length ?? 0).toBeLessThan(3 << 20);

    for (const [sql, words] of [
      ["INSERT INTO secret VALUES (9)", "read-only transaction"],
      ["SELECT writes()", "read-only transaction"],
      ["CREATE TEMP TABLE x (id int)", "permission denied|read-only"],
      ["COPY secret TO PROGRAM 'touch /tmp/pwned'", "pg_execute_server_program|superuser"],
      ["COPY secret FROM '/etc/passwd'", "pg_read_server_files|superuser|read-only"],
      ["SELECT pg_read_file('/etc/passwd')", "permission denied|absolute path"],
      ["SET ROLE postgres", "permission denied"],
    ] as const) {
      const { run } = await ask(lookId, sql);
      expect([sql, run.problem?.code]).toEqual([sql, "look.query_failed"]);
      expect(run.problem?.toolOutput).toMatch(new RegExp(words));
    }
    for (const sql of ["SELECT 1; SELECT 2", "\\! touch /tmp/pwned", "SELECT 1 \\g /tmp/pwned", "  \\copy secret to '/tmp/pwned'"]) expect((await ask(lookId, sql)).run.problem?.code).toBe("look.one_statement");
    expect((await ask(lookId, "SELECT count(*) FROM secret")).answer?.rows).toEqual([["2"]]);

    // Who asked what is on record; what was answered is not, once it is closed.
    const { runId: last } = await ask(lookId, "SELECT 'to be forgotten'");
    expect((await holdfast.db.runEvent.findMany({ where: { runId: last, type: "log" } })).map((event) => event.message)).toContain("SELECT 'to be forgotten'");
    await expect(readRunResult(await holdfast.as("viewer"), { id: last })).rejects.toMatchObject({ code: "run.not_found" });
    expect((await readRunResult(await holdfast.as("operator"), { id: last })).result).toMatchObject({ rows: [["to be forgotten"]] });
    const { runId: closing } = await startCloseLook(holdfast.ctx, { lookId });
    expect((await holdfast.work(closing)).status).toBe("succeeded");
    expect(await containersOf(runId)).toEqual([]);
    expect((await holdfast.db.run.findUniqueOrThrow({ where: { id: last } })).result).toBeNull();
    await expect(startQueryLook(holdfast.ctx, { lookId, question: { kind: "sql", sql: "SELECT 1" } })).rejects.toMatchObject({ code: "look.not_open" });
    expect((await holdfast.db.auditEntry.findMany({ where: { action: { startsWith: "look." } }, orderBy: { id: "asc" } })).map((entry) => entry.action)).toEqual(["look.opened", "look.closed"]);
  });

  it("stops a query when it is cancelled, and nothing of it goes on", async () => {
    const { lookId } = await open(await backUp());
    const { runId } = await startQueryLook(holdfast.ctx, { lookId, question: { kind: "sql", sql: "SELECT pg_sleep(25)" } });
    const working = holdfast.work(runId);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await cancelRun(holdfast.ctx, { runId });
    expect((await working).status).toBe("cancelled");
    expect((await ask(lookId, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(25)%' AND pid <> pg_backend_pid()")).answer?.rows).toEqual([["0"]]);
  });

  it("survives the sweep while it is open, closes after its time, and says so when its server is gone", async () => {
    const backupId = await backUp();
    const { lookId, look, runId } = await open(backupId);
    // A second person gets the same one.
    expect((await startOpenLook(holdfast.ctx, { backupId, databaseId: null, part: null })).lookId).toBe(lookId);
    await closeIdleLooks(holdfast.db, new Date(look.closesAt.getTime() - 1_000));
    await removeUnneededScratch(holdfast.worker);
    expect(await containersOf(runId)).toHaveLength(1);
    await closeIdleLooks(holdfast.db, new Date(look.closesAt.getTime() + 1_000));
    expect(await containersOf(runId)).toEqual([]);
    expect(await holdfast.db.look.findUniqueOrThrow({ where: { id: lookId } })).toMatchObject({ state: "closed", problem: expect.stringContaining("Nobody") as string });

    const second = await open(backupId);
    await engine.getContainer(second.look.container ?? "").remove({ force: true, v: true });
    await closeIdleLooks(holdfast.db, new Date(second.look.openedAt));
    expect(await holdfast.db.look.findUniqueOrThrow({ where: { id: second.lookId } })).toMatchObject({ state: "closed", problem: "Its throwaway server was gone." });
  });

  it("shows nothing of a file that is not what was stored, and takes the backup's rungs", async () => {
    const backupId = await backUp();
    const { key } = await holdfast.db.copy.findFirstOrThrow({ where: { backupId } });
    const file = path.join(holdfast.storePath, key);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { lookId, runId } = await startOpenLook(holdfast.ctx, { backupId, databaseId: null, part: null });
    expect((await holdfast.work(runId)).problem?.code).toBe("backup.changed");
    expect(await holdfast.db.look.findUniqueOrThrow({ where: { id: lookId } })).toMatchObject({ state: "failed", container: null });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 1, problem: expect.stringContaining("backup.changed") as string });
    expect(await containersOf(runId)).toEqual([]);
  });

  it.each(["own", "foreign"])("shows nothing of a file, %s, that was exchanged after it was compared", async (whose) => {
    await holdfast.db.database.update({ where: { id: databaseId }, data: { image: server.image } });
    const own = await backUp();
    // Two archives of the same rows from one second are the same byte by byte.
    await server.psql("CREATE TABLE of_a_stranger ()");
    const other = await backUp();
    await server.psql("DROP TABLE of_a_stranger");
    const fileOf = async (id: string) => path.join(holdfast.storePath, (await holdfast.db.copy.findFirstOrThrow({ where: { backupId: id } })).key);
    const content = readFileSync(await fileOf(own));
    const upload = () => receiveUpload(holdfast.ctx, { storeId: holdfast.storeId, name: "theirs.dump.zst", modifiedAt: null }, Readable.from([content]), content.length);
    const backupId = whose === "own" ? own : (await upload()).backupId;
    const { lookId, runId } = await startOpenLook(holdfast.ctx, { backupId, databaseId: null, part: null });
    const working = holdfast.work(runId);
    await until("the throwaway server", async () => (await holdfast.db.run.findUniqueOrThrow({ where: { id: runId } })).step === "scratch");
    const file = await fileOf(backupId);
    chmodSync(file, 0o600);
    writeFileSync(file, readFileSync(await fileOf(other)));
    expect((await working).problem?.code).toBe("restore.changed_file");
    expect(await holdfast.db.look.findUniqueOrThrow({ where: { id: lookId } })).toMatchObject({ state: "failed", container: null });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ problem: expect.stringContaining("restore.changed_file") as string });
    expect(await containersOf(runId)).toEqual([]);
  });

  it("is given up where the disk has no room for the backup, and says nothing against it", async () => {
    const backupId = await backUp();
    const { content } = await holdfast.db.manifest.findUniqueOrThrow({ where: { backupId } });
    const manifest = Manifest.parse(JSON.parse(content));
    await holdfast.db.manifest.update({ where: { backupId }, data: { content: JSON.stringify({ ...manifest, database: { ...manifest.database, sizeBytes: 1e15 } }) } });
    const { lookId, runId } = await startOpenLook(holdfast.ctx, { backupId, databaseId: null, part: null });
    expect((await holdfast.work(runId)).problem?.code).toBe("look.too_little_space");
    expect(await holdfast.db.look.findUniqueOrThrow({ where: { id: lookId } })).toMatchObject({ state: "failed" });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
    expect(await containersOf(runId)).toEqual([]);
  });

  it("opens a foreign file under guard", async () => {
    const { stdout } = await server.exec(["pg_dump", "-U", "bimcalc", "-d", "bimcalc"]);
    const content = Buffer.from(`${stdout}\\! touch /tmp/pwned\n`);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { image: server.image } });
    const { backupId } = await receiveUpload(holdfast.ctx, { storeId: holdfast.storeId, name: "bimcalc.sql", modifiedAt: null }, Readable.from([content]), content.length);
    // Loading what is from elsewhere is for those who may take it in.
    const operator = { ...holdfast.ctx, actor: { ...holdfast.ctx.actor, role: "operator" as const } } as typeof holdfast.ctx;
    await expect(startOpenLook(operator, { backupId, databaseId: null, part: null })).rejects.toMatchObject({ code: "auth.forbidden" });
    const { lookId, contents } = await open(backupId);
    expect(contents.notes).toEqual(["Left out, psql command: \\! touch /tmp/pwned"]);
    expect((await ask(lookId, { kind: "table", schema: "pricing", name: 'we"ird; name', page: 1 })).answer?.rows).toHaveLength(50);
    expect((await ask(lookId, "SELECT count(*) FROM secret")).answer?.rows).toEqual([["2"]]);
    expect((await ask(lookId, "DELETE FROM secret")).run.problem?.toolOutput).toMatch("read-only");
    expect((await ask(lookId, "SET ROLE bimcalc")).run.problem?.toolOutput).toMatch("permission denied");
  });
});
