import { createReadStream } from "node:fs";
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startPostgres, testedMajors, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { Manifest } from "./schemas";

/** What befalls the server just before the snapshot is taken, and once what the dump must contain is read. */
const befalls = vi.hoisted(() => ({ beforeSnapshot: (): Promise<unknown> => Promise.resolve(), afterCount: (): Promise<unknown> => Promise.resolve() }));
vi.mock("./manifest", async (original) => {
  const real = await original<typeof import("./manifest")>();
  return {
    ...real,
    takeSnapshot: (...given: Parameters<typeof real.takeSnapshot>) => befalls.beforeSnapshot().then(() => real.takeSnapshot(...given)),
    readManifest: async (...given: Parameters<typeof real.readManifest>) => {
      const manifest = await real.readManifest(...given);
      await befalls.afterCount();
      return manifest;
    },
  };
});

const schema = `
CREATE SCHEMA pricing;
CREATE TABLE public.vendors (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE pricing.price_items (id bigserial PRIMARY KEY, vendor_id int REFERENCES public.vendors, name text, price numeric(12, 2), attributes jsonb);
CREATE TABLE public."we""ird; name" (id int, "Ünïcode" text);
CREATE VIEW public.cheap AS SELECT * FROM pricing.price_items WHERE price < 10;
INSERT INTO vendors (name) SELECT 'Vendor ' || g FROM generate_series(1, 50) g;
INSERT INTO pricing.price_items (vendor_id, name, price, attributes) SELECT 1 + g % 50, 'Item ' || g, g / 7.0, json_build_object('n', g) FROM generate_series(1, 20000) g;
INSERT INTO public."we""ird; name" SELECT g, 'ä' || g FROM generate_series(1, 7) g;
-- A table named like a sequence, with a row that reads like that sequence's value.
CREATE TABLE pricing.vendors_id_seq (words text);
INSERT INTO pricing.vendors_id_seq VALUES ('SELECT pg_catalog.setval(''public.vendors_id_seq'', 7, true);');
`;

const sequences = [
  { schema: "pricing", name: "price_items_id_seq", value: "20000" },
  { schema: "public", name: "vendors_id_seq", value: "50" },
];

describe.each(testedMajors)("a backup of PostgreSQL %i", (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;

  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", database: "bimcalc" });
    await server.psql(schema);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    holdfast = await testHoldfast();
  });
  afterEach(() => holdfast.close());

  /** Restores a stored custom dump the way its page says, without Holdfast, and counts. */
  async function restoredCounts(file: string, tables: string[]): Promise<string[]> {
    const name = `restored_${Date.now()}`;
    await server.psql(`CREATE DATABASE ${name}`, { database: "postgres" });
    const docker = (argv: string[]) => spawn("docker", ["exec", "-i", server.name, ...argv], { stdio: ["pipe", "inherit", "inherit"] });
    const restore = docker(["sh", "-c", 'zstd -dc | pg_restore -U bimcalc --exit-on-error -d "$1"', "restore", name]);
    createReadStream(file).pipe(restore.stdin);
    const code = await new Promise((resolve) => restore.on("close", resolve));
    expect(code).toBe(0);
    const counts = await Promise.all(tables.map((table) => server.psql(`SELECT count(*) FROM ${table}`, { database: name })));
    await server.psql(`DROP DATABASE ${name}`, { database: "postgres" });
    return counts;
  }

  it("is stored, intact and readable, and says exactly what it holds", async () => {
    const run = await holdfast.backUp(await holdfast.protect(server));
    expect(run.problem).toBeNull();
    expect(run.status).toBe("succeeded");
    expect(run.backup).toMatchObject({ rung: 3, rows: 20058n, tables: 4, format: "custom", problem: null });
    const manifest = Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? ""));
    expect(manifest.tables.map(({ schema: s, name, rows }) => [s, name, rows])).toEqual([
      ["pricing", "price_items", 20000],
      ["pricing", "vendors_id_seq", 1],
      ["public", "cheap", null],
      ["public", "vendors", 50],
      ["public", 'we"ird; name', 7],
    ]);
    expect(manifest.sequences).toEqual(sequences);
    expect(holdfast.files().map((name) => name.replace(/\d{8}_\d{6}/, "T"))).toEqual([
      "bimcalc_postgres_backup_T.dump.zst",
      "bimcalc_postgres_backup_T.dump.zst.json",
      "bimcalc_postgres_backup_T.dump.zst.roles.sql",
    ]);
  });

  it("carries the counts its dump restores to while rows are being inserted", async () => {
    const id = await holdfast.protect(server);
    let go = true;
    const inserting = (async () => {
      while (go) await server.psql("INSERT INTO pricing.price_items (vendor_id, name) SELECT 1, 'late' FROM generate_series(1, 500); DELETE FROM pricing.price_items WHERE id IN (SELECT id FROM pricing.price_items LIMIT 20)");
    })();
    const run = await holdfast.backUp(id);
    go = false;
    await inserting;
    expect(run.problem).toBeNull();
    const manifest = Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? ""));
    const expected = manifest.tables.filter((table) => table.kind === "table").map((table) => String(table.rows));
    const key = run.backup?.copies[0]?.key ?? "";
    expect(await restoredCounts(path.join(holdfast.storePath, key), ["pricing.price_items", "pricing.vendors_id_seq", "vendors", `"we""ird; name"`])).toEqual(expected);
    await server.psql("DELETE FROM pricing.price_items WHERE name = 'late'");
  });

  it("gives no count for a table that was emptied between its count and its dump", async () => {
    await server.psql("CREATE TABLE staging_items AS SELECT generate_series(1, 300) AS id");
    // The roles are dumped in between, and what alone reads this catalogue can be made to wait there.
    const gate = server.psql("BEGIN; LOCK TABLE pg_catalog.pg_shseclabel IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)").catch(() => undefined);
    const open = () => server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()");
    const held = (isGranted: boolean) => server.psql(`SELECT count(*) FROM pg_locks WHERE relation = 'pg_catalog.pg_shseclabel'::regclass AND granted = ${isGranted}`);
    try {
      await expect.poll(() => held(true), { timeout: 20_000 }).toBe("1");
      const backup = holdfast.backUp(await holdfast.protect(server));
      await expect.poll(() => held(false), { timeout: 40_000 }).toBe("1");
      await server.psql("TRUNCATE staging_items");
      await open();
      const run = await backup;
      expect(run.problem).toBeNull();
      const manifest = Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? ""));
      const rows = Object.fromEntries(manifest.tables.map((table) => [table.name, table.rows]));
      expect(rows).toMatchObject({ staging_items: null, vendors: 50, price_items: expect.any(Number) as number });
      expect(run.backup?.rows).toBeNull();
      expect(manifest.warnings.join()).toContain("public.staging_items was emptied or rewritten between the snapshot and its dump");
      expect(run.events.some((event) => event.type === "warning" && event.message.includes("staging_items"))).toBe(true);
    } finally {
      await open();
      await gate;
      await server.psql("DROP TABLE staging_items");
    }
  });

  it("gives no count either where the table was made just before the snapshot, and says nothing of one that was emptied before it", async () => {
    await server.psql("CREATE TABLE early_items AS SELECT generate_series(1, 300) AS id");
    vi.spyOn(befalls, "beforeSnapshot").mockImplementationOnce(() => server.psql("CREATE TABLE late_items AS SELECT generate_series(1, 300) AS id; TRUNCATE early_items"));
    vi.spyOn(befalls, "afterCount").mockImplementationOnce(() => server.psql("TRUNCATE late_items"));
    try {
      const run = await holdfast.backUp(await holdfast.protect(server));
      expect(run.problem).toBeNull();
      const manifest = Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? ""));
      expect(Object.fromEntries(manifest.tables.map((table) => [table.name, table.rows]))).toMatchObject({ late_items: null, early_items: 0, vendors: 50 });
      expect(manifest.warnings).toEqual([expect.stringMatching(/^public\.late_items was emptied/)]);
    } finally {
      await server.psql("DROP TABLE early_items; DROP TABLE IF EXISTS late_items");
    }
  });

  it.each(["plain", "directory"] as const)("works in the %s format", async (format) => {
    const id = await holdfast.protect(server, { options: { format, jobs: 2 } });
    const run = await holdfast.backUp(id);
    expect(run.problem).toBeNull();
    expect(run.backup).toMatchObject({ rung: 3, format });
    // Inserting into the first one moves it on; the second must keep its value whatever the rows say.
    expect(Manifest.parse(JSON.parse(run.backup?.manifest?.content ?? "")).sequences[1]).toEqual(sequences[1]);
    expect(await server.exec(["sh", "-c", "ls -d /tmp/holdfast-*"])).toMatchObject({ stdout: "" });
  });
});
