import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { httpStatus } from "@/lib/errors";
import { runStatuses } from "@/lib/runs/schemas";
import { exitCodeOfKind, exitCodeOfRun, exitCodes } from "./exit-codes";

describe("exit codes", () => {
  it("has one for every kind of error, and none of them says done", () => {
    expect(Object.keys(exitCodeOfKind).sort()).toEqual(Object.keys(httpStatus).sort());
    expect(Object.values(exitCodeOfKind)).not.toContain(0);
  });

  it("gives a failed run the code of its error, and a lost one that nothing is known", () => {
    expect(runStatuses.map((status) => [status, exitCodeOfRun({ status, error: status === "failed" ? { kind: "unavailable" } : null })])).toEqual([
      ["queued", 0], ["running", 0], ["succeeded", 0], ["failed", 7], ["cancelled", 130], ["lost", 9],
    ]);
    expect(exitCodeOfRun({ status: "failed", error: null })).toBe(1);
  });

  it("is what the documentation says", () => {
    const documented = [...readFileSync("docs/command-line.md", "utf8").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(documented).toEqual(Object.values(exitCodes));
  });
});
