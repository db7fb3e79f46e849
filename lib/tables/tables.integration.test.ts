import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { dumpFormats } from "@/lib/databases/schemas";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type TestHoldfast } from "@/lib/testing/holdfast";
import { cancelRun } from "@/lib/runs/cancel";
import { runTag } from "@/lib/worker/execute";
import { ProgressMeter } from "@/lib/worker/progress";
import { tendTables } from "@/lib/worker/tend-tables";
import { Applied, Comparison, exportFormats, type TableChoice, type TableRef } from "./schemas";
import { exportDirectory } from "./export-names";
import { openExport } from "./open-export";
import { settleTables } from "./settle";
import { planApplyTables, startApplyTables, startDropTables, startExportTable, startStageTables, startUndoTables } from "./start";

const schema = `
CREATE SCHEMA "Größe; x";
CREATE TYPE public.mood AS ENUM ('good', 'bad');
CREATE TABLE public.vendors (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, mood public.mood);
CREATE TABLE public.orders (
  id bigserial PRIMARY KEY, vendor_id int REFERENCES public.vendors ON DELETE CASCADE, amount numeric(12, 2) NOT NULL, note text, details json,
  double numeric GENERATED ALWAYS AS (amount * 2) STORED, CONSTRAINT positive CHECK (amount >= 0));
CREATE TABLE public.lines (order_id bigint REFERENCES public.orders ON DELETE CASCADE, position int, text text COLLATE "C", PRIMARY KEY (order_id, position));
CREATE TABLE public.log (at timestamptz, what text);
CREATE TABLE public.fired (what text);
CREATE TABLE "Größe; x"."we""ird
 name" ("Schlüs'sel" int PRIMARY KEY, "a b" text);
CREATE TABLE public.swaps (id int PRIMARY KEY, place int UNIQUE DEFERRABLE INITIALLY DEFERRED, seat int UNIQUE);
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.fired VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.note();
CREATE TRIGGER always AFTER DELETE ON public.lines FOR EACH ROW EXECUTE FUNCTION public.note();
ALTER TABLE public.lines ENABLE ALWAYS TRIGGER always;
INSERT INTO vendors (name, mood) SELECT 'Vendor ' || g, 'good' FROM generate_series(1, 20) g;
ALTER TABLE public.orders DISABLE TRIGGER noted;
INSERT INTO orders (vendor_id, amount, note, details) SELECT 1 + g % 20, g / 7.0, E'tab\\there, line\\nbreak, \\\\. end ' || g, '{"n": 1}' FROM generate_series(1, 100000) g;
ALTER TABLE public.orders ENABLE TRIGGER noted;
INSERT INTO lines SELECT o, p, 'line ' || p FROM generate_series(1, 3000) o, generate_series(1, 2) p;
INSERT INTO log SELECT '2026-01-01 00:00:00+00', 'same' FROM generate_series(1, 5);
INSERT INTO log VALUES (NULL, NULL), ('2026-01-02 00:00:00+00', 'one');
INSERT INTO "Größe; x"."we""ird
 name" SELECT g, 'ä' || g FROM generate_series(1, 7) g;
INSERT INTO swaps VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3);
`;

const orders: TableRef = { schema: "public", name: "orders" };
const lines: TableRef = { schema: "public", name: "lines" };
const vendors: TableRef = { schema: "public", name: "vendors" };
const log: TableRef = { schema: "public", name: "log" };
const weird: TableRef = { schema: "Größe; x", name: 'we"ird\n name' };
const swaps: TableRef = { schema: "public", name: "swaps" };
const all = [orders, lines, vendors, log, weird, swaps];

describe.each([15, 17] as const)("a restore of single tables on PostgreSQL %i", { timeout: 400_000 }, (major) => {
  let server: PostgresContainer;
  let holdfast: TestHoldfast;
  let databaseId: string;
  let backupId: string;
  const backups = new Map<string, string>();
  /** Checksums of what the backup was taken of. */
  let original: string;

  beforeAll(async () => {
    server = await startPostgres({ major, user: "bimcalc", database: "bim calc" });
    await server.psql(schema);
    original = await checksums();
    holdfast = await testHoldfast();
    databaseId = await holdfast.protect(server);
    for (const format of dumpFormats) {
      const run = await holdfast.backUp(databaseId, { options: { format } });
      expect(run.problem).toBeNull();
      backups.set(format, run.backup?.id ?? "");
    }
    await server.psql("CREATE DATABASE pristine TEMPLATE \"bim calc\"", { database: "postgres" });
  });
  afterAll(async () => {
    await holdfast.close();
    await server.stop();
  });
  beforeEach(async () => {
    await server.psql(`DROP DATABASE "bim calc" WITH (FORCE)`, { database: "postgres" });
    await server.psql(`CREATE DATABASE "bim calc" TEMPLATE pristine`, { database: "postgres" });
    // Created anew on purpose: what Holdfast knew of its identity is forgotten.
    await holdfast.db.database.update({ where: { id: databaseId }, data: { databaseOid: null } });
    backupId = backups.get("custom") ?? "";
  });

  /** Contents of every table, written by psql alone: nothing of the product's SQL is in here. */
  async function checksums(): Promise<string> {
    const names = ["public.orders", "public.lines", "public.vendors", "public.log", `"Größe; x"."we""ird\n name"`, "public.swaps"];
    return server.psql(names.map((name) => `SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM ${name} t;`).join("\n"));
  }

  async function stage(tables: TableRef[]): Promise<{ id: string; comparison: Comparison }> {
    const { runId, tableRestoreId } = await startStageTables(holdfast.ctx, { backupId, databaseId, tables });
    const run = await holdfast.work(runId);
    expect(run.problem).toBeNull();
    const row = await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id: tableRestoreId } });
    expect(row.state).toBe("staged");
    return { id: tableRestoreId, comparison: Comparison.parse(JSON.parse(row.comparison ?? "")) };
  }

  async function apply(id: string, choices: [TableRef, TableChoice][]) {
    const input = { tableRestoreId: id, tables: choices.map(([table, what]) => ({ ...table, do: what })), keepHours: 24 };
    const plan = await planApplyTables(holdfast.ctx, input);
    expect(plan.blocked).toEqual([]);
    const { runId } = await startApplyTables(holdfast.ctx, { ...input, hash: plan.hash, phrase: "bim calc", reason: "rows were deleted" });
    const run = await holdfast.work(runId);
    const row = await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } });
    return { run, row, applied: row.applied ? Applied.parse(JSON.parse(row.applied)) : null };
  }

  async function undo(id: string, evenIfChanged = false) {
    const { runId } = await startUndoTables(holdfast.ctx, { tableRestoreId: id, phrase: "bim calc", reason: "it was not the import", evenIfChanged });
    const run = await holdfast.work(runId);
    return { run, row: await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } }) };
  }

  const databases = () => server.psql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE '%tables%'", { database: "postgres" });
  const schemas = () => server.psql("SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE 'holdfast%'");
  const triggerStates = () => server.psql("SELECT string_agg(tgrelid::regclass || '.' || tgname || tgenabled::text, ' ' ORDER BY tgrelid::regclass::text, tgname) FROM pg_trigger WHERE tgrelid::regclass::text NOT LIKE 'pg_%'");

  it.each(dumpFormats)("stages, compares, replaces and undoes from a %s backup, and every row is as it was", async (format) => {
    backupId = backups.get(format) ?? "";
    await server.psql(`
      DELETE FROM orders WHERE id % 10 = 0;
      UPDATE orders SET note = 'changed' WHERE id % 10 = 1;
      INSERT INTO vendors (name, mood) VALUES ('late', 'bad');
      INSERT INTO orders (vendor_id, amount) SELECT 21, 5 FROM generate_series(1, 300);
      DELETE FROM log WHERE ctid IN (SELECT ctid FROM log WHERE what = 'same' LIMIT 2);
      INSERT INTO log VALUES (now(), 'new'), (NULL, NULL);
      UPDATE "Größe; x"."we""ird\n name" SET "a b" = NULL WHERE "Schlüs'sel" < 3;
      UPDATE swaps SET place = 4 - place, seat = NULL; UPDATE swaps SET seat = 4 - id;
      TRUNCATE fired;`);
    const before = await checksums();
    const triggers = await triggerStates();
    const { id, comparison } = await stage(all);
    const found = (table: TableRef) => comparison.tables.find((one) => one.name === table.name);
    expect(found(orders)).toMatchObject({ key: ["id"], backupRows: 100_000, liveRows: 90_300, onlyBackup: 10_000, onlyLive: 300, changed: 10_000, live: "table" });
    expect(found(lines)).toMatchObject({ key: ["order_id", "position"], onlyBackup: 600, onlyLive: 0, changed: 0 });
    expect(found(vendors)).toMatchObject({ onlyBackup: 0, onlyLive: 1, changed: 0 });
    expect(found(log)).toMatchObject({ key: null, backupRows: 7, liveRows: 7, onlyBackup: 2, onlyLive: 2, changed: 0 });
    expect(found(weird)).toMatchObject({ onlyBackup: 0, changed: 2, examples: { changed: [{ backup: ["1", "ä1"], live: ["1", null] }, { backup: ["2", "ä2"], live: ["2", null] }] } });
    expect(found(orders)?.examples.onlyBackup).toHaveLength(8);
    expect(found(orders)?.examples.onlyBackup[0]?.slice(0, 2)).toEqual(["10", "11"]);
    expect(comparison.foreignKeys.map((key) => `${key.from.name}>${key.to.name} ${key.inLive && key.inBackup}`).sort()).toEqual(["lines>orders true", "orders>vendors true"]);
    expect(await checksums()).toBe(before);
    expect(await databases()).toBe("");

    const { run, applied, row } = await apply(id, all.map((table) => [table, "replace"]));
    expect(run.problem).toBeNull();
    expect(row).toMatchObject({ state: "applied" });
    expect(row.appliedMs).toBeGreaterThan(0);
    expect(await checksums()).toBe(original);
    expect(await server.psql("SELECT count(*) FROM fired")).toBe("0");
    expect(await triggerStates()).toBe(triggers);
    expect(applied?.tables.find((table) => table.name === "orders")).toMatchObject({ before: 90_300, after: 100_000, deleted: 300, changed: 10_000, inserted: 10_000 });
    // The next values are free, and the constraints live.
    expect(Number(await server.psql("INSERT INTO orders (vendor_id, amount) VALUES (1, 1) RETURNING id"))).toBeGreaterThan(100_000);
    await expect(server.psql("INSERT INTO orders (vendor_id, amount) VALUES (999, 1)")).rejects.toThrow("foreign key");
    await expect(server.psql("INSERT INTO swaps VALUES (9, 1, 9)")).rejects.toThrow("unique");
    await server.psql("DELETE FROM orders WHERE id > 100000; TRUNCATE fired");

    const undone = await undo(id);
    expect(undone.run.problem).toBeNull();
    expect(undone.row.state).toBe("undone");
    expect(await checksums()).toBe(before);
    expect(await server.psql("SELECT count(*) FROM fired")).toBe("0");

    const { runId } = await startDropTables(holdfast.ctx, { tableRestoreId: id });
    expect((await holdfast.work(runId)).problem).toBeNull();
    expect(await schemas()).toBe("");
  });

  it.each(dumpFormats)("names what it works on while no bytes of a %s backup move, and tells those that do", async (format) => {
    backupId = backups.get(format) ?? "";
    const told: (number | string | null)[] = [];
    const total = vi.spyOn(ProgressMeter.prototype, "total").mockImplementation((bytes) => void (told.at(-1) === Math.sign(bytes) || told.push(Math.sign(bytes))));
    const detail = vi.spyOn(ProgressMeter.prototype, "detail").mockImplementation((text) => void told.push(text));
    await stage([orders]).finally(() => [total, detail].forEach((spy) => spy.mockRestore()));
    const [laid, sent] = format === "directory" ? [[1, 0], [0]] : [[], [1, 0]];
    expect(told.slice(told.indexOf("definitions"), told.indexOf("row counts"))).toEqual(["definitions", ...laid, "rows", ...sent]);
  });

  it("reads the file before anything is loaded, and stages nothing from one that is not what was stored", async () => {
    const { id, sha256 } = await holdfast.db.copy.findFirstOrThrow({ where: { backupId } });
    const { rung, problem, intactAt, readableAt } = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } });
    await holdfast.db.copy.update({ where: { id }, data: { sha256: "0".repeat(64) } });
    const { runId } = await startStageTables(holdfast.ctx, { backupId, databaseId, tables: [log] });
    const run = await holdfast.work(runId);
    expect(run.problem?.code).toBe("backup.changed");
    expect(run.events.filter(({ type }) => type === "step_started").map(({ step }) => step)).toEqual(["prepare", "read_back"]);
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ rung: 1 });
    // The tests after this one use the same backup.
    await holdfast.db.copy.update({ where: { id }, data: { sha256 } });
    await holdfast.db.backup.update({ where: { id: backupId }, data: { rung, problem, intactAt, readableAt } });
  });

  it.each(dumpFormats)("stages nothing of a %s file that was exchanged after it was compared", async (format) => {
    const backUp = async () => (await holdfast.backUp(databaseId, { options: { format } })).backup;
    const own = await backUp();
    await server.psql("CREATE TABLE of_a_stranger ()");
    const other = await backUp();
    const [file = "", strange = ""] = [own, other].map((backup) => path.join(holdfast.storePath, backup?.copies[0]?.key ?? ""));
    const detail = vi.spyOn(ProgressMeter.prototype, "detail").mockImplementation((text) => {
      if (text === "definitions") {
        chmodSync(file, 0o600);
        writeFileSync(file, readFileSync(strange));
      }
    });
    const { runId, tableRestoreId } = await startStageTables(holdfast.ctx, { backupId: own?.id ?? "", databaseId, tables: [log] });
    const run = await holdfast.work(runId).finally(() => detail.mockRestore());
    expect(run.problem?.code).toBe("restore.changed_file");
    expect(await holdfast.db.backup.findUniqueOrThrow({ where: { id: own?.id ?? "" } })).toMatchObject({ rung: 1 });
    expect(await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id: tableRestoreId } })).toMatchObject({ state: "failed", removedAt: expect.any(Date) });
    expect([await databases(), await schemas()]).toEqual(["", ""]);
  });

  it("inserts missing rows and touches nothing else", async () => {
    await server.psql("DELETE FROM orders WHERE id <= 50; UPDATE orders SET note = 'mine' WHERE id = 60; INSERT INTO orders (id, vendor_id, amount) VALUES (200000, 1, 1)");
    const { id } = await stage([orders, lines]);
    const { applied } = await apply(id, [[orders, "insert"], [lines, "insert"]]);
    expect(applied?.tables.map(({ deleted, changed, inserted }) => [deleted, changed, inserted])).toEqual([[0, 0, 50], [0, 0, 100]]);
    expect(await server.psql("SELECT note FROM orders WHERE id = 60")).toBe("mine");
    expect(await server.psql("SELECT count(*) FROM orders")).toBe("100001");
    expect((await undo(id)).row.state).toBe("undone");
    expect(await server.psql("SELECT count(*), min(id) FROM orders")).toBe("99951\t51");
  });

  it("keeps a copy beside a table, also beside one that is gone, and undo removes both", async () => {
    await server.psql(`DROP TABLE swaps; UPDATE vendors SET name = 'other' WHERE id = 1`);
    const { id, comparison } = await stage([vendors, swaps]);
    expect(comparison.tables.find((table) => table.name === "swaps")).toMatchObject({ live: "missing", onlyBackup: 3, liveRows: null });
    const blocked = await planApplyTables(holdfast.ctx, { tableRestoreId: id, tables: [{ ...swaps, do: "replace" }], keepHours: 24 });
    expect(blocked.blocked[0]).toContain("public.swaps is not in the live database");
    const { applied } = await apply(id, [[vendors, "copy"], [swaps, "copy"]]);
    const [first, second] = applied?.tables.map((table) => table.copyName) ?? [];
    expect(first).toMatch(/^vendors_restored_\d{8}$/);
    expect(await server.psql(`SELECT count(*), min(name) FROM public."${first}" WHERE id = 1`)).toBe("1\tVendor 1");
    expect(await server.psql(`SELECT count(*) FROM pg_constraint WHERE conrelid = 'public."${first}"'::regclass AND contype = 'p'`)).toBe("1");
    expect(await server.psql(`SELECT count(*) FROM public."${second}"`)).toBe("3");
    expect(await server.psql("SELECT name FROM vendors WHERE id = 1")).toBe("other");
    await server.psql(`DELETE FROM public."${second}" WHERE id = 1`);
    expect((await undo(id)).run.problem?.code).toBe("tables.undo_conflict");
    expect((await undo(id, true)).row.state).toBe("undone");
    expect(await server.psql(`SELECT count(*) FROM pg_class WHERE relname LIKE '%restored%'`)).toBe("0");
  });

  it("names the foreign key that a replacement would break, and changes nothing", async () => {
    await server.psql("INSERT INTO vendors (name) VALUES ('late'); INSERT INTO orders (vendor_id, amount) SELECT max(id), 1 FROM vendors");
    const before = await checksums();
    const triggers = await triggerStates();
    const { id } = await stage([vendors]);
    const { run, row } = await apply(id, [[vendors, "replace"]]);
    expect(run.problem).toMatchObject({ code: "tables.foreign_keys" });
    expect(run.problem?.message).toContain("orders_vendor_id_fkey: 1 rows of public.orders");
    expect(row.state).toBe("staged");
    expect(await checksums()).toBe(before);
    expect(await triggerStates()).toBe(triggers);
    // The other way round: rows whose counterpart is gone.
    await server.psql("DELETE FROM orders WHERE vendor_id = 3; DELETE FROM vendors WHERE id = 3");
    const other = await stage([orders]);
    const refused = await apply(other.id, [[orders, "insert"]]);
    expect(refused.run.problem?.message).toContain("orders_vendor_id_fkey: 5,000 rows of public.orders would refer to rows that are not in public.vendors");
  });

  it("tells that restored rows were changed since, and undoes all the same when told to", async () => {
    await server.psql("DELETE FROM orders WHERE id <= 10; UPDATE orders SET note = 'a' WHERE id = 11");
    const { id } = await stage([orders]);
    await apply(id, [[orders, "replace"]]);
    await server.psql("UPDATE orders SET note = 'later' WHERE id IN (1, 11); DELETE FROM orders WHERE id = 2; INSERT INTO orders (id, vendor_id, amount) VALUES (300000, 1, 1)");
    const refused = await undo(id);
    expect(refused.run.problem).toMatchObject({ code: "tables.undo_conflict", message: expect.stringMatching(/^3 restored rows in public\.orders were changed by others since \(public\.orders id \d+, \d+, \d+\)/) });
    expect(refused.row.state).toBe("applied");
    const undone = await undo(id, true);
    expect(undone.row.state).toBe("undone");
    expect(Applied.parse(JSON.parse(undone.row.applied ?? "")).undone).toMatchObject({ overwritten: 3, left: 1 });
    expect(await server.psql("SELECT count(*), min(id), max(id) FROM orders")).toBe("99991\t11\t300000");
    expect(await server.psql("SELECT note FROM orders WHERE id = 11")).toBe("a");
  });

  it("fits columns that came and went since, and keeps what new ones hold", async () => {
    await server.psql(`
      ALTER TABLE vendors ADD COLUMN since text NOT NULL DEFAULT 'today', DROP COLUMN mood, ALTER COLUMN id SET DATA TYPE bigint;
      UPDATE vendors SET since = 'kept', name = 'x' WHERE id = 1;
      UPDATE orders SET vendor_id = 3 WHERE vendor_id = 2; DELETE FROM vendors WHERE id = 2`);
    const { id, comparison } = await stage([vendors]);
    expect(comparison.tables[0]).toMatchObject({ columnsGone: ["mood"], columnsNew: ["since"], onlyBackup: 1, changed: 1 });
    const { run } = await apply(id, [[vendors, "replace"]]);
    expect(run.problem).toBeNull();
    expect(await server.psql("SELECT id, name, since FROM vendors WHERE id < 3 ORDER BY id")).toBe("1\tVendor 1\tkept\n2\tVendor 2\ttoday");
  });

  it("refuses what was not confirmed: another hash, another phrase, twice at once", async () => {
    const { id } = await stage([log]);
    const input = { tableRestoreId: id, tables: [{ ...log, do: "replace" as const }], keepHours: 24 };
    const { hash } = await planApplyTables(holdfast.ctx, input);
    const confirm = { ...input, hash, phrase: "bim calc", reason: "why" };
    await expect(startApplyTables(holdfast.ctx, { ...confirm, tables: [{ ...log, do: "insert" }] })).rejects.toMatchObject({ code: "tables.changed_since" });
    await expect(startApplyTables(holdfast.ctx, { ...confirm, phrase: "bimcalc" })).rejects.toMatchObject({ code: "tables.wrong_phrase" });
    const both = await Promise.allSettled([startApplyTables(holdfast.ctx, confirm), startApplyTables(holdfast.ctx, confirm)]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const one of both) if (one.status === "fulfilled") expect((await holdfast.work(one.value.runId)).problem).toBeNull();
  });

  it("does not take staged rows that a crash emptied for an empty backup", async () => {
    const before = await checksums();
    const { id } = await stage([log]);
    await server.psql("TRUNCATE holdfast_restore_r2.staged_1".replace("r2", `r${(await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } })).runId}`));
    const { run, row } = await apply(id, [[log, "replace"]]);
    expect(run.problem?.code).toBe("tables.gone");
    expect(row.state).toBe("staged");
    expect(await checksums()).toBe(before);
  });

  it("finds out what became of a run that died: before its commit nothing, after it everything", async () => {
    await server.psql("DELETE FROM log");
    const before = await checksums();
    const { id } = await stage([log]);
    const { row } = await apply(id, [[log, "replace"]]);
    expect(await checksums()).toBe(original);
    const tag = runTag(holdfast.worker.installation, Applied.parse(JSON.parse(row.applied ?? "")).runId);
    // As a worker that died between the commit and its record would leave it.
    await holdfast.db.tableRestore.update({ where: { id }, data: { state: "applying", applied: null, appliedMs: null } });
    expect(await settleTables(holdfast.db, id, tag)).toBe("applied");
    const settled = await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } });
    expect(Applied.parse(JSON.parse(settled.applied ?? ""))).toMatchObject({ recovered: true, tables: [{ inserted: 7 }] });
    expect((await undo(id)).row.state).toBe("undone");
    expect(await checksums()).toBe(before);
    // And one that died before: its session is still in the transaction, and is ended.
    const other = await stage([log]);
    await holdfast.db.tableRestore.update({ where: { id: other.id }, data: { state: "applying" } });
    const sleeping = server.exec(["sh", "-c", `PGAPPNAME='holdfast ${tag}' psql -U bimcalc -d 'bim calc' -c 'BEGIN; DELETE FROM vendors WHERE false; SELECT pg_sleep(60); COMMIT'`]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await settleTables(holdfast.db, other.id, tag)).toBe("staged");
    expect((await sleeping).exitCode).not.toBe(0);
  });

  it("is taken back by a cancel, whole, and can be applied afterwards", async () => {
    await server.psql("DELETE FROM orders WHERE id % 2 = 0");
    const before = await checksums();
    const { id } = await stage([orders, lines]);
    const input = { tableRestoreId: id, tables: [orders, lines].map((table) => ({ ...table, do: "replace" as const })), keepHours: 1 };
    const { hash } = await planApplyTables(holdfast.ctx, input);
    const { runId } = await startApplyTables(holdfast.ctx, { ...input, hash, phrase: "bim calc", reason: "why" });
    const holding = server.exec(["psql", "-U", "bimcalc", "-d", "bim calc", "-c", "BEGIN; LOCK TABLE lines IN ROW EXCLUSIVE MODE; SELECT pg_sleep(8); COMMIT"]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const working = holdfast.work(runId);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await cancelRun(holdfast.ctx, { runId });
    const run = await working;
    await holding;
    expect(run.status).toBe("cancelled");
    expect((await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } })).state).toBe("staged");
    expect(await checksums()).toBe(before);
    expect((await apply(id, [[orders, "replace"], [lines, "replace"]])).run.problem).toBeNull();
    expect(await checksums()).toBe(original);
  });

  it("removes what an unfinished staging left, and rows whose time is up", async () => {
    const { runId, tableRestoreId } = await startStageTables(holdfast.ctx, { backupId, databaseId, tables: [log] });
    const { stagingName } = await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id: tableRestoreId } });
    const tag = runTag(holdfast.worker.installation, runId);
    // As a worker that died while it staged would leave it.
    await server.psql(`CREATE DATABASE "${stagingName}"`, { database: "postgres" });
    await server.psql(`COMMENT ON DATABASE "${stagingName}" IS 'holdfast ${tag}'`, { database: "postgres" });
    await server.psql(`CREATE SCHEMA holdfast_restore_r${runId}; COMMENT ON SCHEMA holdfast_restore_r${runId} IS 'holdfast ${tag}'; CREATE TABLE holdfast_restore_r${runId}.staged_1 (); CREATE SCHEMA holdfast_restore_r9999`);
    await holdfast.db.run.update({ where: { id: runId }, data: { status: "lost", activeKey: null } });
    await tendTables(holdfast.worker);
    expect(await databases()).toBe("");
    // Another installation's is left alone.
    expect(await schemas()).toBe("holdfast_restore_r9999");
    expect(await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id: tableRestoreId } })).toMatchObject({ state: "failed", removedAt: expect.any(Date) });

    const { id, comparison } = await stage([log]);
    await holdfast.db.tableRestore.update({ where: { id }, data: { keptUntil: new Date(Date.now() - 1_000) } });
    // While nobody knows whether the database is still the same one, its rows are left alone; the next backup finds out.
    const exported = path.join(holdfast.storePath, exportDirectory(id));
    mkdirSync(exported, { recursive: true });
    await tendTables(holdfast.worker);
    expect(await holdfast.db.run.count({ where: { kind: "drop_tables", status: "queued" } })).toBe(0);
    // What was exported and what the record shows of them does not wait for that.
    expect(existsSync(exported)).toBe(false);
    expect((await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } })).comparison).not.toContain("same");
    await holdfast.db.database.update({ where: { id: databaseId }, data: { databaseOid: comparison.databaseOid } });
    await tendTables(holdfast.worker);
    const queued = await holdfast.db.run.findFirstOrThrow({ where: { kind: "drop_tables", status: "queued" } });
    expect((await holdfast.work(queued.id)).problem).toBeNull();
    expect(await schemas()).toBe("holdfast_restore_r9999");
    expect((await holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } })).comparison).not.toContain("same");
  });

  it("removes nothing at all, exports and shown rows neither, while its database is put aside", async () => {
    const { id, comparison } = await stage([log]);
    const exported = path.join(holdfast.storePath, exportDirectory(id));
    mkdirSync(exported, { recursive: true });
    await server.psql(`ALTER DATABASE "bim calc" RENAME TO aside`, { database: "postgres" });
    await server.psql(`CREATE DATABASE "bim calc"`, { database: "postgres" });
    const drop = async () => (await holdfast.work((await startDropTables(holdfast.ctx, { tableRestoreId: id })).runId)).problem;
    const row = () => holdfast.db.tableRestore.findUniqueOrThrow({ where: { id } });
    expect(await drop()).toMatchObject({ code: "tables.put_aside" });
    expect([existsSync(exported), JSON.parse((await row()).comparison ?? "")]).toEqual([true, comparison]);
    await server.psql("DROP DATABASE aside", { database: "postgres" });
    expect(await drop()).toBeNull();
    expect([existsSync(exported), (await row()).state]).toEqual([false, "dropped"]);
  });

  it("exports a table as CSV and as SQL that psql loads", async () => {
    const { id } = await stage([weird]);
    const texts: Record<string, string> = {};
    for (const format of exportFormats) {
      const { runId } = await startExportTable(holdfast.ctx, { tableRestoreId: id, table: weird, format });
      const run = await holdfast.work(runId);
      expect(run.problem).toBeNull();
      const file = await openExport(holdfast.ctx, { id, run: runId });
      texts[format] = (await file.handle.readFile()).toString();
      await file.handle.close();
      expect(file.fileName).toMatch(/^Größe__x\.we_ird__name_\d{8}_\d{6}\.(csv|sql)$/);
    }
    expect(texts["csv"]?.split("\n").slice(0, 2)).toEqual(["Schlüs'sel,a b", "1,ä1"]);
    await server.psql(`DROP SCHEMA "Größe; x" CASCADE; CREATE SCHEMA "Größe; x"`);
    const loaded = await server.exec(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "bimcalc", "-d", "bim calc"], { input: texts["sql"] ?? "" });
    expect(loaded.stderr).toBe("");
    expect(await server.psql(`SELECT count(*), max("a b") FROM "Größe; x"."we""ird\n name"`)).toBe("7\tä7");
    await expect(openExport(holdfast.ctx, { id: "other", run: 1 })).rejects.toMatchObject({ code: "tables.export_missing" });
  });

  it("works for an owner who is no superuser, and says what that owner cannot do", async () => {
    await server.psql(`
      CREATE ROLE owner LOGIN CREATEDB; GRANT CREATE ON DATABASE "bim calc" TO owner; GRANT pg_read_all_data TO owner;
      ALTER TABLE orders OWNER TO owner; ALTER TABLE vendors OWNER TO owner; ALTER TABLE lines OWNER TO owner; ALTER TABLE log OWNER TO owner; GRANT ALL ON fired TO owner;
      DELETE FROM lines WHERE order_id = 5; DELETE FROM log; TRUNCATE fired`);
    await holdfast.db.database.update({ where: { id: databaseId }, data: { role: "owner" } });
    try {
      const { id } = await stage([orders, lines, log]);
      const refused = await planApplyTables(holdfast.ctx, { tableRestoreId: id, tables: [{ ...orders, do: "replace" }], keepHours: 24 });
      expect(refused.blocked[0]).toContain("public.lines refers to public.orders");
      const { run, applied } = await apply(id, [[orders, "insert"], [lines, "replace"], [log, "replace"]]);
      expect(run.problem).toBeNull();
      expect(applied?.tables.map(({ inserted }) => inserted)).toEqual([0, 2, 7]);
      expect(await checksums()).toBe(original);
      expect(await server.psql("SELECT count(*) FROM fired")).toBe("0");
      expect((await undo(id)).run.problem).toBeNull();
      expect(await server.psql("SELECT count(*) FROM log")).toBe("0");
    } finally {
      await holdfast.db.database.update({ where: { id: databaseId }, data: { role: "bimcalc" } });
      await server.psql(`DROP OWNED BY owner CASCADE; DROP ROLE owner`).catch(() => undefined);
    }
  });

  it("leaves its rows out of backups", async () => {
    await stage([log]);
    const run = await holdfast.backUp(databaseId);
    expect(run.problem).toBeNull();
    expect(run.backup?.manifest?.content).not.toContain("holdfast_restore");
    expect(run.backup?.rows).toBe(106_037n);
  });
});
