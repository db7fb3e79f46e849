import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { addStore } from "@/lib/stores/manage";
import { testCommandLine } from "../testing/command-line";

let cli: Awaited<ReturnType<typeof testCommandLine>>;
let store: { id: string; path: string };
let databaseId = "";

beforeEach(async () => {
  cli = await testCommandLine();
  const ctx = await cli.as("admin");
  const directory = mkdtempSync(path.join(os.tmpdir(), "holdfast-store-"));
  store = { id: (await addStore(ctx, { name: "local-disk", path: directory })).storeId, path: directory };
  ({ databaseId } = await addDatabase(ctx, AddDatabaseInput.parse({ container: "pg", databaseName: `we"ird\n; name`, role: "postgres", storeId: store.id })));
});
afterEach(async () => {
  await cli.close();
  rmSync(store.path, { recursive: true });
});

/** A backup that was taken so many hours ago, with its file. */
async function backup(hoursAgo: number, rung: number): Promise<string> {
  const takenAt = new Date(cli.clock.now().getTime() - hoursAgo * 3_600_000);
  const id = randomUUID();
  const key = `weird_postgres_backup_${id}.sql.gz`;
  writeFileSync(path.join(store.path, key), "x");
  await cli.db.backup.create({
    data: {
      id, databaseId, databaseName: `we"ird\n; name`, origin: "holdfast", format: "plain", takenAt, sizeBytes: 1_247n, rows: 33n, tables: 2, initiatorKind: "cli", initiatorName: "maeve", rung, storedAt: takenAt, readableAt: takenAt, provenAt: rung === 4 ? takenAt : null,
      copies: { create: { storeId: store.id, key, sizeBytes: 1_247n, storedAt: takenAt, databaseKey: databaseId } },
    },
  });
  return id;
}

describe("status", () => {
  it.each([
    ["proven and young", 2, 4, 0, "Protected"],
    ["readable and young", 2, 3, 0, "At risk"],
    ["past its target", 30, 4, 5, "Exposed"],
  ])("of one that is %s", async (_, hoursAgo, rung, code, word) => {
    await backup(hoursAgo, rung);
    const ran = await cli.run(["status"]);
    expect([ran.code, ran.out.includes(word)]).toEqual([code, true]);
    expect(ran.err).toContain("No worker is running");
  });

  it("knows nothing of one that was never backed up, nor where the store's file is gone", async () => {
    expect((await cli.run(["status"])).code).toBe(9);
    await backup(2, 4);
    rmSync(store.path, { recursive: true });
    expect((await cli.run(["status"])).code).toBe(9);
    store.path = mkdtempSync(path.join(os.tmpdir(), "holdfast-store-"));
  });

  it("does not let the name of a database draw on the terminal", async () => {
    await backup(2, 4);
    const { out } = await cli.run(["status"]);
    expect(out).toContain(`we"ird\\x0a; name`);
    expect((await cli.run(["status", "--json"])).json().data).toMatchObject({ worker: false, databases: [{ name: `we"ird\n; name`, state: "protected" }] });
  });

  it("believes a worker that is heard, and not one that is silent", async () => {
    await backup(2, 4);
    const at = cli.clock.now();
    await cli.db.worker.create({ data: { id: "host:1:a", startedAt: at, heartbeatAt: at } });
    await cli.db.store.update({ where: { id: store.id }, data: { checkedAt: at } });
    expect(await cli.run(["status", "--json"]).then(({ code, json }) => [code, json().warnings, json().data["worker"]])).toEqual([0, [], true]);
    cli.clock.advance(31_000);
    expect((await cli.run(["status", "--json"])).json().data["worker"]).toBe(false);
  });
});

describe("setting a schedule", () => {
  it("takes every setting that the browser has, keeps what is not said, and shows the next three times", async () => {
    const set = (...flags: string[]) => cli.run(["schedule", "set", "0 2 * * *", "--zone", "UTC", "--database", databaseId, "--json", ...flags]);
    expect((await set("--overlap", "wait", "--retries", "4", "--retry-after", "7", "--time-limit", "90", "--jitter", "5", "--format", "plain")).code).toBe(0);
    const shown = async () => (await cli.run(["schedule", "show", databaseId, "--json"])).json().data as { schedules: { schedule: object; next: string[] }[] };
    const all = { overlap: "wait", retries: 4, retryDelaySeconds: 420, timeoutSeconds: 5_400, jitterSeconds: 300, missed: "catch_up" };
    expect((await shown()).schedules[0]).toMatchObject({ schedule: { ...all, options: { format: "plain" } }, next: [expect.stringContaining("T02:00:00"), expect.any(String), expect.any(String)] });
    await set();
    expect((await shown()).schedules[0]).toMatchObject({ schedule: { ...all, options: { format: "plain" } } });
    await set("--no-time-limit", "--format", "database");
    expect((await shown()).schedules[0]).toMatchObject({ schedule: { ...all, timeoutSeconds: null, options: null } });
  });
});

describe("finding a backup", () => {
  it("takes latest, the start of an id, a file's name and its path", async () => {
    const [older, newer] = [await backup(9, 3), await backup(1, 3)];
    await backup(0, 1);
    const file = `weird_postgres_backup_${older}.sql.gz`;
    for (const [wanted, id] of [["latest", newer], [older.slice(0, 8), older], [file, older], [path.join(store.path, file), older]] as const) {
      expect((await cli.run(["path", wanted, "--json"])).json()).toMatchObject({ ok: true, data: { backup: id } });
    }
    for (const wanted of ["nosuch", older.slice(0, 3), "/elsewhere/x.sql.gz"]) expect((await cli.run(["path", wanted])).code).toBe(3);
  });

  it("takes for the latest none that lies only in a store out of use", async () => {
    const [older, newer] = [await backup(9, 3), await backup(1, 3)];
    const away = await cli.db.store.create({ data: { kind: "local", name: "away", path: path.join(store.path, "away"), removedAt: cli.clock.now() } });
    await cli.db.copy.updateMany({ where: { backupId: newer }, data: { storeId: away.id } });
    expect((await cli.run(["path", "latest", "--json"])).json()).toMatchObject({ ok: true, data: { backup: older } });
  });

  it("asks of which database latest is, where there are several", async () => {
    const id = await backup(1, 3);
    const ctx = await cli.as("admin");
    await addDatabase(ctx, AddDatabaseInput.parse({ container: "other", databaseName: "orders", role: "postgres", storeId: store.id }));
    for (const command of ["path", "show", "download"]) {
      const { code, err } = await cli.run([command, "latest"]);
      expect([code, err]).toEqual([2, expect.stringContaining("Say which database") as string]);
    }
    expect((await cli.run(["path", "latest", "--database", databaseId, "--json"])).json()).toMatchObject({ ok: true, data: { backup: id } });
  });

  it("says so where the file is gone", async () => {
    const id = await backup(1, 3);
    rmSync(path.join(store.path, `weird_postgres_backup_${id}.sql.gz`));
    expect((await cli.run(["path", id])).code).toBe(3);
  });
});

describe("list and prune", () => {
  it("pages past what one page of the browser holds", async () => {
    for (let hour = 0; hour < 28; hour += 1) await backup(hour, 3);
    const { out } = await cli.run(["list", "--limit", "27"]);
    expect(out.split("\n").filter((line) => line.includes("readable"))).toHaveLength(27);
    expect(out).toContain("1 more: --limit 28");
  });

  it("shows what would go and why the rest stays, and removes nothing without the name", async () => {
    for (const hoursAgo of [1, 30, 60, 2_000]) await backup(hoursAgo, 3);
    const { code, out } = await cli.run(["prune", "--older-than", "60", "--dry-run"]);
    expect(code).toBe(0);
    expect(out).toContain("1 backup would go, 1.2 KiB:");
    expect(out).toContain("3 backups: one of the newest good ones");
    expect((await cli.run(["prune", "--older-than", "60", "--json"])).json()).toMatchObject({ ok: false, exitCode: 4, error: { code: "cli.not_confirmed" } });
    expect((await cli.run(["prune", "--older-than", "60", "--confirm", "weird"])).code).toBe(4);
    expect(await cli.db.backup.count({ where: { deletedAt: null } })).toBe(4);
  });
});

describe("what a person wrote and does not fit", () => {
  it.each([
    [["schedule", "set", "61 2 * * *"], "61"],
    [["schedule", "set", "0 2 30 2 *"], "No month has such a day"],
    [["schedule", "set", "0 2 * * *", "--zone", "Europe/Atlantis"], "This machine knows no such zone."],
    [["restore", "latest", "--to-new", "x".repeat(64)], "PostgreSQL names have at most 63 bytes."],
    [["restore", "latest", "--to-new", "x", "--in-place"], "exclude each other"],
  ])("%j ends with 2 and says why", async (argv, words) => {
    await backup(1, 3);
    expect(await cli.run(argv)).toEqual(expect.objectContaining({ code: 2, out: "", err: expect.stringContaining(words) as string }));
  });
});
