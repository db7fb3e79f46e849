import { describe, expect, it } from "vitest";
import { isEqual, isUnasked, type RestoreView, sumRows, swapBack } from "./result";
import { comparedWords, resultChip, resultTitle } from "./result-words";
import type { RestoreOutcome } from "./schemas";

const now = Date.parse("2026-09-22T09:42:20Z");
const kept = { name: "bimcalc__before_r1849", sizeBytes: 5_046_586_573, until: "2026-09-24T09:41:34Z", removedAt: null, isThere: true };
const outcome = (change: Partial<RestoreOutcome> = {}): RestoreOutcome => ({
  rows: [], compared: { tables: 10, rows: 13_152_944, notCompared: [] }, exceptions: [], phases: {}, closedSessions: 6, downFrom: null, downTo: null, health: null, ...change,
});
const undo = (status: RestoreView["followUps"][number]["status"]) => [{ runId: 1850, kind: "undo_restore" as const, isRedo: false, status, by: "by Maeve Byrne", at: "2026-09-22T09:42:00Z" }];

describe("what can be swapped back", () => {
  it("is the restore while the database from before is kept, and the undo after it", () => {
    expect(swapBack({ state: "swapped", kept, followUps: [] }, now)).toBe("undo");
    expect(swapBack({ state: "undone", kept, followUps: undo("succeeded") }, now)).toBe("redo");
  });
  it("is nothing once the time is over, what is needed is gone, or another is at it", () => {
    expect(swapBack({ state: "swapped", kept, followUps: [] }, Date.parse("2026-09-24T09:41:34Z"))).toBeNull();
    expect(swapBack({ state: "swapped", kept: { ...kept, isThere: false }, followUps: [] }, now)).toBeNull();
    expect(swapBack({ state: "swapped", kept: null, followUps: [] }, now)).toBeNull();
    expect(swapBack({ state: "swapped", kept, followUps: undo("running") }, now)).toBeNull();
    expect(swapBack({ state: "staged", kept, followUps: [] }, now)).toBeNull();
  });
});

describe("an undo of its own that nobody asked for any more", () => {
  const ended = { state: "swapped", runStatus: "lost", finishedAt: null, decision: { undoIfUnhealthy: true } } as const;
  it("is that of a run which ended between the swap and the application's answer", () => {
    expect(isUnasked(ended)).toBe(true);
    for (const other of [{ runStatus: "running" }, { finishedAt: "2026-09-22T09:42:20Z" }, { state: "undone" }, { decision: { undoIfUnhealthy: false } }] as const) expect(isUnasked({ ...ended, ...other })).toBe(false);
  });
});

describe("what a restore is called", () => {
  const view = { method: "swap", database: { id: "1", name: "bimcalc" }, targetName: "bimcalc", backup: { id: "2", takenAt: "2026-09-22T02:00:04Z", isDeleted: false } } as const;
  it("says where the data is now", () => {
    expect(resultTitle({ ...view, state: "swapped" }).replaceAll("\u00a0", " ")).toBe("bimcalc is back at 22 Sep 02:00:04 UTC");
    expect(resultTitle({ ...view, state: "created", method: "beside", targetName: "bimcalc_check" }).replaceAll("\u00a0", " ")).toBe("bimcalc_check holds bimcalc as of 22 Sep 02:00:04 UTC");
    expect(resultTitle({ ...view, state: "undone" })).toBe("bimcalc is as it was before the restore");
  });
  it("is green only when every table was compared, none is missing and nothing was let pass", () => {
    expect(resultChip({ state: "swapped", outcome: outcome() })).toEqual({ tone: "good", word: "Restored and equal" });
    for (const less of [null, outcome({ compared: { tables: 0, rows: null, notCompared: [] } }), outcome({ compared: { tables: 9, rows: 1, notCompared: ["public.big"] } }), outcome({ exceptions: ["index public.by_code"] })]) {
      expect(isEqual({ outcome: less })).toBe(false);
      expect(resultChip({ state: "swapped", outcome: less })?.tone).not.toBe("good");
    }
    expect(resultChip({ state: "undone", outcome: outcome() })?.tone).toBe("plain");
    expect(resultChip({ state: "failed", outcome: null })).toBeNull();
  });
  it("claims nothing that was not compared", () => {
    expect(comparedWords({ outcome: outcome() }).replaceAll("\u00a0", " ")).toBe("all 10 tables equal to the backup's manifest");
    expect(comparedWords({ outcome: outcome({ compared: { tables: 9, rows: null, notCompared: ["public.big"] } }) }).replaceAll("\u00a0", " ")).toBe("9 tables equal to the backup's manifest, 1 thing not compared");
    expect(comparedWords({ outcome: outcome({ compared: { tables: 0, rows: null, notCompared: [] } }) })).toContain("nothing to compare with");
    expect(comparedWords({ outcome: null })).toContain("not on record");
  });
});

describe("sumRows", () => {
  const row = (name: string, before: number | null, after: number | null, only: "live" | "backup" | null = null) => ({ schema: "public", name, before, after, only });
  it("sums what came back and what was taken out apart, and leaves out what was not counted on both sides", () => {
    expect(sumRows([row("price_items", 8_398_112, 8_412_306), row("item_mappings", 2_187_015, 2_186_440), row("items", 5, 5), row("big", null, 7)])).toEqual({
      back: 14_194, backIn: ["public.price_items"], out: 575, outOf: ["public.item_mappings"],
    });
  });
  it("counts all rows of a table that was dropped, and of one that was not there before", () => {
    expect(sumRows([row("drafts", 3, null, "live"), row("prices", null, 4, "backup")])).toEqual({ back: 4, backIn: ["public.prices"], out: 3, outOf: ["public.drafts"] });
  });
  it("is unknown, not zero, when nothing was counted", () => {
    expect(sumRows([row("big", null, 7), row("old", 3, null)])).toBeNull();
    expect(sumRows([])).toBeNull();
  });
});
