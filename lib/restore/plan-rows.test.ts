import { describe, expect, it } from "vitest";
import { byDifference, differenceOf, isThere, namesOf, planRowsPage, planRowsPerPage, planTotals, rowsSentence, tablesWords } from "./plan-rows";
import type { PlanRow } from "./schemas";

const row = (name: string, now: number | null, after: number | null, schema = "public", only: PlanRow["only"] = null): PlanRow => ({ schema, name, now, after, difference: differenceOf({ now, after, only }), only });
const onlyLive = (name: string, now: number | null) => row(name, now, null, "public", "live");
const onlyBackup = (name: string, after: number | null) => row(name, null, after, "public", "backup");
const takenAt = "2026-09-22T02:00:04Z";
const plain = (text: string) => text.replaceAll("\u00a0", " ");

function say(rows: PlanRow[] | null, since: string | null = takenAt) {
  const sum = (of: (row: PlanRow) => number) => rows?.reduce((total, one) => total + of(one), 0) ?? null;
  const { lead, rest } = rowsSentence(
    { rows, rowsTakenOut: sum((one) => Math.max(0, -(one.difference ?? 0))), rowsBack: sum((one) => Math.max(0, one.difference ?? 0)), tablesTakenFrom: (rows ?? []).filter((one) => (one.difference ?? 0) < 0).map((one) => `${one.schema}.${one.name}`) },
    since,
  );
  return plain(lead + rest);
}

describe("rowsSentence", () => {
  it("counts what is lost first, then what comes back, naming the only table", () => {
    expect(say([row("price_items", 8_398_112, 8_412_306), row("match_results", 1_906_310, 1_904_778), row("projects", 1_287, 1_286)])).toBe("1,533 rows written since 22 Sep 02:00 are taken out of 2 tables. 14,194 rows missing from price_items come back.");
  });
  it("says one row as one", () => expect(say([row("a", 2, 1), row("b", 0, 1), row("c", 1, 1)])).toBe("1 row written since 22 Sep 02:00 is taken out of 1 table. 1 row missing from b comes back."));
  it("does not call equal counts equal rows", () => expect(say([row("a", 2, 2)])).toBe("Every table that was counted has as many rows now as afterwards. Rows that were changed since 22 Sep 02:00 become what they were."));
  it("does not say of another database when its rows were written", () => {
    expect(say([row("a", 300, 0), row("b", 0, 5)], null)).toBe("300 rows are taken out of 1 table. 5 rows missing from b come back.");
    expect(say([row("a", 2, 2)], null)).toBe("Every table that was counted has as many rows now as afterwards.");
  });
  it("counts the tables that rows come back to", () => expect(say([row("a", 0, 2), row("b", 0, 3)])).toBe("5 rows missing from 2 tables come back. Rows that were changed since 22 Sep 02:00 become what they were."));
  it("names tables that only one of the two has, also where they hold no row", () => {
    expect(say([row("a", 2, 2), onlyLive("drafts", 0)], null)).toBe("Every table that was counted has as many rows now as afterwards. drafts is not in the backup and gone afterwards.");
    expect(say([onlyLive("drafts", 7), onlyLive("notes", 0), onlyBackup("prices", 5)], null)).toBe(
      "7 rows are taken out of 1 table. 5 rows missing from prices come back. drafts and notes are not in the backup and gone afterwards. prices is not there now and comes back.",
    );
    expect(rowsSentence({ rows: [onlyLive("drafts", 7)], rowsTakenOut: 7, rowsBack: 0, tablesTakenFrom: ["public.drafts"] }, null).dropped).toBe("drafts is not in the backup and gone afterwards.");
    expect(rowsSentence({ rows: [onlyBackup("prices", 7)], rowsTakenOut: 0, rowsBack: 7, tablesTakenFrom: [] }, null).dropped).toBe("");
  });
  it("says what was not counted instead of leaving it out", () => {
    expect(say([row("a", 5, 4), row("b", null, 4)])).toBe("1 row written since 22 Sep 02:00 is taken out of 1 table. 1 table could not be counted.");
    expect(say(null)).toBe("How many rows are taken out is not known.");
  });
});

describe("planTotals", () => {
  it("adds up, and knows no sum of what is not known", () => {
    expect(planTotals([row("a", 1, 2), row("b", 3, 1)])).toEqual({ now: 4, after: 3, difference: -1 });
    expect(planTotals([row("a", null, 2), row("b", 3, 1)])).toEqual({ now: null, after: 3, difference: null });
  });
});

describe("a table that only one of the two has", () => {
  it("is not there on the other side, and all of its rows are the difference", () => {
    expect(onlyLive("drafts", 7).difference).toBe(-7);
    expect(onlyBackup("prices", 5).difference).toBe(5);
    expect([onlyLive("drafts", null).difference, onlyBackup("prices", null).difference]).toEqual([null, null]);
    expect([isThere({ only: "live" }, "now"), isThere({ only: "live" }, "after"), isThere({ only: "backup" }, "now"), isThere({ only: "backup" }, "after"), isThere({ only: null }, "now")]).toEqual([true, false, false, true, true]);
  });
  it("leaves the sums known, and the number of tables says on which side it is", () => {
    expect(planTotals([row("a", 1, 2), onlyLive("drafts", 7), onlyBackup("prices", 5)])).toEqual({ now: 8, after: 7, difference: -1 });
    expect(planTotals([row("a", 1, 2), onlyLive("drafts", null)])).toEqual({ now: null, after: 2, difference: null });
    expect(tablesWords([row("a", 1, 2), onlyLive("drafts", 7), onlyLive("notes", 7)]).replaceAll("\u00a0", " ")).toBe("3 tables, 3 before and 1 after");
    expect(tablesWords([row("a", 1, 2)]).replaceAll("\u00a0", " ")).toBe("1 table");
  });
  it("stands before those that do not differ, though it holds no row", () => {
    expect([row("big", 9, 9), onlyLive("empty", 0), row("changed", 3, 1)].sort(byDifference).map(({ name }) => name)).toEqual(["changed", "empty", "big"]);
  });
});

describe("planRowsPage", () => {
  const rows = Array.from({ length: planRowsPerPage * 2 + 1 }, (_, index) => row(`part_${index}`, index, index));
  it("keeps the order and shows the last page for one past the end", () => {
    expect(planRowsPage(rows, { q: null, page: 1 }).rows).toEqual(rows.slice(0, planRowsPerPage));
    expect(planRowsPage(rows, { q: null, page: 9 })).toMatchObject({ page: 3, pages: 3, total: rows.length, rows: [rows.at(-1)] });
  });
  it("finds by schema and name, whatever the case", () => {
    expect(planRowsPage([row("Orders", 1, 1, "Sales"), row("items", 1, 1)], { q: "sales.ord", page: 1 }).rows).toHaveLength(1);
    expect(planRowsPage(rows, { q: "nothing", page: 2 })).toMatchObject({ rows: [], total: 0, page: 1, pages: 1 });
  });
});

describe("namesOf", () => {
  it("names a few, and counts the rest", () => {
    expect(namesOf(["public.a"])).toBe("a");
    expect(namesOf(["public.a", "sales.b", "public.c", "public.d"])).toBe("a, sales.b, c and d");
    expect(namesOf(["public.a", "public.b", "public.c", "public.d", "public.e"])).toBe("a, b, c and 2 more");
    expect(namesOf([])).toBe("");
  });
});
