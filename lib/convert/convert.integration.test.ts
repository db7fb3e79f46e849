import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Manifest } from "@/lib/backup/schemas";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { engine } from "@/lib/testing/engine";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { Readable } from "node:stream";
import { receiveUpload } from "@/lib/upload/receive";
import { FileInspection } from "./schemas";
import { startConvert, startInspectForeign } from "./start";

const schema = `
CREATE ROLE alice NOLOGIN;
CREATE ROLE "Bob, the 2nd" NOLOGIN;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm SCHEMA public;
CREATE SCHEMA pricing AUTHORIZATION alice;
CREATE TABLE public.vendors (id serial PRIMARY KEY, name text NOT NULL, extra hstore, CHECK (length(name) > 0));
CREATE INDEX ON public.vendors USING gin (name gin_trgm_ops);
CREATE TABLE pricing.items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, vendor_id int REFERENCES public.vendors, price numeric(12, 2), note text);
ALTER TABLE pricing.items OWNER TO "Bob, the 2nd";
CREATE TABLE pricing."we""ird; \\! name" (id int, "Ünï" text);
CREATE VIEW pricing.cheap AS SELECT * FROM pricing.items WHERE price < 10;
CREATE MATERIALIZED VIEW pricing.totals AS SELECT vendor_id, sum(price) AS total FROM pricing.items GROUP BY 1;
CREATE FUNCTION pricing.add(a int, b int) RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN a + b; -- ; \\connect nowhere
END $body$;
ALTER TABLE public.vendors ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON public.vendors TO alice USING (name = current_user);
GRANT SELECT ON pricing.items TO alice;
GRANT USAGE ON SCHEMA pricing TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE alice IN SCHEMA pricing GRANT SELECT ON TABLES TO PUBLIC;
INSERT INTO vendors (name, extra) SELECT 'Vendor ' || g, hstore('n', g::text) FROM generate_series(1, 50) g;
INSERT INTO pricing.items (vendor_id, price, note) SELECT 1 + g % 50, g / 7.0, E'line\\\\. \\n\\\\! touch /tmp/x' || g FROM generate_series(1, 5000) g;
INSERT INTO pricing."we""ird; \\! name" VALUES (1, E'\\\\.');
SELECT lo_from_bytea(4711, 'a large object');
REFRESH MATERIALIZED VIEW pricing.totals;
COMMENT ON TABLE public.vendors IS 'who sells; \\connect x';
`;

/** Everything that a live server could have noticed of us: a query, a session, a file. */
async function traces(server: PostgresContainer): Promise<string> {
  const { StartedAt } = (await engine.getContainer(server.id).inspect()).State;
  const commits = await server.psql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'holdfast%'");
  const changes = ((await engine.getContainer(server.id).changes()) as { Path: string }[] | null)?.map((one) => one.Path).filter((file) => file.startsWith("/tmp") || file.startsWith("/etc")).sort().join() ?? "";
  const log = (await engine.getContainer(server.id).logs({ stdout: true, stderr: true })).toString();
  return JSON.stringify([StartedAt, commits, changes, /holdfast|pwned|alice/i.test(log)]);
}

/** Of this installation alone: other tests have servers of their own at the same time. */
async function scratchLeft({ worker }: TestHoldfast): Promise<number> {
  const label = [`holdfast.scratch=${worker.installation}`];
  const [containers, volumes] = await Promise.all([engine.listContainers({ all: true, filters: { label } }), engine.listVolumes({ filters: JSON.stringify({ label }) })]);
  return containers.length + (volumes.Volumes?.length ?? 0);
}

// The oldest and the newest: what differs between versions lies in the tools, and these have both ends of it.
describe.each([13, 18] as const)("a foreign file on PostgreSQL %i", { timeout: 300_000 }, (major) => {
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
    // As a test of access would have remembered it.
    await holdfast.db.database.update({ where: { id: databaseId }, data: { image: server.image, serverVersion: String(major) } });
  });
  afterEach(async () => {
    await holdfast.close();
    expect(await scratchLeft(holdfast)).toBe(0);
  });

  async function dump(...options: string[]): Promise<Buffer> {
    const target = "/tmp/foreign-dump";
    const { exitCode, stderr } = await server.exec(["sh", "-c", `rm -rf ${target}; "$@" > ${target}`, "dump", ...options]);
    if (exitCode !== 0) throw new Error(stderr);
    const { stdout } = await server.exec(["base64", "-w0", target]);
    await server.exec(["rm", "-rf", target]);
    return Buffer.from(stdout, "base64");
  }

  async function upload(name: string, content: Buffer): Promise<string> {
    return (await receiveUpload(holdfast.ctx, { storeId: holdfast.storeId, name, modifiedAt: Date.parse("2026-08-01T00:00:00Z") }, Readable.from([content], { objectMode: false }), content.length)).backupId;
  }

  async function convert(backupId: string, part: string | null = null) {
    const { runId } = await startConvert(holdfast.ctx, { backupId, databaseId, part });
    return holdfast.work(runId);
  }

  async function fingerprint(): Promise<Manifest> {
    const run = await holdfast.backUp(databaseId);
    return Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? ""));
  }

  const facts = (manifest: Manifest) => ({
    tables: manifest.tables.map(({ schema: s, name, kind, rows }) => [s, name, kind, rows]),
    sequences: manifest.sequences,
    extensions: manifest.extensions.map(({ name, schema: s }) => [name, s]),
    // The superusers of the two servers have different names, and before 15 theirs is the schema public.
    roles: manifest.roles.filter((role) => role !== "bimcalc" && role !== "postgres"),
    largeObjects: manifest.largeObjects,
    schemaFingerprint: manifest.schemaFingerprint,
  });

  const pgDump = ["pg_dump", "-U", "bimcalc", "-d", "bimcalc"];
  it.each([
    ["bimcalc_postgres_backup_20260901_020000.sql.gz", pgDump, true],
    ["plain.sql", [...pgDump, "-C"], false],
    ["clean.sql", [...pgDump, "--clean"], false],
    ["inserts.sql", [...pgDump, "--inserts", "--clean", "--if-exists"], false],
    ["archive.dump", [...pgDump, "-Fc"], false],
    ["packed.dump.zst", ["sh", "-c", "pg_dump -U bimcalc -d bimcalc -Fc -Z0 | zstd -q"], false],
    ["form.tar", [...pgDump, "-Ft"], false],
    ["all.sql.gz", ["pg_dumpall", "-U", "bimcalc"], true],
  ])("named %s becomes a backup that is equal to its source, and asks no live server", async (name, argv, packed) => {
    const content = await dump(...argv);
    const before = await traces(server);
    const backupId = await upload(name, packed ? gzipSync(content) : content);
    const run = await convert(backupId);
    expect(run.problem).toBeNull();
    expect(await traces(server)).toBe(before);
    const converted = await holdfast.db.backup.findFirstOrThrow({ where: { convertedFromId: backupId }, include: { manifest: true, copies: true } });
    expect(converted).toMatchObject({ origin: "holdfast", rung: 3, databaseId, label: `converted from ${name}`, rows: 5051n });
    expect(run.backupId).toBe(converted.id);
    const foreign = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } });
    // As old as the file says, not as young as its conversion.
    expect(converted.takenAt).toEqual(foreign.takenAt);
    const manifest = Manifest.parse(JSON.parse(converted.manifest?.content ?? ""));
    const source = await fingerprint();
    expect(facts(manifest)).toEqual(facts(source));
    expect(manifest.warnings).toEqual([]);
    // Nothing of the throwaway server is in the dump.
    const restored = await restoredOwners(path.join(holdfast.storePath, converted.copies[0]?.key ?? ""));
    expect(restored).toEqual(await owners("bimcalc"));
  });

  async function owners(database: string): Promise<string> {
    return server.psql(
      `SELECT n.nspname, c.relname, c.relkind, c.relowner::regrole, c.relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'pricing') AND c.relkind IN ('r', 'v', 'm', 'S') ORDER BY 1, 2;
       SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname IN ('public', 'pricing') ORDER BY 1;
       SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl; SELECT polname, polroles::regrole[] FROM pg_policy; SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM pricing.items t; SELECT lomowner::regrole FROM pg_largeobject_metadata;`,
      { database },
    );
  }

  async function restoredOwners(file: string): Promise<string> {
    await server.psql("DROP DATABASE IF EXISTS converted", { database: "postgres" });
    await server.psql("CREATE DATABASE converted TEMPLATE template0", { database: "postgres" });
    const { exitCode, stderr } = await server.exec(["sh", "-c", `base64 -d | zstd -dc | pg_restore -U bimcalc --exit-on-error -d converted`], { input: readFileSync(file).toString("base64") });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    const found = await owners("converted");
    await server.psql("DROP DATABASE converted", { database: "postgres" });
    return found;
  }

  it("says that what a restore of tables kept is left out, and keeps a person's schema whose name only begins alike", async () => {
    await server.psql("CREATE SCHEMA holdfast_restore_r7; CREATE TABLE holdfast_restore_r7.staged_1 AS SELECT 1 AS id; CREATE SCHEMA holdfast_restore_remarks; CREATE TABLE holdfast_restore_remarks.notes AS SELECT generate_series(1, 3) AS id");
    try {
      const backupId = await upload("kept.sql", await dump(...pgDump));
      const run = await convert(backupId);
      expect(run.problem).toBeNull();
      const { manifest: stored } = await holdfast.db.backup.findFirstOrThrow({ where: { convertedFromId: backupId }, include: { manifest: true } });
      const manifest = Manifest.parse(JSON.parse(stored?.content ?? ""));
      expect(manifest.warnings).toEqual(["Left out of kept.sql, rows that a restore of tables had kept for a while: schema holdfast_restore_r7"]);
      expect(manifest.tables.find(({ schema: s }) => s === "holdfast_restore_remarks")).toMatchObject({ name: "notes", rows: 3 });
      const own = await holdfast.backUp(databaseId);
      const { exitCode, stdout } = await server.exec(["sh", "-c", "base64 -d | zstd -dc | pg_restore --list"], { input: readFileSync(path.join(holdfast.storePath, own.backup?.copies[0]?.key ?? "")).toString("base64") });
      expect([exitCode, stdout.includes("holdfast_restore_r7"), stdout.includes("holdfast_restore_remarks notes")]).toEqual([0, false, true]);
    } finally {
      await server.psql("DROP SCHEMA holdfast_restore_r7, holdfast_restore_remarks CASCADE");
    }
  });

  it("is looked through first: what is in it, and what it should not do", async () => {
    const content = Buffer.concat([await dump(...pgDump), Buffer.from("\\! touch /tmp/pwned\nCOPY public.vendors FROM PROGRAM 'id';\n")]);
    const { runId } = await startInspectForeign(holdfast.ctx, { backupId: await upload("x.sql", content) });
    const run = await holdfast.work(runId);
    expect(run.problem).toBeNull();
    const found = FileInspection.parse(JSON.parse(run.result ?? ""));
    expect(found.sha256).toBe(createHash("sha256").update(content).digest("hex"));
    expect(found.parts).toMatchObject([{ databaseName: null, rows: 5051, isWhole: true, roles: ["Bob, the 2nd", "alice", "bimcalc"] }]);
    expect(found.findings.map((finding) => finding.kind)).toEqual(["shell", "program"]);
  });

  it("that was cut short, changed on the disk, or is no archive is refused by name and leaves nothing", async () => {
    const plain = await dump(...pgDump);
    const cut = await convert(await upload("cut.sql.gz", gzipSync(plain.subarray(0, plain.length * 0.6))));
    expect(cut.problem?.code).toBe("backup.truncated");
    const archive = await dump(...pgDump, "-Fc");
    expect((await convert(await upload("cut.dump", archive.subarray(0, archive.length * 0.6)))).problem?.code).toBe("convert.unreadable");
    const whole = gzipSync(plain);
    const backupId = await upload("changed.sql.gz", whole);
    writeFileSync(path.join(holdfast.storePath, "changed.sql.gz"), gzipSync(Buffer.concat([gunzipSync(whole), Buffer.from("-- more\n")])));
    expect((await convert(backupId)).problem?.code).toBe("backup.changed");
    expect(await holdfast.db.backup.count({ where: { origin: "holdfast" } })).toBe(0);
    expect(holdfast.files()).toEqual(["changed.sql.gz", "cut.dump", "cut.sql.gz"]);
  });
});
