import { describe, expect, it } from "vitest";
import type { Comparison } from "@/lib/backup/compare";
import type { Difference } from "@/lib/backup/schemas";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { noFindings } from "./findings";
import { addComparison } from "./verify-copy";

const { manifest } = exampleSidecar({ backupId: "b", runId: 1, databaseId: "d", key: "k" });
const equal: Comparison = { differences: [], notCompared: [], schema: "compared", isAccessCompared: true, tables: [] };
const sequence = (name: string, value: string | null) => ({ schema: "public", name, value });

/** The report's line about sequences. */
function lineOf(values: (string | null)[], differences: Difference[] = []) {
  const findings = noFindings();
  addComparison(findings, { ...manifest, sequences: values.map((value, index) => sequence(`s${index}`, value)) }, { ...equal, differences });
  const line = findings.checks.find(({ id }) => id === "sequences");
  return [line?.outcome, line?.detail.replaceAll("\u00a0", " ")];
}

describe("the line about sequences", () => {
  it("is green only where every value of the archive was compared", () => {
    expect(lineOf([])).toEqual(["passed", "The backup has none."]);
    expect(lineOf(["1", "2"])).toEqual(["passed", "2 sequences at the values of the archive."]);
    expect(lineOf(["1", null])).toEqual(["skipped", "1 sequence of 2 compared, and at the values of the archive. Those of the others were not read from it."]);
    expect(lineOf([null, null])[0]).toBe("skipped");
  });

  it("names differences before what is not known", () => {
    expect(lineOf(["1", null], [{ what: "sequence", name: "public.s0", expected: "1", got: "2" }])[0]).toBe("failed");
  });
});
