import { readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareWithManifest } from "@/lib/backup/compare";
import { Manifest } from "@/lib/backup/schemas";
import { readFileName } from "@/lib/backup/names";
import { findEngine, type Engine } from "@/lib/docker/engine";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { storeErrors } from "@/lib/stores/errors";
import { readStored } from "@/lib/stores/local";
import { decodeArchive } from "./decode";
import { loadArchive, type StoredArchive } from "./load";
import { dropDatabase, oidOf } from "./maintenance";
import { connect, withDatabase, type Server } from "./server";

const signal = new AbortController().signal;

describe("loading a stored backup", () => {
  let postgres: PostgresContainer;
  let holdfast: TestHoldfast;
  let databaseId: string;
  let engine: Engine;

  beforeAll(async () => {
    [postgres, holdfast, engine] = await Promise.all([startPostgres({ major: 15, database: "shop" }), testHoldfast(), findEngine()]);
    await postgres.psql(`
      CREATE TABLE items (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE);
      INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 500) n;
      CREATE FUNCTION double(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
      CREATE VIEW doubled AS SELECT double(id) AS id FROM items;`);
    databaseId = await holdfast.protect(postgres);
  });
  afterAll(async () => {
    await Promise.all([postgres.stop(), holdfast.close()]);
  });

  async function load(options: { format: "custom" | "plain" | "directory"; jobs: number; indexJobs?: number; layDownBytes?: number; into: string }): Promise<{ server: Server; manifest: Manifest; failures: string[] }> {
    const { backup } = await holdfast.backUp(databaseId, { options: { format: options.format } });
    const [copy] = backup?.copies ?? [];
    const named = readFileName(copy?.key ?? "");
    if (!copy || !named) throw new Error("the backup was not stored");
    await postgres.psql(`CREATE DATABASE ${options.into} TEMPLATE template0`);
    const store = { name: "local-disk", path: holdfast.storePath };
    const archive: StoredArchive = { ...named, open: async () => (await readStored(store, copy.key)).stream };
    const server = withDatabase(await connect(engine, { container: postgres.id, role: "postgres", database: "shop" }, { tag: "load-test" }), options.into);
    const { failures } = await loadArchive(server, archive, { jobs: options.jobs, ...(options.indexJobs ? { indexJobs: options.indexJobs } : {}), ...(options.layDownBytes ? { layDownBytes: options.layDownBytes } : {}) }, signal);
    return { server, manifest: Manifest.parse(JSON.parse(backup?.manifest?.content ?? "")), failures };
  }

  it.each([
    { format: "custom", jobs: 1 },
    { format: "custom", jobs: 2 },
    { format: "directory", jobs: 2 },
    { format: "plain", jobs: 1 },
  ] as const)("restores $format with $jobs jobs to what the manifest says", async ({ format, jobs }) => {
    const { server, manifest, failures } = await load({ format, jobs, into: `${format}_${jobs}` });
    expect(failures).toEqual([]);
    expect(await compareWithManifest(server, manifest, signal)).toMatchObject({ differences: [], notCompared: [], tables: [{ name: "items", rows: 500 }] });
    expect((await postgres.exec(["sh", "-c", "ls -d /tmp/holdfast-* 2>/dev/null || true"])).stdout).toBe("");
  });

  it("asks for no parallel workers, for whose memory the 64 MB of a container are too little", async () => {
    await postgres.psql("CREATE MATERIALIZED VIEW workers AS SELECT current_setting('max_parallel_workers_per_gather') || current_setting('max_parallel_maintenance_workers') AS n");
    for (const way of [{ format: "custom", jobs: 2 }, { format: "plain", jobs: 1 }] as const) {
      const { failures } = await load({ ...way, into: "serial" });
      expect([failures, await postgres.psql("SELECT n FROM workers", { database: "serial" })]).toEqual([[], "00"]);
      await postgres.psql("DROP DATABASE serial");
    }
    await postgres.psql("DROP MATERIALIZED VIEW workers");
  });

  it("loads with several jobs what lies in the container, its head alone or all of it, and streams where there is no room for that or it is longer than it may be", async () => {
    for (const [round, isFull] of [false, true].entries()) {
      // A file where the directory would be made.
      if (isFull) await postgres.exec(["sh", "-c", "mv /tmp /tmp_away && touch /tmp"]);
      try {
        for (const [way, how] of [{ jobs: 1 }, { jobs: 2 }, { jobs: 2, layDownBytes: 4_096 }].entries()) {
          const { server, manifest, failures } = await load({ format: "custom", ...how, indexJobs: 2, into: `headed_${round}_${way}` });
          expect(failures).toEqual([]);
          expect(await compareWithManifest(server, manifest, signal)).toMatchObject({ differences: [], tables: [{ name: "items", rows: 500 }] });
        }
        expect((await postgres.exec(["sh", "-c", "ls -d /tmp/holdfast-* 2>/dev/null || true"])).stdout).toBe("");
      } finally {
        if (isFull) await postgres.exec(["sh", "-c", "rm /tmp && mv /tmp_away /tmp"]);
      }
    }
  });

  it("names what differs from the manifest", async () => {
    const { server, manifest } = await load({ format: "custom", jobs: 1, into: "changed" });
    await postgres.psql("DELETE FROM items WHERE id = 7; DROP VIEW doubled; SELECT setval('items_id_seq', 9);", { database: "changed" });
    const { differences } = await compareWithManifest(server, manifest, signal);
    expect(differences.map(({ what, name, expected, got }) => [what, name, what === "schema" ? "" : `${expected} ${got}`])).toEqual([
      ["rows", "public.items", "500 499"],
      ["sequence", "public.items_id_seq", "500 9"],
      ["schema", "fingerprint of the schema", ""],
      // What is not there any more has no owner either, which names it.
      ["owner", "owner of view public.doubled", "postgres missing"],
    ]);
  });

  it("collects what fails behind the data and keeps the rows", async () => {
    await postgres.psql(`
      CREATE FUNCTION helper(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
      CREATE FUNCTION outer_one(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN helper(t); END';
      CREATE INDEX unqualified ON items (outer_one(name));`);
    const { failures: together } = await load({ format: "custom", jobs: 1, indexJobs: 2, into: "incomplete_together" });
    expect(together).toEqual([expect.stringContaining("CREATE INDEX unqualified")]);
    const { failures } = await load({ format: "custom", jobs: 1, into: "incomplete" });
    await postgres.psql("DROP INDEX unqualified; DROP FUNCTION outer_one, helper;");
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("CREATE INDEX unqualified");
    expect(await postgres.psql("SELECT count(*) FROM items", { database: "incomplete" })).toBe("500");
  });

  it("fails when a row cannot be loaded, and says why", async () => {
    await expect(
      (async () => {
        await postgres.psql("CREATE DOMAIN even AS int CHECK (VALUE % 2 = 0); CREATE TABLE odd (n int); INSERT INTO odd VALUES (2);");
        const { backup } = await holdfast.backUp(databaseId, {});
        const [copy] = backup?.copies ?? [];
        await postgres.psql("CREATE DATABASE occupied TEMPLATE template0");
        await postgres.psql("CREATE TABLE odd (n int)", { database: "occupied" });
        const server = withDatabase(await connect(engine, { container: postgres.id, role: "postgres", database: "shop" }, { tag: "load-test" }), "occupied");
        const named = readFileName(copy?.key ?? "");
        if (!copy || !named) throw new Error("the backup was not stored");
        await loadArchive(server, { ...named, open: async () => (await readStored({ name: "local-disk", path: holdfast.storePath }, copy.key)).stream }, { jobs: 1 }, signal);
      })(),
    ).rejects.toMatchObject({ code: "docker.exec_failed" });
  });

  it("blames the file and not the connection where the disk ends it midway, loaded or decoded", async () => {
    const { backup } = await holdfast.backUp(databaseId, {});
    const [copy] = backup?.copies ?? [];
    const named = readFileName(copy?.key ?? "");
    if (!copy || named?.format !== "custom") throw new Error("the backup was not stored");
    const start = readFileSync(path.join(holdfast.storePath, copy.key)).subarray(0, 1_000);
    const open = () =>
      Promise.resolve(
        Readable.from(
          (function* () {
            yield start;
            throw storeErrors.file_unreadable({ key: copy.key, store: "local-disk", why: "the disk reports an input/output error" });
          })(),
        ),
      );
    await postgres.psql("CREATE DATABASE unread TEMPLATE template0");
    const server = withDatabase(await connect(engine, { container: postgres.id, role: "postgres", database: "shop" }, { tag: "load-test" }), "unread");
    await expect(loadArchive(server, { ...named, open }, { jobs: 1 }, signal)).rejects.toMatchObject({ code: "store.file_unreadable" });
    await expect(decodeArchive(server, { format: "custom", packing: "zstd", open }, { names: [], read: () => Promise.resolve() }, signal)).rejects.toMatchObject({ code: "store.file_unreadable" });
  });

  it("lets plain SQL give psql no commands", async () => {
    await postgres.psql("CREATE DATABASE commanded TEMPLATE template0");
    const server = withDatabase(await connect(engine, { container: postgres.id, role: "postgres", database: "shop" }, { tag: "load-test" }), "commanded");
    const plain = (text: string): StoredArchive => ({ format: "plain", unpack: "gzip", open: () => Promise.resolve(Readable.from([gzipSync(text)])) });
    await expect(loadArchive(server, plain("CREATE TABLE t (n int);\n\\! touch /tmp/ran\n"), { jobs: 1 }, signal)).rejects.toMatchObject({ code: "docker.exec_failed" });
    expect((await postgres.exec(["ls", "/tmp/ran"])).exitCode).not.toBe(0);
    // One that restricts itself can say so only once.
    await loadArchive(server, plain("--\n\\restrict abc\nCOPY t FROM stdin;\n1\n\\.\n\\unrestrict abc\n"), { jobs: 1 }, signal);
    expect(await postgres.psql("SELECT n FROM t", { database: "commanded" })).toBe("1");
  });

  it("drops a database with a subscription that is kept shut", async () => {
    await postgres.psql("CREATE DATABASE subscribed TEMPLATE template0");
    await postgres.psql("CREATE SUBSCRIPTION elsewhere CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = 'of_live')", { database: "subscribed" });
    await postgres.psql("ALTER DATABASE subscribed ALLOW_CONNECTIONS false");
    const server = await connect(engine, { container: postgres.id, role: "postgres", database: "shop" });
    expect(await dropDatabase(server, { name: "subscribed", oid: await oidOf(server, "subscribed") })).toBe(true);
  });

  it("does not lose indexes of partitions between several jobs", async () => {
    const partitions = Array.from({ length: 6 }, (_, n) => `
      CREATE TABLE part_${n} PARTITION OF parts FOR VALUES FROM (${n * 10}) TO (${n * 10 + 10}) PARTITION BY LIST (kind);
      CREATE TABLE part_${n}_a PARTITION OF part_${n} FOR VALUES IN ('a'); CREATE TABLE part_${n}_rest PARTITION OF part_${n} DEFAULT;`);
    await postgres.psql(`CREATE TABLE parts (id int, kind text, name text, PRIMARY KEY (id, kind)) PARTITION BY RANGE (id);${partitions.join("")}
      CREATE INDEX ON parts (name); CREATE INDEX ON parts (lower(name)); CREATE UNIQUE INDEX ON parts (kind, id);
      INSERT INTO parts SELECT n, CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END, 'part ' || n FROM generate_series(0, 59) n;
      CREATE TABLE of_parts (id int, kind text, FOREIGN KEY (id, kind) REFERENCES parts); INSERT INTO of_parts VALUES (1, 'b');`);
    const ways = [{ format: "directory", jobs: 4 }, { format: "custom", jobs: 4 }, { format: "custom", jobs: 1, indexJobs: 4 }] as const;
    for (const [round, way] of ways.entries()) {
      const { server, manifest, failures } = await load({ ...way, into: `parts_${round}` });
      expect(failures).toEqual([]);
      expect((await compareWithManifest(server, manifest, signal)).differences).toEqual([]);
    }
  });
});
