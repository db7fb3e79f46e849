import { describe, expect, it } from "vitest";
import { ifRestoreCancelled, meaningOfRestore } from "./consequences";
import type { RestoreBrief } from "./result";
import { restoreStates } from "./schemas";

const restore: RestoreBrief = { id: "r", runId: 1849, state: "staging", method: "swap", name: "bimcalc", targetName: "bimcalc", stagingName: "bimcalc__staging_r1849", keptName: null, dropsLive: false, isDropped: false, isUnasked: false };
const run = (change: Partial<Parameters<typeof ifRestoreCancelled>[0]> = {}) => ({ kind: "restore", status: "running" as const, isFinal: false, restore, step: "stage", ...change });
const ended = (state: RestoreBrief["state"], more: Partial<RestoreBrief> = {}, kind = "restore") => meaningOfRestore(run({ kind, status: "failed", restore: { ...restore, state, ...more } })) ?? "";

describe("cancelling a restore", () => {
  it.each(["prepare", "safety", "stage", "compare"])("touches nothing live in step %s", (step) => {
    expect(ifRestoreCancelled(run({ step }))).toContain("bimcalc stays as it is");
  });
  it("is not offered as possible once names are being changed", () => {
    expect(ifRestoreCancelled(run({ step: "swap", isFinal: true }))).toMatch(/^It cannot be cancelled any more.*undone afterwards\.$/);
  });
  it("is possible while the application is being stopped, and starts it again", () => {
    const stopping = (change: Partial<Parameters<typeof ifRestoreCancelled>[0]> = {}) => ifRestoreCancelled(run({ step: "stop_application", ...change }));
    expect(stopping()).toBe("Until the swap nothing live is touched: bimcalc stays as it is, and what was staged is removed. What was stopped is started again.");
    expect(stopping({ restore: { ...restore, method: "in_place", dropsLive: true } })).not.toContain("staged");
    for (const kind of ["undo_restore", "resolve_staged"]) expect(stopping({ kind })).toMatch(/^bimcalc stays as it is.* What was stopped is started again\.$/);
  });
  it("of an undo leaves both databases as they are", () => {
    expect(ifRestoreCancelled(run({ kind: "undo_restore", step: "prepare", restore: { ...restore, state: "swapped", keptName: "bimcalc__before_r1849" } }))).toBe("bimcalc stays as it is, and so does bimcalc__before_r1849.");
  });
});

describe("what a failed restore means", () => {
  it("is nothing for the live database before the swap", () => {
    for (const state of ["started", "staging", "staged", "failed"] as const) expect(ended(state)).toBe("bimcalc was not touched: it is the database that it was before.");
    expect(ended("staged_incomplete")).toContain("bimcalc was not touched. The rows are whole in bimcalc__staging_r1849");
    expect(ended("failed", { method: "beside", targetName: "bimcalc_check" })).toBe("bimcalc was not touched, and bimcalc_check was not made.");
  });
  it("names what is live and what is kept after it, and never says untouched then", () => {
    expect(ended("swapped", { keptName: "bimcalc__before_r1849" })).toBe("bimcalc is the restored database. The one from before is kept as bimcalc__before_r1849.");
    expect(ended("swapped", { isUnasked: true })).toContain("not undone by itself as the plan said");
    expect(ended("undone", { keptName: "bimcalc__restored_r1849" })).toBe("bimcalc is the database from before the restore. What was restored is kept as bimcalc__restored_r1849.");
    expect(ended("swapped", {}, "undo_restore")).toBe("bimcalc is still the restored database.");
    for (const state of ["swapping", "swapped", "undone", "created"] as const) expect(ended(state)).not.toContain("not touched");
  });
  it("says of a restore in place that the database is gone, or that it is being found out", () => {
    const inPlace = { method: "in_place", dropsLive: true } as const;
    expect(ended("failed", { ...inPlace, isDropped: true })).toBe("bimcalc was dropped to make room, and nothing took its place. Restore a backup to have it again.");
    expect(ended("failed", inPlace)).toBe("bimcalc was not touched: it is the database that it was before.");
    for (const state of ["started", "staging", "staged", "staged_incomplete"] as const) expect(ended(state, inPlace)).not.toContain("not touched");
    expect(ifRestoreCancelled(run({ step: "stage", isFinal: true, restore: { ...restore, ...inPlace } }))).toContain("cannot be undone");
  });
  it("claims nothing while it runs or when it succeeded", () => {
    for (const state of restoreStates) {
      expect(meaningOfRestore(run({ restore: { ...restore, state } }))).toBeNull();
      expect(meaningOfRestore(run({ status: "succeeded", restore: { ...restore, state } }))).toBeNull();
    }
  });
});
