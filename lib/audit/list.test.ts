import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { auditPageSize, listAudit } from "./list";
import { recordAudit } from "./record";
import { AuditParams } from "./search-params";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function entries(many: number) {
  const ctx = await test.as("admin");
  for (let made = 1; made <= many; made += 1) {
    await test.db.$transaction((tx) => recordAudit(tx, ctx, { action: "backup.started", outcome: made % 2 === 0 ? "failed" : "succeeded", sentence: `Backup ${made} of orders` }));
  }
}
const list = (query: Record<string, string> = {}) => listAudit(test, AuditParams.parse(query));

describe("listAudit", () => {
  it("pages from the newest, and is empty past the end", async () => {
    await entries(auditPageSize + 2);
    expect((await list()).rows.at(0)?.sentence).toBe(`Backup ${auditPageSize + 2} of orders`);
    expect((await list()).rows).toHaveLength(auditPageSize);
    expect((await list({ page: "2" })).rows.map(({ sentence }) => sentence)).toEqual(["Backup 2 of orders", "Backup 1 of orders"]);
    expect(await list({ page: "3" })).toEqual({ rows: [], total: auditPageSize + 2 });
  });

  it("searches sentences together with the filters", async () => {
    await entries(12);
    expect((await list({ q: "BACKUP 1" })).rows.map(({ sentence }) => sentence)).toEqual(["Backup 12 of orders", "Backup 11 of orders", "Backup 10 of orders", "Backup 1 of orders"]);
    expect((await list({ q: "backup 1", outcome: "failed" })).total).toBe(2);
    expect(await list({ q: "nothing" })).toEqual({ rows: [], total: 0 });
  });
});
