import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toAuditRow } from "@/lib/audit/list";
import { verifyChain } from "@/lib/audit/verify";
import type { Context } from "@/lib/context";
import { addDatabase } from "@/lib/databases/manage";
import { AddDatabaseInput } from "@/lib/databases/schemas";
import { readOverview } from "@/lib/monitoring/read";
import { addStore } from "@/lib/stores/manage";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { importHistory } from "./history";

let test: TestDatabase;
let admin: Context;
beforeEach(async () => {
  test = await testDatabase();
  admin = await test.as("admin");
});
afterEach(() => test.close());

const good = (stamp: string) => `BIMCalc PostgreSQL Backup (Docker)\n   Price items: 32\n✅ Backup created: ./backups/bimcalc_postgres_backup_${stamp}.sql (72K)\n✅ Compressed: ./backups/bimcalc_postgres_backup_${stamp}.sql.gz (16K)\n✅ Backup integrity verified (compressed)\n✅ Backup Complete\n`;
const failed = "BIMCalc PostgreSQL Backup (Docker)\n❌ PostgreSQL container is not running\n";
const log = `${good("20251112_020001")}${failed}what is this\n${good("20251114_020002")}`;

async function* body(text: string, size = 7) {
  const all = new TextEncoder().encode(text);
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}
const preview = (text = log, timeZone = "Europe/Dublin") => importHistory(admin, { timeZone }, body(text));
const write = async (text = log, timeZone = "Europe/Dublin") => importHistory(admin, { timeZone, hash: (await preview(text, timeZone)).hash }, body(text));
const imported = async () => (await test.db.auditEntry.findMany({ where: { action: "history.imported" }, orderBy: { id: "asc" } })).map(toAuditRow);

describe("importHistory", () => {
  it("shows first, and changes nothing by that", async () => {
    expect(await preview()).toMatchObject({ runs: 3, known: 0, succeeded: 2, failed: 1, from: "2025-11-12T02:00:01.000Z", to: "2025-11-14T02:00:02.000Z", notUnderstoodTotal: 1, notUnderstood: [{ line: 9, text: "what is this" }], written: null });
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("writes each run once, marked as imported, with the time it happened beside the time of the import", async () => {
    expect(await write()).toMatchObject({ written: 3 });
    expect(await write()).toMatchObject({ runs: 3, known: 3, written: 0 });
    expect(await write(log + good("20251115_020000"))).toMatchObject({ known: 3, written: 1 });
    const rows = await imported();
    expect(rows.map(({ outcome, origin, at, actorName, sizeBytes }) => ({ outcome, origin, at, actorName, sizeBytes }))).toEqual(
      ["succeeded", "failed", "succeeded", "succeeded"].map((outcome) => ({ outcome, origin: "logs/backup.log", at: "2026-09-22T09:14:00.000Z", actorName: "The admin", sizeBytes: outcome === "failed" ? null : 16_384 })),
    );
    expect(rows.map(({ sentence }) => sentence.replaceAll("\u00a0", " ")).slice(0, 2)).toEqual([
      "From logs/backup.log: backup of bimcalc on 12 Nov 2025 02:00:01 UTC ended as complete",
      "From logs/backup.log: backup between 12 Nov 2025 02:00:01 UTC and 14 Nov 2025 02:00:02 UTC failed",
    ]);
    expect(rows[0]?.after).toMatchObject({ imported: true, happenedAt: "2025-11-12T02:00:01.000Z", size: "16K", counts: { "Price items": 32 }, lines: "1 to 6" });
    expect(rows[1]).toMatchObject({ reason: "PostgreSQL container is not running" });
    expect(await verifyChain(test.db)).toMatchObject({ verified: 4, brokenAt: null });
  });

  it("leaves out what Holdfast made itself, since it saw that", async () => {
    const { storeId } = await addStore(admin, { name: "local-disk", path: "/srv/backups" });
    await test.db.backup.create({ data: { databaseName: "bimcalc", origin: "holdfast", format: "plain", takenAt: test.clock.now(), sizeBytes: 1n, initiatorKind: "cli", initiatorName: "cron", rung: 3, copies: { create: { storeId, key: "bimcalc_postgres_backup_20251114_020002.sql.gz", sizeBytes: 1n, storedAt: test.clock.now() } } } });
    expect(await write()).toMatchObject({ runs: 3, known: 1, written: 2 });
  });

  it("goes by the wall clock of the machine that wrote it, also where it was put forward or back", async () => {
    const at = async (stamp: string, zone: string) => (await preview(good(stamp), zone)).from;
    expect(await at("20250701_020000", "Europe/Dublin")).toBe("2025-07-01T01:00:00.000Z");
    expect(await at("20250701_020000", "America/New_York")).toBe("2025-07-01T06:00:00.000Z");
    expect(await at("20250330_013000", "Europe/Dublin")).toBe("2025-03-30T01:00:00.000Z");
    expect(await at("20251026_013000", "Europe/Dublin")).toBe("2025-10-26T00:30:00.000Z");
    expect(await at("20251399_996161", "UTC")).toBeNull();
  });

  it("refuses what was not shown, what has no run, and what is too large", async () => {
    await expect(importHistory(admin, { timeZone: "UTC", hash: "other" }, body(log))).rejects.toMatchObject({ code: "import.changed" });
    await expect(preview("nothing\nof the kind\n")).rejects.toMatchObject({ code: "import.no_run" });
    await expect(importHistory(admin, { timeZone: "UTC" }, (async function* () { for (let n = 0; n < 40; n += 1) yield new Uint8Array(1024 ** 2); })())).rejects.toMatchObject({ code: "import.too_large" });
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("makes no database better than it is", async () => {
    const { storeId } = await addStore(admin, { name: "local-disk", path: "/srv/backups" });
    const { databaseId } = await addDatabase(admin, AddDatabaseInput.parse({ container: "c", databaseName: "bimcalc", role: "r", storeId }));
    const before = await readOverview(admin);
    await write(good("20260922_020000"));
    expect(await readOverview(admin)).toEqual(before);
    expect((await test.db.auditEntry.findFirstOrThrow({ where: { action: "history.imported" } })).databaseId).toBe(databaseId);
    expect(await test.db.backup.count()).toBe(0);
  });
});
