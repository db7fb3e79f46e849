import { describe, expect, it } from "vitest";
import { listDifferences } from "./differences";

describe("listDifferences", () => {
  it("names only what changed, nested members too", () => {
    expect(listDifferences({ role: "postgres", options: { jobs: 2, format: "custom" } }, { role: "holdfast", options: { jobs: 4, format: "custom" } })).toEqual([
      { name: "role", before: "postgres", after: "holdfast" },
      { name: "options.jobs", before: "2", after: "4" },
    ]);
  });
  it("lists everything of an entry with one side", () => {
    expect(listDifferences(null, { rung: "readable", tables: ["a", "b"], label: null })).toEqual([
      { name: "rung", before: null, after: "readable" },
      { name: "tables", before: null, after: "a, b" },
      { name: "label", before: null, after: "\u2014" },
    ]);
    expect(listDifferences(null, null)).toEqual([]);
  });
});
