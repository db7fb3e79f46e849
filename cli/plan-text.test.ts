import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { planRestore } from "@/lib/restore/plan";
import type { RestoreEvidence } from "@/lib/restore/schemas";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { planLines } from "./plan-text";
import { Screen } from "./screen";

const at = new Date("2026-09-22T09:14:00Z");
const screen = new Screen({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} }, "restore");
const lines = (change: (found: RestoreEvidence) => void = () => undefined) => {
  const evidence = harmlessEvidence({ at, backupId: "b", databaseId: "d", name: "bimcalc" });
  evidence.backup.tables = [{ schema: "public", name: "items", rows: 5, excluded: false }, { schema: "public", name: "prices", rows: 0, excluded: false }];
  evidence.target.tables = [{ schema: "public", name: "items", rows: 6, written: 0 }, { schema: "public", name: "drafts", rows: 3, written: 0 }];
  change(evidence);
  return planLines(screen, { runId: 1, plan: planRestore(evidence, at), evidence });
};

describe("a plan in a terminal", () => {
  it("says of a table that is not there that it is not there, and sums the others", () => {
    const said = lines().map((line) => line.trim().replace(/\s{2,}/g, " | "));
    expect(said).toEqual(expect.arrayContaining(["public.drafts | 3 | not there", "public.items | 6 | 5", "public.prices | not there | 0", "all | 9 | 5"]));
    expect(said.join("\n")).toContain("drafts is not in the backup and gone afterwards.");
  });
  it("has one column where nothing is replaced", () => {
    const said = lines(({ request }) => (request.choices = { ...request.choices, method: "beside", newName: "copy" })).map((line) => line.trim().replace(/\s{2,}/g, " | "));
    expect(said).toEqual(expect.arrayContaining(["TABLE | RECORDS", "public.items | 5", "public.prices | 0", "all | 5"]));
    expect(said.join("\n")).not.toContain("not there");
  });
  it("says why it is not known how long it takes", () => expect(lines().join("\n")).toContain("Takes a time that is not known (no drill yet of a backup this size); goes back "));
  it("says for how long it can be undone, not until when", () => expect(lines()).toContain("It can be undone for 24 h after the restore."));
});
