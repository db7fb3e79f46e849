import { describe, expect, it } from "vitest";
import { checksSentence, checksStep, drillsSentence, isCounted } from "./sentence";
import { drillPhases } from "./schemas";

const proven = { backupId: "b", takenAt: "", provenAt: "", drill: null };
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("drillsSentence", () => {
  it.each([
    ["nothing registered", [], "A drill proves that a backup restores, on a copy that nothing else can reach."],
    ["all within their target", [{ name: "orders", isOverdue: false, proven }, { name: "bimcalc", isOverdue: false, proven }], "All 2 databases have a backup within their target that a drill restored."],
    ["one never drilled", [{ name: "orders", isOverdue: true, proven: null }, { name: "bimcalc", isOverdue: false, proven }], "orders has no backup that a drill ever restored. Until then it is not proven that it restores."],
    ["several overdue", [{ name: "orders", isOverdue: true, proven: null }, { name: "bimcalc", isOverdue: true, proven }], "2 of 2 databases have no backup within the target that a drill restored. Until then it is not proven that they restore."],
  ])("says so of %s", (_, databases, sentence) => expect(plain(drillsSentence(databases))).toBe(sentence));
});

describe("checksSentence", () => {
  it.each<[("passed" | "failed" | "skipped")[], string]>([
    [["passed", "passed"], "2 checks passed"],
    [["passed", "passed", "skipped"], "2 of 3 checks passed, 1 not asked"],
    [["passed", "failed", "skipped"], "1 of 3 checks failed, 1 not asked"],
  ])("counts every check once: %j", (outcomes, sentence) => expect(plain(checksSentence(outcomes.map((outcome) => ({ outcome }))))).toBe(sentence));
});

it("ticks the checks of a disaster drill only where none failed, cleaning up included", () => {
  const step = (cleanUp: "passed" | "failed") => checksStep([{ id: "rows", outcome: "passed" }, { id: "own", outcome: "passed" }, { id: "clean_up", outcome: cleanUp }]);
  expect(step("passed")).toMatchObject({ outcome: "done", detail: expect.stringContaining("checks passed") as string });
  expect(step("failed").outcome).toBe("failed");
  expect(plain(step("failed").detail)).toBe("1 of 3 checks failed. 1 check of your own.");
});

it("counts of a disaster drill what its recovery time is made of, and of any other all but cleaning up", () => {
  expect(drillPhases.filter((phase) => isCounted(phase, true))).toEqual(["fetch", "start", "restore", "compare"]);
  expect(drillPhases.filter((phase) => isCounted(phase, false))).toEqual(["fetch", "start", "restore", "compare", "checks"]);
});
