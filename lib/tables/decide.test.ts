import { describe, expect, it } from "vitest";
import { planApply } from "./decide";
import { dependenciesOf, tiedTo } from "./dependencies";
import { copyName, fitted, stagingName } from "./names";
import { plainKey } from "./rewrite";
import { changePhrase } from "./words";
import type { ComparedTable, Comparison, TableChoice } from "./schemas";

function compared(name: string, extra: Partial<ComparedTable> = {}): ComparedTable {
  return {
    schema: "public", name, live: "table", key: ["id"], backupRows: 100, liveRows: 90, onlyBackup: 20, onlyLive: 10, changed: 5, columns: ["id"],
    examples: { onlyBackup: [], onlyLive: [], changed: [] }, columnsGone: [], columnsNew: [], triggers: [], isOwner: true, ...extra,
  };
}

const key = (from: string, to: string) => ({ name: `${from}_${to}`, from: { schema: "public", name: from }, to: { schema: "public", name: to }, inLive: true, inBackup: true });

function plan(tables: [ComparedTable, TableChoice][], extra: Partial<Comparison> = {}) {
  const comparison: Comparison = { at: "2026-09-22T09:14:00Z", tables: tables.map(([table]) => table), foreignKeys: [], isSuperuser: true, stagedBytes: 0, copiesTaken: [], databaseOid: "5", ...extra };
  const facts = { id: "t1", backupId: "b1", databaseId: "d1", databaseName: "bimcalc", comparison, now: new Date("2026-09-22T09:14:00Z") };
  return planApply(facts, { tableRestoreId: "t1", tables: tables.map(([table, what]) => ({ schema: table.schema, name: table.name, do: what })), keepHours: 24 });
}

describe("what is confirmed", () => {
  it("tells what takes rows out first, in rows", () => {
    const { consequences, blocked, phrase } = plan([[compared("orders"), "copy"], [compared("lines"), "insert"], [compared("items"), "replace"], [compared("rest"), "none"]]);
    expect(blocked).toEqual([]);
    expect(phrase).toBe("bimcalc");
    expect(consequences.map((text) => text.replaceAll("\u00a0", " "))).toEqual([
      "public.items: 10 rows taken out, 5 set back to the backup, 20 rows come back.",
      "public.lines: 20 rows come back; nothing is taken out or changed.",
      "100 rows are put into a new table public.orders_restored_20260922. public.orders is not touched.",
    ]);
  });

  it("is titled by what is done, and counts copies apart", () => {
    const said = (...choices: TableChoice[]) => changePhrase(choices).replaceAll("\u00a0", " ");
    expect(said("replace", "insert", "copy", "none")).toBe("Change 2 tables, keep a copy of 1");
    expect([said("replace"), said("insert", "insert", "copy"), said("copy")]).toEqual(["Replace rows of 1 table", "Insert missing rows into 2 tables, keep a copy of 1", "Keep a copy of 1 table"]);
  });

  it("names of rows that others changed the keys that are integers or UUIDs by type, and no other keys, because errors stay on record", () => {
    const named = (...types: string[]) => {
      const columns = types.map((type, index) => ({ name: `c${index}`, quoted: `c${index}`, type, notNull: true, isGenerated: false, hasDefault: false }));
      return plainKey({ key: columns.map(({ name, quoted }) => ({ name, quoted, equals: "=" })), live: { columns } })?.name ?? null;
    };
    expect(["smallint", "integer", "bigint", "uuid"].map((type) => named(type))).toEqual(["c0", "c0", "c0", "c0"]);
    // As text, numbers are telephones and cards of people.
    expect([named("text"), named("character varying(19)"), named("numeric"), named("public.telephone"), named("integer", "integer"), named()]).toEqual([null, null, null, null, null, null]);
  });

  it("has a hash that changes with what is done, and not with counts", () => {
    const { hash } = plan([[compared("orders"), "replace"]]);
    expect(plan([[compared("orders", { onlyLive: 999 }), "replace"]]).hash).toBe(hash);
    expect(plan([[compared("orders"), "insert"]]).hash).not.toBe(hash);
    expect(plan([[compared("orders"), "replace"]], { databaseOid: "6" }).hash).not.toBe(hash);
  });

  it("stands in the way of nothing chosen, of tables that are gone, and of what a role may not", () => {
    expect(plan([[compared("orders"), "none"]]).blocked[0]).toContain("Nothing is chosen");
    expect(plan([[compared("orders", { live: "missing" }), "insert"]]).blocked[0]).toContain("public.orders is not in the live database");
    expect(plan([[compared("orders", { live: "missing" }), "copy"]]).blocked).toEqual([]);
    expect(plan([[compared("orders", { isOwner: false }), "insert"]], { isSuperuser: false }).blocked[0]).toContain("does not own public.orders");
    expect(plan([[compared("orders"), "replace"]], { isSuperuser: false, foreignKeys: [key("lines", "orders")] }).blocked[0]).toContain("public.lines refers to public.orders");
    expect(plan([[compared("orders"), "insert"]], { isSuperuser: false, foreignKeys: [key("lines", "orders")] }).blocked).toEqual([]);
  });

  it("takes another name for a copy where one is taken", () => {
    const { decision } = plan([[compared("orders"), "copy"]], { copiesTaken: ["public.orders_restored_20260922"] });
    expect(decision.tables[0]?.copyName).toBe("orders_restored_20260922_2");
  });
});

describe("names", () => {
  it("fit 63 bytes and cut no character in two", () => {
    expect(stagingName("bimcalc", 12)).toBe("bimcalc__tables_r12");
    for (const base of ["ä".repeat(60), "日".repeat(40), "😀".repeat(30), "x".repeat(63)]) {
      const name = stagingName(base, 123_456);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(Buffer.from(name).toString()).toBe(name);
    }
    expect(fitted("a", "_b")).toBe("a_b");
    expect(copyName({ schema: "s", name: "t" }, new Date("2026-01-02"), new Set())).toBe("t_restored_20260102");
  });
});

describe("foreign keys", () => {
  const keys = [key("lines", "orders"), key("orders", "vendors"), key("tree", "tree")];
  it("tie tables in both directions, and a table never to itself", () => {
    expect(dependenciesOf({ schema: "public", name: "orders" }, keys)).toEqual({ refersTo: [{ schema: "public", name: "vendors" }], referredBy: [{ schema: "public", name: "lines" }] });
    expect(dependenciesOf({ schema: "public", name: "tree" }, keys)).toEqual({ refersTo: [], referredBy: [] });
  });

  it("name the tables that are not chosen yet and can be", () => {
    const tied = tiedTo([{ schema: "public", name: "orders" }], keys, (table) => table.name !== "vendors");
    expect(tied.map((table) => table.name)).toEqual(["lines"]);
  });
});
