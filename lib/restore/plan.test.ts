import { describe, expect, it } from "vitest";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { planRestore } from "./plan";
import { type RestoreEvidence, RestorePlan } from "./schemas";

const at = new Date("2026-09-22T09:14:00Z");
const table = (name: string, rows: number | null, excluded = false) => ({ schema: "public", name, rows, excluded });
const live = (name: string, rows: number | null) => ({ schema: "public", name, rows, written: 0 });
const evidence = (change: (found: RestoreEvidence) => void = () => undefined): RestoreEvidence => {
  const found = harmlessEvidence({ at, backupId: "b", databaseId: "d", name: "bimcalc" });
  found.backup.tables = [table("items", 5), table("prices", 4), table("logs", null, true)];
  found.target.tables = [live("items", 6), live("logs", 9), live("drafts", 3), live("empty", 0)];
  change(found);
  return found;
};

describe("the rows of a plan", () => {
  it("tell a table that is not there from one without rows, on either side", () => {
    const { rows, rowsTakenOut, rowsBack, tablesTakenFrom } = planRestore(evidence(), at);
    expect(rows?.map(({ name, now, after, difference, only }) => [name, now, after, difference, only])).toEqual([
      ["logs", 9, 0, -9, null],
      ["prices", null, 4, 4, "backup"],
      ["drafts", 3, null, -3, "live"],
      ["items", 6, 5, -1, null],
      ["empty", 0, null, 0, "live"],
    ]);
    expect([rowsTakenOut, rowsBack, tablesTakenFrom]).toEqual([13, 4, ["public.logs", "public.drafts", "public.items"]]);
  });

  it("of a new database are not there now, whatever the live one holds", () => {
    const { rows } = planRestore(evidence(({ request }) => (request.choices = { ...request.choices, method: "beside", newName: "copy" })), at);
    expect(rows?.map(({ name, now, after, only }) => [name, now, after, only])).toEqual([["items", null, 5, "backup"], ["prices", null, 4, "backup"], ["logs", null, 0, "backup"]]);
  });

  it("of a table that live has and could not count are not known", () => {
    const { rows } = planRestore(evidence(({ target }) => (target.tables = [live("items", null), live("drafts", null)])), at);
    expect(rows?.filter(({ name }) => name === "items" || name === "drafts").map(({ name, now, after, difference, only }) => [name, now, after, difference, only])).toEqual([["drafts", null, null, null, "live"], ["items", null, 5, null, null]]);
  });

  it("are read from plans that were made before they said so", () => {
    const plan = planRestore(evidence(), at);
    const older = JSON.parse(JSON.stringify(plan)) as { rows: { only?: unknown }[] };
    for (const row of older.rows) delete row.only;
    expect(RestorePlan.parse(older).rows?.every(({ only }) => only === null)).toBe(true);
  });
});

it("writes the time of what was measured once, from the instant in the evidence", () => {
  const { takesAboutFrom } = planRestore(evidence((found) => (found.measured = { what: "drill", at: "2026-09-21T02:00:04.000Z", totalMs: 1, sizeBytes: null, downtimeMs: null })), at);
  expect(takesAboutFrom?.replaceAll("\u00a0", " ")).toBe("as measured by the drill of 21 Sep 02:00:04");
});
