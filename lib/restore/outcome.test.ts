import { describe, expect, it } from "vitest";
import { exampleSidecar } from "@/lib/testing/sidecar";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { outcomeOfCompare } from "./outcome";
import { planRestore } from "./plan";
import type { RestoreEvidence } from "./schemas";

const at = new Date("2026-09-22T09:14:00Z");
const { manifest } = exampleSidecar({ backupId: "b", runId: 1, databaseId: "d", key: "x" });
const restored = { tables: [{ schema: "public", name: "items", rows: 5 }, { schema: "public", name: "prices", rows: 0 }], notCompared: [] };
const outcome = (change: (found: RestoreEvidence) => void = () => undefined) => {
  const evidence = harmlessEvidence({ at, backupId: "b", databaseId: "d", name: "bimcalc" });
  evidence.target.tables = [{ schema: "public", name: "items", rows: 6, written: 0 }, { schema: "public", name: "drafts", rows: 3, written: 0 }];
  change(evidence);
  return outcomeOfCompare({ evidence, plan: planRestore(evidence, at), manifest }, restored, []).rows.map(({ name, before, after, only }) => [name, before, after, only]);
};

describe("what a restore found of each table", () => {
  it("tells a table that is not there from one without rows, before and after", () => {
    expect(outcome()).toEqual([["items", 6, 5, null], ["prices", null, 0, "backup"], ["drafts", 3, null, "live"]]);
  });
  it("is all new where nothing was replaced, and names nothing of the live database", () => {
    const fresh = [["items", null, 5, "backup"], ["prices", null, 0, "backup"]];
    expect(outcome(({ request }) => (request.choices = { ...request.choices, method: "beside", newName: "copy" }))).toEqual(fresh);
    expect(outcome(({ target }) => Object.assign(target, { live: null, tables: null }))).toEqual(fresh);
  });
  it("does not know what was before where live could not be counted", () => {
    expect(outcome(({ target }) => (target.tables = null))).toEqual([["items", null, 5, null], ["prices", null, 0, null]]);
  });
});
