import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { openBackupFile } from "./open-backup-file";
import { recordDownload } from "./record-download";
import { clientWentAway, sendFile } from "./send-file";

const key = "größe_postgres_backup_20260922_020000.dump";
const content = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251));

let test: TestDatabase;
let server: http.Server;
let url: string;
let failures: unknown[];
let store: string;

beforeEach(async () => {
  test = await testDatabase();
  store = path.join(test.directory, "store");
  mkdirSync(store);
  writeFileSync(path.join(store, key), content);
  writeFileSync(path.join(test.directory, "secret"), "not for you");
  await addBackup("one", key);
  failures = [];
  const ctx = await test.as("operator");
  server = http.createServer((req, res) => {
    void (async () => {
      const file = await openBackupFile(ctx, { id: "one", part: "backup" });
      try {
        await sendFile(req, res, file, (start) => recordDownload(ctx, file, start));
      } catch (error) {
        failures.push(error);
      } finally {
        await file.handle.close();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await test.close();
});

async function addBackup(id: string, fileKey: string, rolesKey: string | null = null) {
  const at = test.clock.now();
  const { id: storeId } = await test.db.store.upsert({ where: { name: "main" }, create: { name: "main", kind: "local", path: store }, update: {} });
  await test.db.backup.create({
    data: {
      id, databaseName: "größe", origin: "holdfast", format: "custom", takenAt: at, sizeBytes: 1_000n, initiatorKind: "user", initiatorName: "Maeve Byrne", rung: 1,
      copies: { create: { storeId, key: fileKey, rolesKey, sizeBytes: 1_000n, sha256: "ab".repeat(32), storedAt: at } },
    },
  });
}
const audited = () => test.db.auditEntry.findMany({ where: { action: "backup.downloaded" } });

describe("sendFile", () => {
  it("sends the whole file with its length, name and hash, and records it once", async () => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("1000");
    expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe_postgres");
    expect(response.headers.get("repr-digest")).toBe(`sha-256=:${Buffer.from("ab".repeat(32), "hex").toString("base64")}:`);
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    expect(await audited()).toMatchObject([{ backupId: "one", sizeBytes: 1_000n, actorName: "The operator" }]);
  });

  it("goes on where a download broke off, unless the file is another one now", async () => {
    const etag = (await fetch(url, { method: "HEAD" })).headers.get("etag") ?? "";
    const rest = await fetch(url, { headers: { range: "bytes=400-", "if-range": etag } });
    expect([rest.status, rest.headers.get("content-range"), rest.headers.get("content-length")]).toEqual([206, "bytes 400-999/1000", "600"]);
    expect(Buffer.from(await rest.arrayBuffer()).equals(content.subarray(400))).toBe(true);
    const changed = await fetch(url, { headers: { range: "bytes=400-", "if-range": '"older"' } });
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 1_000]);
    // HEAD carries no bytes; whoever asks for the rest alone has left a trace as well.
    expect((await audited()).map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/ from byte 400 on$/), expect.stringMatching(/^Downloaded \S+$/)]);
  });

  it("refuses a range past the end", async () => {
    const response = await fetch(url, { headers: { range: "bytes=1000-" } });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
  });

  it("breaks the connection when the file got shorter while it was sent", async () => {
    writeFileSync(path.join(store, key), Buffer.alloc(64 << 20));
    const response = await fetch(url);
    truncateSync(path.join(store, key), 1 << 20);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(String(failures[0])).toContain("The file ended after");
  });

  it("ends quietly when the client goes away", async () => {
    writeFileSync(path.join(store, key), Buffer.alloc(64 << 20));
    const stop = new AbortController();
    await fetch(url, { signal: stop.signal });
    stop.abort();
    for (let i = 0; i < 100 && failures.length === 0; i++) await sleep(20);
    expect(failures.map(clientWentAway)).toEqual([true]);
  });
});

describe("openBackupFile", () => {
  it("says that a file is missing, and which", async () => {
    await addBackup("gone", "gone.dump");
    await expect(openBackupFile(test, { id: "gone", part: "backup" })).rejects.toMatchObject({ code: "download.file_missing", kind: "not_found", message: "gone.dump is not in main any more, so there is nothing to download." });
    await expect(openBackupFile(test, { id: "one", part: "sidecar" })).rejects.toMatchObject({ code: "download.file_missing" });
    await expect(openBackupFile(test, { id: "one", part: "roles" })).rejects.toMatchObject({ code: "download.no_roles" });
    await expect(openBackupFile(test, { id: "nothing", part: "backup" })).rejects.toMatchObject({ code: "download.no_backup" });
  });

  it("does not follow a key out of the store", async () => {
    await addBackup("out", "../secret", "/etc/passwd");
    await expect(openBackupFile(test, { id: "out", part: "backup" })).rejects.toMatchObject({ code: "store.outside" });
    await expect(openBackupFile(test, { id: "out", part: "roles" })).rejects.toMatchObject({ code: "store.outside" });
  });

  it("forgets a deleted backup", async () => {
    await test.db.backup.updateMany({ data: { deletedAt: test.clock.now() } });
    await expect(openBackupFile(test, { id: "one", part: "backup" })).rejects.toMatchObject({ code: "download.no_backup" });
  });
});
