import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { testDatabase, type TestDatabase } from "@/lib/testing/database";
import { checkChain, checkChainDaily, readChain } from "./check-chain";
import { csvCell, exportAudit } from "./export";
import { listAudit } from "./list";
import { recordAudit } from "./record";
import { AuditParams } from "./search-params";

let test: TestDatabase;
beforeEach(async () => void (test = await testDatabase()));
afterEach(() => test.close());

async function record(sentence: string, outcome: "succeeded" | "refused" = "succeeded") {
  const ctx = await test.as("operator");
  test.clock.advance(60_000);
  await transaction(ctx, (tx) => recordAudit(tx, ctx, { action: "backup.finished", outcome, sentence, sizeBytes: 742 }));
}

describe("checkChain", () => {
  it("keeps what it found, and counts what came since", async () => {
    expect(await readChain(test)).toBeNull();
    await record("Backup of bimcalc");
    await checkChain(test);
    await record("Backup of orders");
    expect(await readChain(test)).toMatchObject({ verified: 1, lastId: 1, brokenAt: null, since: 1, at: "2026-09-22T09:15:00.000Z" });
  });

  it("notices that the end of the log was cut off", async () => {
    await record("one");
    await record("two");
    await checkChain(test);
    await test.db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_no_delete"`);
    await test.db.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE id = 2`);
    expect(await checkChain(test)).toMatchObject({ brokenAt: { id: 2, why: "removed" } });
    // And goes on saying so: a second look does not heal it.
    expect(await checkChain(test)).toMatchObject({ brokenAt: { id: 2, why: "removed" } });
  });
});

describe("a break in the middle", () => {
  it("does not hide that what lay behind it vanished afterwards", async () => {
    for (const sentence of ["one", "two", "three", "four"]) await record(sentence);
    await checkChain(test);
    await test.db.$executeRawUnsafe(`DROP TRIGGER "AuditEntry_no_delete"`);
    await test.db.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE id = 2`);
    expect(await checkChain(test)).toMatchObject({ lastId: 4, brokenAt: { id: 3, why: "missing before" } });
    await test.db.$executeRawUnsafe(`DELETE FROM "AuditEntry" WHERE id > 2`);
    expect(await checkChain(test)).toMatchObject({ lastId: 4, brokenAt: { id: 4, why: "removed" } });
  });
});

describe("checkChainDaily", () => {
  it("checks at the first look, and then once after three o'clock each day", async () => {
    test.clock.set("2026-09-22T09:00:00Z");
    expect([await checkChainDaily(test), await checkChainDaily(test)]).toEqual([true, false]);
    test.clock.set("2026-09-23T02:59:00Z");
    expect(await checkChainDaily(test)).toBe(false);
    test.clock.set("2026-09-23T03:00:00Z");
    expect([await checkChainDaily(test), await checkChainDaily(test)]).toEqual([true, false]);
  });
});

describe("listAudit", () => {
  it("pages, filters and searches", async () => {
    for (let i = 1; i <= 27; i++) await record(`Backup ${i} of bimcalc`, i === 3 ? "refused" : "succeeded");
    const list = (query: Record<string, string>) => listAudit(test, AuditParams.parse(query));
    expect(await list({})).toMatchObject({ total: 27, rows: { length: 25, 0: { id: 27 } } });
    expect((await list({ page: "2" })).rows.map(({ id }) => id)).toEqual([2, 1]);
    expect(await list({ outcome: "refused" })).toMatchObject({ total: 1, rows: [{ sentence: "Backup 3 of bimcalc", sizeBytes: 742 }] });
    expect((await list({ q: "Backup 1" })).total).toBe(11);
    expect((await list({ who: "Nobody" })).total).toBe(0);
    expect((await list({ range: "24h" })).total).toBe(27);
  });
});

describe("exportAudit", () => {
  it("writes all pages in both formats", async () => {
    await record("Backup of bimcalc, before upgrade");
    const ask = (format: "csv" | "json") => exportAudit(test, { q: null, who: null, action: null, database: null, outcome: null, range: null, format });
    const csv = ask("csv");
    expect(csv.headers.get("Content-Disposition")).toBe('attachment; filename="holdfast-audit-2026-09-22.csv"');
    const [head, row] = (await csv.text()).split("\r\n");
    expect(head).toMatch(/^id,at,actorKind,/);
    expect(row).toContain('"Backup of bimcalc, before upgrade"');
    expect(JSON.parse(await ask("json").text())).toMatchObject([{ id: 1, action: "backup.finished" }]);
  });
  it("lets no cell be taken for a formula", () => {
    expect(csvCell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
    expect(csvCell('say "no"')).toBe('"say ""no"""');
    expect(csvCell(-3)).toBe("-3");
    expect(csvCell(null)).toBe("");
  });
});
