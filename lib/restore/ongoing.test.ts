import { describe, expect, it } from "vitest";
import { ongoingWords, type OngoingRestore } from "./ongoing";
import { restoreStates } from "./schemas";

const restore: OngoingRestore = { runId: 12, database: "bimcalc", state: "swapped", isActive: false, startedAt: "2026-09-22T09:00:00Z", targetName: "bimcalc", keptName: "bimcalc__before_r12", keptBytes: 5 * 2 ** 30, keptUntil: "2026-09-24T09:41:00Z" };
const of = (change: Partial<OngoingRestore>) => ongoingWords({ ...restore, ...change });
const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");

describe("ongoingWords", () => {
  it("offers to undo what is kept, until when", () => {
    expect(plain(of({})?.title)).toBe("The restore of bimcalc can be undone until 24 Sep 09:41 UTC.");
    expect(plain(of({})?.text)).toBe("The database from before is kept as bimcalc__before_r12, 5 GiB.");
  });
  it("offers nothing of what is not kept any more", () => {
    for (const state of ["swapped", "undone", "created", "failed"] as const) expect(of({ state, keptName: null })).toBeNull();
  });
  it("tells a restore that runs from one that was interrupted", () => {
    for (const state of ["started", "staging", "staged", "swapping"] as const) {
      expect(of({ state, isActive: true })?.tone).toBe("neutral");
      expect(of({ state, isActive: false })?.title).toContain("interrupted");
    }
  });
  it("asks for the decision that only a person can take", () => expect(of({ state: "staged_incomplete" })?.link).toBe("Decide"));
  it("knows every state", () => {
    for (const state of restoreStates) expect(() => of({ state })).not.toThrow();
  });
});
