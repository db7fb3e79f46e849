import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { playwrightCounts, playwrightFailures, sum, verdict, vitestCounts, vitestFailures } from "./count.mjs";

function report(content) {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "holdfast-count-")), "report.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const vitest = (overrides) => report({ numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...overrides });

describe("counting tests", () => {
  it("reads vitest", () => expect(vitestCounts(vitest({ numFailedTests: 2 }))).toEqual({ passed: 5, failed: 2, skipped: 0 }));
  it("counts a file that could not be loaded", () =>
    expect(vitestCounts(vitest({ testResults: [{ status: "failed", assertionResults: [] }] })).failed).toBe(1));
  it("counts skipped and todo", () => expect(vitestCounts(vitest({ numPendingTests: 1, numTodoTests: 2 })).skipped).toBe(3));
  it("reads Playwright, where flaky is failed", () =>
    expect(playwrightCounts(report({ stats: { expected: 7, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] }))).toEqual({ passed: 7, failed: 2, skipped: 2 }));
  it("takes a missing report for a failure", () => expect(vitestCounts("/nowhere.json").failed).toBe(1));
});

describe("naming what failed, at the end of a run of an hour", () => {
  it("reads vitest's names and reasons, without stacks and colours", () => {
    const assertionResults = [
      { status: "passed", fullName: "adds", failureMessages: [] },
      { status: "failed", fullName: "divides", failureMessages: ["\u001b[31mexpected 1 to be 2\u001b[39m\n    at one.test.ts:3:1"] },
    ];
    expect(vitestFailures(vitest({ testResults: [{ name: "one.test.ts", status: "failed", assertionResults }] }))).toEqual([{ test: "one.test.ts > divides", reason: "expected 1 to be 2" }]);
  });
  it("names a file that could not be loaded", () =>
    expect(vitestFailures(vitest({ testResults: [{ name: "one.test.ts", status: "failed", message: "no such module", assertionResults: [] }] }))).toEqual([{ test: "one.test.ts", reason: "no such module" }]));
  it("reads Playwright's, flaky ones and those in nested groups too", () => {
    const of = (title, status, results = [{ error: { message: "not there" } }]) => ({ title, tests: [{ status, results }] });
    const suites = [{ title: "a.spec.ts", specs: [of("opens", "expected", [{}])], suites: [{ title: "by keyboard", specs: [of("tabs", "unexpected"), of("jumps", "flaky")] }] }];
    expect(playwrightFailures(report({ stats: {}, errors: [{ message: "worker died" }], suites }))).toEqual([
      { test: "a.spec.ts > by keyboard > tabs", reason: "not there" },
      { test: "a.spec.ts > by keyboard > jumps", reason: "not there" },
      { test: "(outside a test)", reason: "worker died" },
    ]);
  });
  it("has nothing to say of a report that is missing", () => expect([vitestFailures("/nowhere.json"), playwrightFailures("/nowhere.json")]).toEqual([[], []]));
});

describe("the verdict", () => {
  const of = (passed, failed, skipped) => verdict(sum([{ passed, failed, skipped }]));
  it("ends with a line that machines read", () => expect(of(12, 0, 0)).toEqual({ line: "12 passed, 0 failed", code: 0 }));
  it("fails for a failed test", () => expect(of(12, 1, 0).code).toBe(1));
  it("fails for a skipped test", () => expect(of(12, 0, 1).code).toBe(1));
  it("fails when nothing ran", () => expect(of(0, 0, 0).code).toBe(1));
});
