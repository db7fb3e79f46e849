import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "@/lib/errors";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { kindOf } from "./kind";
import { storedName } from "./name";
import { prepareUpload, receiveUpload } from "./receive";
import { requireSameOrigin } from "./same-origin";
import { removeAbandonedUploads } from "./sweep";

let test: TestDatabase;
let store: string;
let storeId: string;

beforeEach(async () => {
  test = await testDatabase();
  store = path.join(test.directory, "store");
  mkdirSync(store);
  ({ id: storeId } = await test.db.store.create({ data: { name: "main", kind: "local", path: store } }));
});
afterEach(() => test.close());

const input = (name: string) => ({ storeId, name, modifiedAt: Date.parse("2026-09-20T01:02:03Z") });
const files = () => readdirSync(store);
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error);

async function nothingLeft() {
  expect(files()).toEqual([]);
  expect(await test.db.backup.count()).toBe(0);
  expect(await test.db.auditEntry.count({ where: { action: "backup.imported" } })).toBe(0);
}

describe("an upload", () => {
  it("is stored byte for byte, listed as foreign, hashed and audited", async () => {
    const ctx = await test.as("admin");
    const content = gzipSync(randomBytes(3 << 20));
    const pieces = Array.from({ length: Math.ceil(content.length / 50_000) }, (_, index) => content.subarray(index * 50_000, (index + 1) * 50_000));
    const sha256 = createHash("sha256").update(content).digest("hex");
    const done = await receiveUpload(ctx, input("bimcalc.sql.gz"), Readable.from(pieces, { objectMode: false }), content.length);
    expect(done).toMatchObject({ key: "bimcalc.sql.gz", sizeBytes: content.length, sha256 });
    expect(files()).toEqual(["bimcalc.sql.gz"]);
    expect(readFileSync(path.join(store, "bimcalc.sql.gz")).equals(content)).toBe(true);
    const backup = await test.db.backup.findUniqueOrThrow({ where: { id: done.backupId }, include: { copies: true } });
    expect(backup).toMatchObject({ origin: "foreign", format: "plain", rung: 1, databaseName: "bimcalc", initiatorName: "The admin", copies: [{ sha256, key: "bimcalc.sql.gz" }] });
    expect(backup.takenAt.toISOString()).toBe("2026-09-20T01:02:03.000Z");
    expect(await test.db.auditEntry.findMany({ where: { action: "backup.imported" } })).toMatchObject([{ outcome: "succeeded", backupId: done.backupId, actorName: "The admin" }]);
  });

  it("is never younger than now, whatever the sender's clock says", async () => {
    const { backupId } = await receiveUpload(await test.as("admin"), { ...input("a.sql"), modifiedAt: Date.parse("2099-01-01") }, Readable.from([Buffer.from("SELECT 1;")]), null);
    expect((await test.db.backup.findUniqueOrThrow({ where: { id: backupId } })).takenAt).toEqual(test.clock.now());
  });

  it.each([
    ["a.dump", gzipSync("x"), "upload.other_kind"],
    ["a.sql.gz", Buffer.from("SELECT 1;"), "upload.other_kind"],
    ["a.sql", Buffer.from("PGDMP and so on"), "upload.other_kind"],
    ["a.tar", Buffer.alloc(2_000), "upload.other_kind"],
    ["a.exe", Buffer.from("MZ"), "upload.unknown_kind"],
    ["a.sql", Buffer.alloc(0), "upload.empty"],
  ])("of %s with other bytes than its name says is refused and leaves nothing", async (name, content, code) => {
    const error = await receiveUpload(await test.as("admin"), input(name), Readable.from([content]), null).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe(code);
    await nothingLeft();
  });

  it("that is shorter than announced leaves nothing", async () => {
    const error = await receiveUpload(await test.as("admin"), input("a.sql"), Readable.from([Buffer.from("SELECT 1;")]), 900).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe("upload.cut_short");
    await nothingLeft();
  });

  it("never overwrites: of two with one name at once, one is refused and the other whole", async () => {
    const ctx = await test.as("admin");
    const results = await Promise.allSettled(["first", "other"].map((text) => receiveUpload(ctx, input("a.sql"), Readable.from([Buffer.from(text.repeat(200_000))]), null)));
    expect(results.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.flatMap((one) => (one.status === "rejected" ? [codeOf(one.reason)] : []))).toEqual(["upload.name_taken"]);
    expect(files()).toEqual(["a.sql"]);
    expect(await test.db.backup.count()).toBe(1);
    await expect(prepareUpload(ctx, { ...input("a.sql"), sizeBytes: 5 })).rejects.toMatchObject({ code: "upload.name_taken" });
  });

  it("larger than the room there is is refused before its first byte", async () => {
    await expect(prepareUpload(await test.as("admin"), { ...input("a.sql"), sizeBytes: 2 ** 52 })).rejects.toMatchObject({ code: "upload.no_room" });
  });

  it("whose sender goes away leaves nothing", async () => {
    const ctx = await test.as("admin");
    const outcome = new Promise<unknown>((resolve) => {
      const server = http.createServer((req) => {
        const body = Readable.from(req.iterator({ destroyOnReturn: false }), { objectMode: false });
        void receiveUpload(ctx, input("a.sql"), body, 1 << 30).then(resolve, resolve).finally(() => server.close());
      });
      server.listen(0, "127.0.0.1", () => {
        const request = http.request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", method: "POST", headers: { "Content-Length": 1 << 30 } });
        request.on("error", () => undefined);
        request.write(Buffer.alloc(1 << 20, "x"), () => setTimeout(() => request.destroy(), 200));
      });
    });
    await vi.waitFor(() => expect(files().some((name) => name.startsWith(".holdfast-partial-upload-"))).toBe(true));
    expect(await outcome).toMatchObject({ code: "ECONNRESET" });
    await nothingLeft();
  });
});

it("what a dead web process left of an upload is removed after an hour, and not before", async () => {
  writeFileSync(path.join(store, ".holdfast-partial-upload-1-old.sql"), "x");
  writeFileSync(path.join(store, ".holdfast-partial-upload-2-new.sql"), "x");
  utimesSync(path.join(store, ".holdfast-partial-upload-1-old.sql"), new Date(), new Date(Date.now() - 2 * 3_600_000));
  expect(await removeAbandonedUploads(test.db)).toBe(1);
  expect(files()).toEqual([".holdfast-partial-upload-2-new.sql"]);
});

it.each([
  ["../../etc/passwd.sql", "passwd.sql"],
  ["C:\\dumps\\my db (1).sql.gz", "my_db__1_.sql.gz"],
  [".hidden.dump", "_hidden.dump"],
  ["größe 数据.dump.zst", "größe_数据.dump.zst"],
  [`${"ä".repeat(300)}.sql.gz`, `${"ä".repeat(76)}.sql.gz`],
  ["bimcalc_postgres_backup_20260101_020000.sql.gz", "bimcalc_postgres_backup_20260101_020000.sql.gz"],
  ["v1.2.tar", "v1.2.tar"],
])("%s is stored as %s", (name, key) => {
  expect(storedName(name).key).toBe(key);
});

it("tells what a file is by its first bytes", () => {
  const tar = (first: string) => {
    const head = Buffer.alloc(512);
    head.write(first, 0);
    head.write("ustar", 257);
    return head;
  };
  expect([gzipSync("x"), Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.from("PGDMP"), tar("toc.dat"), tar("./"), Buffer.from("--\n"), Buffer.alloc(0)].map(kindOf)).toEqual(["gzip", "zstd", "archive", "tar", "files", "other", "other"]);
});

describe("a request", () => {
  it.each([
    [{ host: "holdfast.example", origin: "https://holdfast.example" }, true],
    [{ host: "inner:3000", "x-forwarded-host": "holdfast.example", origin: "https://holdfast.example", "sec-fetch-site": "same-origin" }, true],
    [{ host: "holdfast.example", origin: "https://evil.example" }, false],
    [{ host: "holdfast.example", origin: "https://holdfast.example", "sec-fetch-site": "same-site" }, false],
    [{ host: "holdfast.example", origin: "null" }, false],
    [{ host: "holdfast.example" }, false],
  ])("with %o is from our own page: %s", async (headers, own) => {
    const check = requireSameOrigin(await test.as("admin"), headers, "backup.upload");
    if (own) await expect(check).resolves.toBeUndefined();
    else await expect(check).rejects.toMatchObject({ code: "upload.other_origin", kind: "forbidden" });
    expect(await test.db.auditEntry.findMany()).toMatchObject(own ? [] : [{ action: "access.refused", outcome: "refused", actorName: "The admin", after: '{"attempt":"backup.upload","code":"upload.other_origin"}' }]);
  });
});
