import { describe, expect, it } from "vitest";
import { drillErrors } from "./errors";
import { checked, judge, named, noFindings, type Findings } from "./findings";
import { judgeError, reportOf, totalOf } from "./record";
import { DrillReport } from "./schemas";

const equal = checked("contents", "passed", "Contents", "Equal.");
const gone = { at: "2026-09-22T09:14:00.000Z", containers: ["holdfast-drill-1"], volumes: 1, left: 0 };
const findings = (more: Partial<Findings> = {}): Findings => ({ ...noFindings(), checks: [equal], cleanUp: gone, ...more });
const rows = { what: "rows" as const, name: "public.orders", expected: "500", got: "499" };

describe("judge", () => {
  it("passes what was compared, equal, asked and cleaned up", () => {
    expect(judge(findings())).toEqual({ outcome: "passed", error: null, blamesBackup: false });
    expect(judge(findings({ checks: [equal, checked("amcheck", "skipped", "pg_amcheck", "Not available.")] })).outcome).toBe("passed");
  });

  it.each<[string, Partial<Findings>, string, string, boolean]>([
    ["a difference", { differences: [rows] }, "failed", "drill.differs", true],
    ["a failure behind the data", { failures: ["CREATE INDEX x"], differences: [rows] }, "failed", "drill.incomplete", true],
    ["a damaged copy", { checks: [equal, checked("amcheck", "failed", "pg_amcheck", "")] }, "failed", "drill.damaged", false],
    ["a wrong answer to an own question", { checks: [equal, checked("own", "failed", "Orders", "")] }, "failed", "drill.own_check", false],
    ["no comparison at all", { checks: [] }, "inconclusive", "drill.nothing_checked", false],
    ["rows that were not compared", { checks: [checked("contents", "skipped", "Contents", "")] }, "inconclusive", "drill.nothing_checked", false],
    ["definitions that could not be compared", { isSchemaUnknown: true }, "inconclusive", "drill.schema_not_compared", false],
    ["a pg_amcheck that did not come to its end", { amcheckEnded: "killed" }, "inconclusive", "drill.amcheck_ended", false],
    ["a difference, whatever pg_amcheck came to", { differences: [rows], amcheckEnded: "killed" }, "failed", "drill.differs", true],
    ["a container left behind", { cleanUp: { ...gone, left: 1 } }, "inconclusive", "drill.not_cleaned", false],
    ["an engine that could not be asked what is left", { cleanUp: { ...gone, left: null } }, "inconclusive", "drill.not_cleaned", false],
    ["no cleaning up", { cleanUp: null }, "inconclusive", "drill.not_cleaned", false],
  ])("does not pass with %s", (_, more, outcome, code, blamesBackup) => {
    const judgement = judge(findings(more));
    expect([judgement.outcome, judgement.error?.code, judgement.blamesBackup]).toEqual([outcome, code, blamesBackup]);
  });
});

describe("an end before the end", () => {
  it("is a failure only where it speaks against the file", () => {
    expect(judgeError(drillErrors.not_loadable({ stderr: "" }))).toMatchObject({ outcome: "failed", blamesBackup: true });
    for (const error of [drillErrors.interrupted({ stderr: "" }), drillErrors.too_little_space({ freeBytes: 1, neededBytes: 2 }), new Error("anything")]) {
      expect(judgeError(error)).toMatchObject({ outcome: "inconclusive", blamesBackup: false });
    }
  });
});

describe("what is said", () => {
  it("names tables and counts, three at most", () => {
    const all = [rows, { ...rows, what: "contents" as const, expected: "a", got: "b" }, { ...rows, what: "table_missing" as const, name: "public.lines" }, rows];
    expect(named(all)).toBe("public.orders has 499 rows instead of 500; public.orders has other rows (b instead of a); public.lines is missing");
    expect(drillErrors.differs({ differences: 4, named: named(all) }).message).toContain("; 1 more.");
  });

  it("keeps the first differences and the exact number of all", () => {
    const report = reportOf(findings({ differences: Array.from({ length: 500 }, () => rows) }), drillErrors.differs({ differences: 500, named: "x" }), null);
    expect([report.differences.length, report.differencesTotal]).toEqual([200, 500]);
    expect(DrillReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it("does not count cleaning up as time that a restore takes", () => {
    expect(totalOf(findings({ phases: { fetch: 1, start: 2, restore: 4, compare: 8, checks: 16, cleanUp: 32 } }))).toBe(31);
  });
});
