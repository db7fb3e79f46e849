import { createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { recordAudit } from "./record";
import { verifyChain } from "./verify";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function record(count: number) {
  const ctx = await test.as("operator");
  for (let i = 1; i <= count; i++) {
    test.clock.advance(1_000);
    await transaction(ctx, (tx) =>
      recordAudit(tx, ctx, { action: "backup.finished", outcome: "succeeded", sentence: `Backup ${i} of bimcalc`, sizeBytes: 742 * 2 ** 20, records: 3_000_000, after: { rung: "readable" } }),
    );
  }
}

/** What someone with the file in their hands could do: take the guard away, change a row. */
async function tamper(sql: string) {
  await test.db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_no_update"`);
  await test.db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_no_delete"`);
  await test.db.$executeRawUnsafe(sql);
}

describe("the audit log", () => {
  it("refuses to change or forget an entry", async () => {
    await record(1);
    // Asked directly: Prisma takes any constraint it does not know for a foreign key.
    const client = createClient({ url: test.url });
    await expect(client.execute(`UPDATE "AuditEntry" SET sentence = 'Nothing happened'`)).rejects.toThrow("append-only");
    await expect(client.execute(`DELETE FROM "AuditEntry"`)).rejects.toThrow("append-only");
    client.close();
    await expect(test.db.auditEntry.deleteMany()).rejects.toThrow();
    expect(await test.db.auditEntry.findMany()).toMatchObject([{ sentence: "Backup 1 of bimcalc", sizeBytes: 778_043_392n }]);
  });

  it("takes an entry back with the transaction it belongs to", async () => {
    const ctx = await test.as("operator");
    const work = transaction(ctx, async (tx) => {
      await recordAudit(tx, ctx, { action: "backup.started", outcome: "started", sentence: "Backup of bimcalc" });
      throw new Error("the work failed");
    });
    await expect(work).rejects.toThrow("the work failed");
    expect(await test.db.auditEntry.count()).toBe(0);
  });

  it("keeps one chain when many write at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => record(1)));
    expect(await verifyChain(test.db)).toMatchObject({ verified: 20, brokenAt: null });
  });
});

describe("verifyChain", () => {
  it("finds an untouched chain whole", async () => {
    expect(await verifyChain(test.db)).toEqual({ verified: 0, lastId: null, brokenAt: null });
    await record(5);
    expect(await verifyChain(test.db)).toEqual({ verified: 5, lastId: 5, brokenAt: null });
  });

  it.each([
    ["the sentence", `UPDATE "AuditEntry" SET sentence = 'Backup 3 of orders' WHERE id = 3`],
    ["the time", `UPDATE "AuditEntry" SET at = '2026-09-21T09:14:03.000+00:00' WHERE id = 3`],
    ["the actor", `UPDATE "AuditEntry" SET "actorName" = 'Someone else' WHERE id = 3`],
    ["the size", `UPDATE "AuditEntry" SET "sizeBytes" = 1 WHERE id = 3`],
    ["what it was after", `UPDATE "AuditEntry" SET after = '{"rung":"proven"}' WHERE id = 3`],
  ])("finds an entry of which %s was changed", async (_, sql) => {
    await record(5);
    await tamper(sql);
    expect(await verifyChain(test.db)).toEqual({ verified: 2, lastId: 2, brokenAt: { id: 3, why: "changed" } });
  });

  it("finds where an entry was removed", async () => {
    await record(5);
    await tamper(`DELETE FROM "AuditEntry" WHERE id = 3`);
    expect(await verifyChain(test.db)).toEqual({ verified: 2, lastId: 2, brokenAt: { id: 4, why: "missing before" } });
  });
});
