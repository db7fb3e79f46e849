import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeSnapshot } from "@/lib/backup/manifest";
import { findEngine } from "@/lib/docker/engine";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { readRelations } from "./catalogue";
import { countRows } from "./count";
import { connect } from "./server";
import { watchTableFiles } from "./table-files";

const signal = new AbortController().signal;

describe("counting", () => {
  let postgres: PostgresContainer;
  beforeAll(async () => {
    postgres = await startPostgres({ database: "shop" });
    await postgres.psql("CREATE TABLE free AS SELECT generate_series(1, 5) AS id; CREATE TABLE held AS SELECT generate_series(1, 7) AS id; CREATE VIEW seen AS SELECT * FROM free");
  });
  afterAll(() => postgres.stop());

  const connected = async () => connect(await findEngine(), { container: postgres.name, role: postgres.user, database: "shop" }, { tag: "count" }, signal);

  it("stops in the middle of a table when its time is up, which is no failure", async () => {
    const server = await connected();
    const snapshot = await takeSnapshot(server, signal);
    // Before the lock: sizes are not told of a table that somebody holds.
    const tables = (await readRelations(snapshot.session)).filter(({ kind }) => kind === "table");
    const holder = postgres.psql("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)", { database: "shop" }).catch(() => undefined);
    try {
      await expect.poll(() => postgres.psql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'held'::regclass", { database: "shop" })).toBe("1");
      const started = Date.now();
      // The lock alone would be waited for longer, and would be a failure.
      const rows = await countRows(server, { snapshotId: snapshot.id, tables, budgetMs: 1_500 }, signal);
      expect(Date.now() - started).toBeGreaterThan(1_400);
      expect(rows.has(tables.find(({ name }) => name === "held")?.oid ?? "")).toBe(false);
    } finally {
      await postgres.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()", { database: "shop" });
      await holder;
      await snapshot.session.close();
    }
    const after = await takeSnapshot(server, signal);
    const rows = await countRows(server, { snapshotId: after.id, tables, budgetMs: 60_000 }, signal);
    await after.session.close();
    expect(tables.map(({ name, oid }) => [name, rows.get(oid)])).toEqual([["free", 5], ["held", 7]]);
  });

  it("names the tables that lie in another file than before: emptied, rewritten, dropped or made anew, and no others", async () => {
    await postgres.psql("CREATE TABLE emptied (id int); CREATE TABLE rewritten (id int); CREATE TABLE dropped (id int); CREATE TABLE again (id int); CREATE TABLE changed (id int)", { database: "shop" });
    const files = await watchTableFiles(await connected(), signal);
    expect(await files.changed()).toEqual([]);
    await postgres.psql("TRUNCATE emptied; ALTER TABLE rewritten ALTER id TYPE bigint; DROP TABLE dropped; DROP TABLE again; CREATE TABLE again (id int); INSERT INTO changed VALUES (1); ALTER TABLE changed ADD more text; CREATE TABLE new (id int)", { database: "shop" });
    expect((await files.changed()).map(({ name }) => name).sort()).toEqual(["again", "dropped", "emptied", "rewritten"]);
    await files.close();
  });
});
