import { gunzipSync, gzipSync } from "node:zlib";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCheckStore, startRescanStore } from "@/lib/stores/manage";
import { startPostgres, type PostgresContainer } from "@/lib/testing/containers";
import { testHoldfast, type FinishedRun, type TestHoldfast } from "@/lib/testing/holdfast";
import { watchStores } from "@/lib/worker/watch-stores";
import { startDeleteBackup, startVerifyBackup, keepBackup } from "./change";

let server: PostgresContainer;
let holdfast: TestHoldfast;

beforeAll(async () => {
  server = await startPostgres({ user: "bimcalc", database: "bimcalc" });
  await server.psql("CREATE TABLE price_items AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 60000) g; CREATE TABLE pipeline_runs AS SELECT 1 AS id");
});
afterAll(() => server.stop());
beforeEach(async () => {
  holdfast = await testHoldfast();
});
afterEach(() => holdfast.close());

const formats = ["custom", "plain", "directory"] as const;

async function stored(format: (typeof formats)[number]): Promise<{ backupId: string; file: string }> {
  const run = await holdfast.backUp(await holdfast.protect(server, { options: { format } }));
  return { backupId: run.backup?.id ?? "", file: path.join(holdfast.storePath, run.backup?.copies[0]?.key ?? "") };
}

async function verify(backupId: string): Promise<FinishedRun> {
  const { runId } = await startVerifyBackup(holdfast.ctx, { backupId });
  return holdfast.work(runId);
}

async function rescan(): Promise<FinishedRun> {
  const { runId } = await startRescanStore(holdfast.ctx, { storeId: holdfast.storeId });
  return holdfast.work(runId);
}

/** Puts a file into the store as if the old script had left it there, and returns the backup the rescan made of it. */
async function foreign(name: string, content: Buffer) {
  writeFileSync(path.join(holdfast.storePath, name), content);
  await rescan();
  const copy = await holdfast.db.copy.findFirstOrThrow({ where: { key: name }, include: { backup: true } });
  return copy.backup;
}

describe.each(formats)("damage to a %s backup", (format) => {
  it("is caught at intact when a byte flips, and the lower rung remains", async () => {
    const { backupId, file } = await stored(format);
    const content = readFileSync(file);
    const at = Math.floor(content.length * 0.6);
    content[at] = (content[at] ?? 0) ^ 0x10;
    writeFileSync(file, content);
    const run = await verify(backupId);
    expect(run.problem).toMatchObject({ code: "backup.changed", kind: "integrity" });
    expect(await holdfast.db.backup.findUnique({ where: { id: backupId } })).toMatchObject({ rung: 1, intactAt: null, readableAt: null });
  });

  it("is caught at intact when the file is cut, empty or gone", async () => {
    const { backupId, file } = await stored(format);
    truncateSync(file, Math.floor(readFileSync(file).length * 0.9));
    expect((await verify(backupId)).problem).toMatchObject({ code: "backup.wrong_size" });
    truncateSync(file, 0);
    expect((await verify(backupId)).problem).toMatchObject({ code: "backup.empty_file" });
    rmSync(file);
    expect((await verify(backupId)).problem).toMatchObject({ code: "store.file_missing" });
    expect(await holdfast.db.copy.findFirst({ where: { backupId } })).toMatchObject({ missingAt: expect.any(Date) });
  });
});

it("a backup whose roles are gone is not intact, though its own file is", async () => {
  const { backupId, file } = await stored("custom");
  rmSync(`${file}.roles.sql`);
  expect((await verify(backupId)).problem).toMatchObject({ code: "backup.roles_damaged" });
  expect(await holdfast.db.backup.findUnique({ where: { id: backupId } })).toMatchObject({ rung: 1, intactAt: null, readableAt: null });
});

describe("looking after a store", () => {
  const problem = async () => (await holdfast.db.store.findUniqueOrThrow({ where: { id: holdfast.storeId } })).problem;

  it("finds that what was stored is not there, as under a disk that is not mounted", async () => {
    const { file } = await stored("custom");
    await watchStores(holdfast.db);
    expect(await problem()).toBeNull();
    renameSync(file, `${file}.moved`);
    await watchStores(holdfast.db);
    expect(await problem()).toContain("Is the disk mounted?");
  });

  it("writes no backup underneath a disk that is not mounted", async () => {
    const databaseId = await holdfast.protect(server);
    await holdfast.backUp(databaseId);
    await holdfast.backUp(databaseId);
    const away = `${holdfast.storePath}-away`;
    renameSync(holdfast.storePath, away);
    mkdirSync(holdfast.storePath);
    const run = await holdfast.backUp(databaseId);
    expect([run.problem?.code, readdirSync(holdfast.storePath)]).toEqual(["store.unmounted", []]);
    rmSync(holdfast.storePath, { recursive: true });
    renameSync(away, holdfast.storePath);
    expect((await holdfast.backUp(databaseId)).problem).toBeNull();
  });

  it("does not talk a failed test away", async () => {
    const { runId } = await startCheckStore(holdfast.ctx, { storeId: holdfast.storeId });
    rmSync(holdfast.storePath, { recursive: true });
    writeFileSync(holdfast.storePath, "a file where the directory was");
    expect(JSON.parse((await holdfast.work(runId)).result ?? "")).toMatchObject({ outcome: "failed" });
    rmSync(holdfast.storePath);
    mkdirSync(holdfast.storePath);
    await watchStores(holdfast.db);
    expect(await problem()).not.toBeNull();
    const again = await startCheckStore(holdfast.ctx, { storeId: holdfast.storeId });
    await holdfast.work(again.runId);
    await watchStores(holdfast.db);
    expect(await problem()).toBeNull();
  });
});

describe("a file that Holdfast did not make", () => {
  const name = "bimcalc_postgres_backup_20251113_233752.sql.gz";

  async function oldScript(): Promise<Buffer> {
    const { stdout } = await server.exec(["pg_dump", "-U", "bimcalc", "-d", "bimcalc"]);
    return Buffer.from(stdout);
  }

  it("appears with what is unknown unknown, and is readable once verified", async () => {
    const databaseId = await holdfast.protect(server);
    const backup = await foreign(name, gzipSync(await oldScript()));
    expect(backup).toMatchObject({ origin: "foreign", databaseId, databaseName: "bimcalc", format: "plain", rows: null, rung: 1, initiatorName: "unknown" });
    expect(backup.takenAt).toEqual(new Date(2025, 10, 13, 23, 37, 52));
    expect((await verify(backup.id)).problem).toBeNull();
    expect(await holdfast.db.backup.findUnique({ where: { id: backup.id } })).toMatchObject({ rung: 3, problem: null });
  });

  it("is caught at readable when it was cut at 60 % and compressed anew, which gzip -t passes", async () => {
    const sql = await oldScript();
    const cut = gzipSync(sql.subarray(0, Math.floor(sql.length * 0.6)));
    expect(spawnSync("gzip", ["-t"], { input: cut }).status).toBe(0);
    const backup = await foreign(name, cut);
    expect((await verify(backup.id)).problem).toMatchObject({ code: "backup.truncated" });
    // Nobody knows the hash that it was made with, so it was never shown to be intact either.
    expect(await holdfast.db.backup.findUnique({ where: { id: backup.id } })).toMatchObject({ rung: 1, intactAt: null, problem: expect.stringContaining('"rung":"readable"') as string });
  });

  it("is caught when its gzip data is cut or is no gzip, when it is empty, and when it is no backup", async () => {
    const whole = gzipSync(await oldScript());
    const problems: (string | undefined)[] = [];
    const files: [string, Buffer][] = [["cut.sql.gz", whole.subarray(0, whole.length - 500)], ["none.sql.gz", Buffer.from("hello")], ["empty.sql.gz", Buffer.alloc(0)], ["letter.sql.gz", gzipSync("Dear team,\n")], ["random.dump", Buffer.alloc(5_000, 7)]];
    await holdfast.protect(server, {});
    for (const [file, content] of files) {
      const backup = await foreign(file, content);
      await holdfast.db.backup.update({ where: { id: backup.id }, data: { databaseId: (await holdfast.db.database.findFirstOrThrow()).id } });
      problems.push((await verify(backup.id)).problem?.code);
      expect(await holdfast.db.backup.findUnique({ where: { id: backup.id } })).toMatchObject({ rung: 1, intactAt: null, readableAt: null });
    }
    expect(problems).toEqual(["backup.not_gzip", "backup.not_gzip", "backup.empty_file", "backup.truncated", "backup.undecodable"]);
  });

  it("of a cut custom archive that was packed anew is caught by pg_restore", async () => {
    const { file } = await stored("custom");
    const raw = spawnSync("zstd", ["-dc", file], { maxBuffer: 1 << 28 }).stdout;
    const cut = spawnSync("zstd", ["-c"], { input: raw.subarray(0, Math.floor(raw.length * 0.6)) }).stdout;
    const backup = await foreign("bimcalc_postgres_backup_20260101_020000.dump.zst", cut);
    expect((await verify(backup.id)).problem).toMatchObject({ code: "backup.undecodable" });
  });
});

describe("a store alone", () => {
  it("rebuilds the record with its counts and hashes, as stored until it is verified", async () => {
    const { backupId, file } = await stored("custom");
    const before = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { manifest: true } });
    const fresh = await testHoldfast();
    for (const each of holdfast.files()) copyFileSync(path.join(holdfast.storePath, each), path.join(fresh.storePath, each));
    const { runId } = await startRescanStore(fresh.ctx, { storeId: fresh.storeId });
    const run = await fresh.work(runId);
    expect(JSON.parse(run.result ?? "")).toEqual({ files: 1, known: 0, added: 1, missing: 0, foreign: 0, ignored: 0 });
    const after = await fresh.db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { manifest: true, copies: true } });
    expect(after).toMatchObject({ rung: 1, rows: before.rows, takenAt: before.takenAt, readableAt: null });
    expect(JSON.parse(after.manifest?.content ?? "")).toEqual(JSON.parse(before.manifest?.content ?? ""));
    expect(after.copies[0]?.key).toBe(path.basename(file));
    await fresh.close();
  });

  it.each([
    ["cut short", (content: Buffer) => content.subarray(0, Math.floor(content.length * 0.6)), "backup.wrong_size"],
    ["emptied", () => Buffer.alloc(0), "backup.empty_file"],
  ])("keeps what the description says of a file that was %s, and shows the file as damaged", async (_, damage, code) => {
    const { backupId, file } = await stored("custom");
    const before = await holdfast.db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { manifest: true } });
    const fresh = await testHoldfast();
    for (const each of holdfast.files()) copyFileSync(path.join(holdfast.storePath, each), path.join(fresh.storePath, each));
    const whole = readFileSync(file);
    writeFileSync(path.join(fresh.storePath, path.basename(file)), damage(whole));
    const { runId } = await startRescanStore(fresh.ctx, { storeId: fresh.storeId });
    const run = await fresh.work(runId);
    expect(JSON.parse(run.result ?? "")).toEqual({ files: 1, known: 0, added: 1, missing: 0, foreign: 0, ignored: 0 });
    expect(run.events.some(({ type, message }) => type === "warning" && message.includes(path.basename(file)))).toBe(true);
    const after = await fresh.db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { manifest: true } });
    expect(after).toMatchObject({ origin: "holdfast", rung: 1, intactAt: null, readableAt: null, provenAt: null, rows: before.rows, takenAt: before.takenAt });
    expect(JSON.parse(after.problem ?? "null")).toMatchObject({ code, rung: "intact" });
    expect(JSON.parse(after.manifest?.content ?? "")).toEqual(JSON.parse(before.manifest?.content ?? ""));
    // Put right by hand, it climbs again.
    writeFileSync(path.join(fresh.storePath, path.basename(file)), whole);
    const verified = await startVerifyBackup(fresh.ctx, { backupId });
    expect((await fresh.work(verified.runId)).problem?.code).not.toBe(code);
    expect(await fresh.db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ intactAt: expect.any(Date) });
    await fresh.close();
  });

  it("takes a file whose description claims to be a backup that is on record with another hash for a foreign one", async () => {
    const { backupId, file } = await stored("custom");
    const other = path.basename(file).replace(/_\d{6}\./, "_235959.");
    const sidecar = JSON.parse(readFileSync(`${file}.json`, "utf8")) as { file: object };
    writeFileSync(path.join(holdfast.storePath, other), "anything at all");
    writeFileSync(path.join(holdfast.storePath, `${other}.json`), JSON.stringify({ ...sidecar, file: { name: other, sizeBytes: 15, sha256: "a".repeat(64) } }));
    const run = await rescan();
    expect(JSON.parse(run.result ?? "")).toMatchObject({ known: 1, added: 1, foreign: 1 });
    expect(run.events.filter(({ type }) => type === "warning").map(({ message }) => message)).toEqual([expect.stringContaining("on record with another SHA-256")]);
    expect(await holdfast.db.copy.findMany({ where: { backupId }, select: { key: true } })).toEqual([{ key: path.basename(file) }]);
    expect(await holdfast.db.copy.findFirstOrThrow({ where: { key: other }, include: { backup: true } })).toMatchObject({ backup: { origin: "foreign" } });
  });

  it("marks what is gone and welcomes it back", async () => {
    const { backupId, file } = await stored("plain");
    const content = readFileSync(file);
    rmSync(file);
    await rescan();
    expect(await holdfast.db.backup.findUnique({ where: { id: backupId } })).toMatchObject({ rung: 1, readableAt: null });
    writeFileSync(file, content);
    await rescan();
    expect(await holdfast.db.copy.findFirst({ where: { backupId } })).toMatchObject({ missingAt: null });
    expect((await verify(backupId)).status).toBe("succeeded");
  });
});

describe("deleting a backup", () => {
  it("removes its files, keeps its row, and wants the name typed", async () => {
    const { backupId } = await stored("custom");
    await expect(startDeleteBackup(holdfast.ctx, { backupId, phrase: "yes", reason: "superseded" })).rejects.toMatchObject({ code: "backup.wrong_phrase" });
    await keepBackup(holdfast.ctx, { backupId, keep: true });
    await expect(startDeleteBackup(holdfast.ctx, { backupId, phrase: "bimcalc", reason: "superseded" })).rejects.toMatchObject({ code: "backup.kept" });
    await keepBackup(holdfast.ctx, { backupId, keep: false });
    const { runId } = await startDeleteBackup(holdfast.ctx, { backupId, phrase: "bimcalc", reason: "superseded" });
    expect((await holdfast.work(runId)).status).toBe("succeeded");
    expect(holdfast.files()).toEqual([]);
    expect(await holdfast.db.backup.findUnique({ where: { id: backupId } })).toMatchObject({ deletedAt: expect.any(Date) });
  });
});

it("reads a packed plain dump that gunzip reads too", async () => {
  const { file } = await stored("plain");
  expect(gunzipSync(readFileSync(file)).toString()).toContain("PostgreSQL database dump complete");
});
