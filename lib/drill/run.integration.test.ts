import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupProblem, Manifest, Sidecar } from "@/lib/backup/schemas";
import type { DumpFormat } from "@/lib/databases/schemas";
import { defaultBackupOptions } from "@/lib/databases/schemas";
import { findEngine } from "@/lib/docker/engine";
import { listScratch } from "@/lib/postgres/scratch";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type FinishedRun, type TestHoldfast } from "@/lib/testing/holdfast";
import { runErrors } from "@/lib/runs/errors";
import { runTag } from "@/lib/worker/execute";
import { addDrillCheck, removeDrillCheck } from "./manage";
import { readDrill } from "./read";
import type { DrillReport } from "./schemas";
import { startDisasterDrill, startDrill } from "./start";

const seed = `
CREATE ROLE app LOGIN PASSWORD 'not in any file';
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, at timestamptz DEFAULT now(), raw bytea);
INSERT INTO orders (name, raw) SELECT 'order ' || g, decode(md5(g::text), 'hex') FROM generate_series(1, 5000) g;
INSERT INTO orders (name) VALUES (E'tab\\there, line\\nbreak, back\\\\slash, \\\\.'), (NULL), ('');
CREATE TABLE lines (order_id bigint REFERENCES orders, what text) ;
INSERT INTO lines SELECT id, 'apple' FROM orders LIMIT 100;
CREATE TABLE parent (a int, b text);
CREATE TABLE child (c int, b text, a int);
ALTER TABLE child INHERIT parent;
INSERT INTO child SELECT g, 'b' || g, g * 2 FROM generate_series(1, 50) g;
CREATE VIEW totals AS SELECT count(*) AS n FROM orders;
SELECT lo_from_bytea(0, decode(repeat('00ff', 20000), 'hex')), lo_from_bytea(0, 'second');
ALTER TABLE lines OWNER TO app;
`;

let holdfast: TestHoldfast;
beforeAll(async () => {
  holdfast = await testHoldfast();
});
afterAll(() => holdfast.close());

async function drill(backupId: string): Promise<{ run: FinishedRun; report: DrillReport; outcome: string | null }> {
  const { runId } = await startDrill(holdfast.ctx, { backupId });
  const run = await holdfast.work(runId);
  const row = await holdfast.db.drill.findUniqueOrThrow({ where: { runId } });
  const { report, outcome } = await readDrill(holdfast.ctx, { drillId: row.id });
  if (!report) throw new Error("the drill left no report");
  expect(await listScratch(await findEngine(), runTag(holdfast.worker.installation, runId))).toEqual([]);
  return { run, report, outcome };
}

async function backUp(databaseId: string, format: DumpFormat = "custom"): Promise<{ backupId: string; key: string }> {
  const run = await holdfast.backUp(databaseId, { options: { ...defaultBackupOptions, format } });
  expect(run.problem).toBeNull();
  const [copy] = run.backup?.copies ?? [];
  if (!run.backup || !copy) throw new Error("no backup");
  return { backupId: run.backup.id, key: copy.key };
}

const of = (report: DrillReport, id: DrillReport["checks"][number]["id"]) => report.checks.filter((check) => check.id === id);

/** Changes a plain backup's SQL and what is on record of the file, so that only what it restores to can give it away. */
async function rewrite({ backupId, key }: { backupId: string; key: string }, change: (sql: string) => string): Promise<void> {
  const file = path.join(holdfast.storePath, key);
  const before = gunzipSync(readFileSync(file)).toString("latin1");
  const after = change(before);
  expect(after).not.toBe(before);
  const bytes = gzipSync(Buffer.from(after, "latin1"));
  writeFileSync(file, bytes);
  await holdfast.db.copy.updateMany({ where: { backupId }, data: { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: BigInt(bytes.length) } });
}

describe.each([15, 18] as const)("a drill on PostgreSQL %s", (major) => {
  let server: PostgresContainer;
  let databaseId: string;
  beforeAll(async () => {
    server = await startPostgres({ major, database: "shop", cmd: ["-c", "TimeZone=Asia/Kathmandu"] });
    await server.psql(seed);
    databaseId = await holdfast.protect(server);
  });
  afterAll(() => server.stop());

  it.each(["custom", "plain", "directory"] as const)("proves a %s backup and leaves nothing behind", async (format) => {
    const { backupId, key } = await backUp(databaseId, format);
    const { run, report, outcome } = await drill(backupId);
    expect(run.problem).toBeNull();
    expect(outcome).toBe("passed");
    expect(report.differences).toEqual([]);
    expect(report.tables, "each of them, as many rows as in the backup").toEqual({ equal: report.compared.tables, counted: [] });
    expect(Object.fromEntries(report.checks.map((check) => [check.id, check.outcome]))).toEqual({
      file: "passed", load: "passed", schema: "passed", rows: "passed", sequences: "passed", extensions: "passed", large_objects: "passed", access: "passed", contents: "passed", amcheck: "passed", clean_up: "passed",
    });
    expect(of(report, "contents")[0]?.detail).toMatch(/^5,153.rows of 4.tables and 2.large objects/);
    expect(report.cleanUp).toMatchObject({ left: 0, volumes: 1 });
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 4, problem: null });
    const sidecar = Sidecar.parse(JSON.parse(readFileSync(path.join(holdfast.storePath, `${key}.json`), "utf8")));
    expect(sidecar.proof.provenAt).not.toBeNull();
    const row = await holdfast.db.drill.findUniqueOrThrow({ where: { runId: run.id } });
    expect(Object.keys(JSON.parse(row.phases ?? "{}") as object).sort()).toEqual(["checks", "cleanUp", "compare", "fetch", "restore", "start"]);
    expect(row.totalMs).toBeGreaterThan(0);
  });
});

describe("a drill that does not pass", () => {
  let server: PostgresContainer;
  let databaseId: string;
  beforeAll(async () => {
    server = await startPostgres({ database: "shop" });
    await server.psql("CREATE TABLE orders (id int PRIMARY KEY, name text); INSERT INTO orders SELECT g, 'Zürich ' || g FROM generate_series(1, 500) g; CREATE TABLE other (id int); INSERT INTO other VALUES (1), (2);");
    databaseId = await holdfast.protect(server);
  });
  afterAll(() => server.stop());

  const end = "-- PostgreSQL database dump complete";
  it.each<[string, (sql: string) => string, RegExp]>([
    ["one row is another one, and every count is right", (sql) => sql.replace(end, () => `UPDATE public.orders SET name = 'Zurich 7' WHERE id = 7;\n${end}`), /public\.orders has other rows/],
    ["the text was read in another encoding", (sql) => sql.replace("SET client_encoding = 'UTF8';", "SET client_encoding = 'LATIN1';"), /public\.orders has other rows/],
    ["a row is missing", (sql) => sql.replace(/^17\t.*\n/m, ""), /public\.orders has 499 rows instead of 500/],
    ["a table is missing", (sql) => sql.replace(end, () => `DROP TABLE public.other;\n${end}`), /public\.other is missing/],
  ])("names the table when %s, and the backup is not counted on any more", async (_, change, message) => {
    const backup = await backUp(databaseId, "plain");
    await rewrite(backup, change);
    const { run, report, outcome } = await drill(backup.backupId);
    expect(outcome).toBe("failed");
    expect(run).toMatchObject({ status: "failed", problem: { code: "drill.differs" } });
    expect(run.problem?.message).toMatch(message);
    expect(report.differencesTotal).toBeGreaterThan(0);
    expect(report.tables, "none of them is called equal").toBeNull();
    const row = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backup.backupId } });
    expect(row).toMatchObject({ rung: 3, provenAt: null });
    expect(BackupProblem.parse(JSON.parse(row.problem ?? "null"))).toMatchObject({ rung: "proven", code: "drill.differs" });
  });

  it("fails when the stored file was changed, before anything is made of it", async () => {
    const { backupId, key } = await backUp(databaseId);
    const file = path.join(holdfast.storePath, key);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { run, report, outcome } = await drill(backupId);
    expect([outcome, run.problem?.code, report.image]).toEqual(["failed", "backup.changed", null]);
    expect((await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).rung).toBe(1);
  });

  it("proves nothing where the definitions cannot be compared: described in an older way, or the image has become another version", async () => {
    const { backupId } = await backUp(databaseId);
    const { content } = await holdfast.db.manifest.findUniqueOrThrow({ where: { backupId } });
    const manifest = Manifest.parse(JSON.parse(content));
    const older = { ...manifest, schemaFingerprint: manifest.schemaFingerprint.replace(/^\d+:/, "1:") };
    const moved = { ...manifest, server: { ...manifest.server, version: "14.9", versionNumber: 140_009 } };
    for (const [changed, code] of [[older, "drill.schema_not_compared"], [moved, "drill.other_version"]] as const) {
      await holdfast.db.manifest.update({ where: { backupId }, data: { content: JSON.stringify(changed) } });
      const { run, outcome } = await drill(backupId);
      expect([outcome, run.problem?.code]).toEqual(["inconclusive", code]);
    }
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
  });

  it("fails where the file switches row-level security off, or takes a comment away: every row is equal", async () => {
    await server.psql("CREATE TABLE secret (id int); ALTER TABLE secret ENABLE ROW LEVEL SECURITY; COMMENT ON TABLE secret IS 'whose it is';");
    for (const change of ["ALTER TABLE public.secret DISABLE ROW LEVEL SECURITY", "COMMENT ON TABLE public.secret IS NULL"]) {
      const backup = await backUp(databaseId, "plain");
      await rewrite(backup, (sql) => sql.replace(end, () => `${change};\n${end}`));
      const { run, report, outcome } = await drill(backup.backupId);
      expect([outcome, run.problem?.code, report.differences.map(({ what }) => what)]).toEqual(["failed", "drill.differs", ["schema"]]);
    }
    await server.psql("DROP TABLE secret");
  });

  it("compares the definitions of a backup that leaves tables out, except what may have gone with them", async () => {
    await server.psql(`
      CREATE TABLE logs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, serial serial, of_order int REFERENCES orders, what text CHECK (what <> ''));
      COMMENT ON TABLE logs IS 'left out'; CREATE INDEX ON logs (what); CREATE STATISTICS of_logs ON of_order, what FROM logs; ALTER TABLE logs ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON logs USING (true);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER noted BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION note(); CREATE PUBLICATION lines FOR TABLE logs, orders;
      CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parts FOR VALUES IN (1); CREATE INDEX ON parts (id); CREATE VIEW of_logs_view AS SELECT * FROM logs;`);
    const without = async (excludeTables: string[], format: DumpFormat = "plain") => {
      const made = await holdfast.backUp(databaseId, { options: { ...defaultBackupOptions, format, excludeTables } });
      expect(made.problem).toBeNull();
      return { backupId: made.backup?.id ?? "", key: made.backup?.copies[0]?.key ?? "" };
    };
    const whole = await drill((await without(["logs", "of_logs_view", "part*"], "custom")).backupId);
    expect([whole.run.problem, whole.report.differences, of(whole.report, "schema")[0]?.outcome]).toEqual([null, [], "passed"]);
    expect(whole.report.compared.notCompared.join()).toContain("The definitions of sequences");
    const changed = await without(["logs", "of_logs_view", "part*"]);
    await rewrite(changed, (sql) => sql.replace(end, () => `ALTER TABLE public.orders ALTER name SET DEFAULT 'x';\n${end}`));
    expect((await drill(changed.backupId)).run.problem?.code).toBe("drill.differs");
    // A partition is dumped with its parent's name, so it does not load without it.
    expect((await drill((await without(["parts"])).backupId)).run.problem?.code).toBe("drill.not_loadable");
    await server.psql("DROP PUBLICATION lines; DROP VIEW of_logs_view; DROP TABLE logs, parts; DROP FUNCTION note;");
  });

  it("fails with the error when the file does not load", async () => {
    const backup = await backUp(databaseId, "plain");
    await rewrite(backup, (sql) => sql.replace(end, () => `SELECT 1 / 0;\n${end}`));
    const { run, outcome } = await drill(backup.backupId);
    expect([outcome, run.problem?.code]).toEqual(["failed", "drill.not_loadable"]);
    expect(run.problem?.toolOutput).toContain("division by zero");
  });

  it("fails on an own check and says what came instead; the backup itself is not blamed", async () => {
    const { checkId: right } = await addDrillCheck(holdfast.ctx, { databaseId, name: "Five hundred orders", query: "SELECT count(*), 'x' FROM orders", expected: "500\tx\n" });
    holdfast.clock.advance(1_000);
    const { checkId: wrong } = await addDrillCheck(holdfast.ctx, { databaseId, name: "Nobody is called so", query: "SELECT name FROM orders WHERE id = 1", expected: "nobody" });
    holdfast.clock.advance(1_000);
    const { checkId: writing } = await addDrillCheck(holdfast.ctx, { databaseId, name: "Only reads", query: "DELETE FROM orders", expected: "" });
    const { backupId } = await backUp(databaseId);
    const { run, report, outcome } = await drill(backupId);
    for (const checkId of [right, wrong, writing]) await removeDrillCheck(holdfast.ctx, { checkId });
    expect([outcome, run.problem?.code]).toEqual(["failed", "drill.own_check"]);
    expect(of(report, "own").map((check) => [check.title, check.outcome, check.got])).toEqual([
      ["Five hundred orders", "passed", "500\tx"],
      ["Nobody is called so", "failed", "Zürich 1"],
      ["Only reads", "failed", expect.stringContaining("read-only transaction")],
    ]);
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
  });

  it("names what failed behind the data", async () => {
    await server.psql("CREATE FUNCTION helper(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower($1)'; CREATE FUNCTION norm(t text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN helper(t); END'; CREATE INDEX by_norm ON orders (norm(name));");
    const { backupId } = await backUp(databaseId);
    const { run, report, outcome } = await drill(backupId);
    await server.psql("DROP INDEX by_norm");
    expect([outcome, run.problem?.code]).toEqual(["failed", "drill.incomplete"]);
    expect(report.failures.join()).toContain("by_norm");
  });

  it("is inconclusive when pg_amcheck is there and cannot look", async () => {
    await server.psql("CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not here'; END $$; CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION refuse();");
    const { backupId } = await backUp(databaseId);
    const { run, report, outcome } = await drill(backupId);
    await server.psql("DROP EVENT TRIGGER refuse; DROP FUNCTION refuse;");
    expect([outcome, run.problem?.code, of(report, "amcheck")[0]?.outcome]).toEqual(["inconclusive", "drill.amcheck_ended", "skipped"]);
    expect(run.problem?.toolOutput).toContain("not here");
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
  });

  it("is inconclusive when the image is gone; the backup keeps its rung", async () => {
    const { backupId } = await backUp(databaseId);
    const row = await holdfast.db.manifest.findUniqueOrThrow({ where: { backupId } });
    const manifest = JSON.parse(row.content) as { server: { image: string; version: string } };
    await holdfast.db.manifest.update({ where: { backupId }, data: { content: JSON.stringify({ ...manifest, server: { ...manifest.server, image: "nowhere/none:1", version: "12.9" } }) } });
    const { run, outcome } = await drill(backupId);
    expect([outcome, run.status, run.problem?.code]).toEqual(["inconclusive", "failed", "postgres.no_image"]);
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 3, problem: null });
  });

  it("is inconclusive when it is cancelled, and leaves nothing", async () => {
    const { backupId } = await backUp(databaseId);
    const { runId } = await startDrill(holdfast.ctx, { backupId });
    const stop = new AbortController();
    const working = holdfast.work(runId, stop.signal);
    const engine = await findEngine();
    const tag = runTag(holdfast.worker.installation, runId);
    while ((await listScratch(engine, tag)).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort(runErrors.stopping({}));
    expect((await working).status).toBe("cancelled");
    expect((await holdfast.db.drill.findUniqueOrThrow({ where: { runId } })).outcome).toBe("inconclusive");
    expect(await listScratch(engine, tag)).toEqual([]);
  });
});

describe("the disaster drill", () => {
  it("takes a fresh backup, loses a copy of production, recovers it and says how long that took", async () => {
    const server = await startPostgres({ database: "shop" });
    try {
      await server.psql("CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 1000);");
      const databaseId = await holdfast.protect(server);
      const { runId } = await startDisasterDrill(holdfast.ctx, { databaseId });
      const run = await holdfast.work(runId);
      expect(run.problem).toBeNull();
      const row = await holdfast.db.drill.findUniqueOrThrow({ where: { runId } });
      const { report, kind, outcome } = await readDrill(holdfast.ctx, { drillId: row.id });
      expect([kind, outcome]).toEqual(["disaster", "passed"]);
      expect(report?.disaster?.steps.map(({ id, outcome: came }) => [id, came])).toEqual([["backup", "done"], ["production", "done"], ["loss", "done"], ["restore", "done"], ["verify", "done"], ["application", "skipped"]]);
      expect(report?.disaster?.rtoMs).toBeGreaterThan(0);
      expect(report?.disaster?.rpoMs).toBeGreaterThan(0);
      expect(report?.cleanUp?.containers).toHaveLength(2);
      expect(report?.cleanUp?.left).toBe(0);
      expect(run.backup).toMatchObject({ rung: 4 });
      expect(await server.psql("SELECT count(*) FROM orders")).toBe("1000");
    } finally {
      await server.stop();
    }
  });
});
