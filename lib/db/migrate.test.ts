import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrationsDirectory } from "@/lib/testing/database";
import { migrate } from "./migrate";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

let directory: string;
let url: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-migrate-"));
  url = `file:${path.join(directory, "data", "holdfast.db")}`;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Migrations of the test's own, by name. */
function migrations(files: Record<string, string>): string {
  const folder = path.join(directory, "migrations");
  for (const [name, sql] of Object.entries(files)) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, "migration.sql"), sql);
  }
  return folder;
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = createClient({ url });
  try {
    return (await client.execute(sql)).rows.map((row) => ({ ...row }));
  } finally {
    client.close();
  }
}

describe("migrate", () => {
  it("applies what is committed once, makes the directory, and turns WAL on", async () => {
    const first = await migrate(url, migrationsDirectory);
    expect(first[0]).toBe("0001_first");
    expect(await migrate(url, migrationsDirectory)).toEqual([]);
    expect(await rows("PRAGMA journal_mode")).toMatchObject([{ journal_mode: "wal" }]);
    expect(await rows(`SELECT migration_name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL`)).toHaveLength(first.length);
  });

  it("makes schedules of drills by time and of re-reading, and leaves what starts after a backup as it is", async () => {
    const before = path.join(directory, "before");
    cpSync(migrationsDirectory, before, { recursive: true });
    for (const name of readdirSync(before).filter((one) => one >= "0012")) rmSync(path.join(before, name), { recursive: true });
    await migrate(url, before);
    const policies = { daily: { when: "daily", which: "rotate", hour: 22, since: "2026-01-01T00:00:00.000Z" }, weekly: { when: "weekly", which: "newest", hour: 3, since: "x" }, quarterly: { when: "quarterly", since: "x" }, after: { when: "after_backup", since: "x" }, none: null };
    await rows(`INSERT INTO "Store" (id, name, kind, path) VALUES ('s', 's', 'local', '/s')`);
    for (const [id, policy] of Object.entries(policies)) await rows(`INSERT INTO "Database" (id, name, fileName, container, databaseName, role, storeId, options, drillPolicy) VALUES ('${id}', '${id}', '${id}', 'c', '${id}', 'r', 's', '{}', ${policy ? `'${JSON.stringify(policy)}'` : "NULL"})`);
    await migrate(url, migrationsDirectory);
    expect(await rows(`SELECT databaseId, cron, timeZone, missed, overlap FROM "Schedule" WHERE kind = 'drill' ORDER BY databaseId`)).toEqual([
      { databaseId: "daily", cron: "0 22 * * *", timeZone: "UTC", missed: "catch_up", overlap: "wait" },
      { databaseId: "quarterly", cron: "0 3 1 1,4,7,10 *", timeZone: "UTC", missed: "catch_up", overlap: "wait" },
      { databaseId: "weekly", cron: "0 3 * * 1", timeZone: "UTC", missed: "catch_up", overlap: "wait" },
    ]);
    expect(await rows(`SELECT count(*) AS n FROM "Schedule" WHERE kind = 'recheck'`)).toEqual([{ n: 5 }]);
    expect((await rows(`SELECT json_extract(drillPolicy, '$.when') AS w, json_extract(drillPolicy, '$.which') AS h FROM "Database" ORDER BY id`)).map(({ w, h }) => [w, h])).toEqual([["after_backup", null], ["never", "rotate"], [null, null], ["never", null], ["never", "newest"]]);
    // Written as Prisma writes and reads times.
    expect(await rows(`SELECT count(*) AS n FROM "Schedule" WHERE recordedUntil GLOB '????-??-??T??:??:??.???+00:00'`)).toEqual([{ n: 8 }]);
  });

  it("takes every copy of a backup whose file was found changed for damaged, and none that is gone or was only not readable", async () => {
    const before = path.join(directory, "before");
    cpSync(migrationsDirectory, before, { recursive: true });
    for (const name of readdirSync(before).filter((one) => one >= "0017")) rmSync(path.join(before, name), { recursive: true });
    await migrate(url, before);
    await rows(`INSERT INTO "Store" (id, name, kind, path) VALUES ('s', 's', 'local', '/s')`);
    const problems = { changed: { rung: "intact", code: "backup.changed" }, gone: { rung: "intact", code: "backup.changed" }, cut: { rung: "readable", code: "backup.truncated" }, whole: null };
    for (const [id, problem] of Object.entries(problems)) {
      await rows(`INSERT INTO "Backup" (id, databaseName, origin, format, takenAt, sizeBytes, initiatorKind, initiatorName, rung, problem) VALUES ('${id}', 'd', 'holdfast', 'custom', 0, 1, 'user', 'x', 1, ${problem ? `'${JSON.stringify(problem)}'` : "NULL"})`);
      await rows(`INSERT INTO "Copy" (id, backupId, storeId, key, sizeBytes, storedAt, missingAt) VALUES ('${id}', '${id}', 's', '${id}', 1, 0, ${id === "gone" ? "0" : "NULL"})`);
    }
    await migrate(url, migrationsDirectory);
    expect(await rows(`SELECT id, json_extract(problem, '$.code') AS code FROM "Copy" WHERE problem IS NOT NULL`)).toEqual([{ id: "changed", code: "backup.changed" }]);
  });

  it("applies each migration once when several processes start together", { timeout: 60_000 }, async () => {
    const program = fileURLToPath(new URL("./migrate.test-program.ts", import.meta.url));
    const results = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const { stdout } = await run(process.execPath, ["--import", "tsx", program, url, migrationsDirectory], { cwd: root });
        return JSON.parse(stdout) as string[];
      }),
    );
    const applied = results.flat();
    expect(applied).toHaveLength(new Set(applied).size);
    expect(await rows(`SELECT count(*) AS n FROM "_prisma_migrations"`)).toEqual([{ n: applied.length }]);
  });

  it("refuses a migration that was changed after it had been applied", async () => {
    const folder = path.join(directory, "migrations");
    cpSync(migrationsDirectory, folder, { recursive: true });
    await migrate(url, folder);
    writeFileSync(path.join(folder, "0001_first", "migration.sql"), "SELECT 1;");
    await expect(migrate(url, folder)).rejects.toThrow("0001_first was changed");
  });

  it("takes back a migration that fails half way, and applies it once it is mended", async () => {
    const folder = migrations({ "0001_a": "CREATE TABLE a (id INTEGER); INSERT INTO missing VALUES (1);" });
    await expect(migrate(url, folder)).rejects.toThrow("missing");
    expect(await rows("SELECT name FROM sqlite_master WHERE name = 'a'")).toEqual([]);
    expect(await migrate(url, migrations({ "0001_a": "CREATE TABLE a (id INTEGER);" }))).toEqual(["0001_a"]);
  });

  it("rebuilds a table without losing the rows that refer to it", async () => {
    const parentAndChild = "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE); INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);";
    const rebuild = "CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO new_parent (id) SELECT id FROM parent; DROP TABLE parent; ALTER TABLE new_parent RENAME TO parent;";
    await migrate(url, migrations({ "0001_a": parentAndChild, "0002_b": rebuild }));
    expect(await rows("SELECT count(*) AS n FROM child")).toEqual([{ n: 1 }]);
  });

  it("refuses a migration that leaves a reference to nothing", async () => {
    const folder = migrations({ "0001_a": "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent INTEGER REFERENCES parent); INSERT INTO child VALUES (1);" });
    await expect(migrate(url, folder)).rejects.toThrow("1 broken references");
  });
});
