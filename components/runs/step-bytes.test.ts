import { expect, it } from "vitest";
import { stepBytesWords } from "@/components/runs/step-bytes";
import type { RunView } from "@/lib/runs/live";

function words(name: RunView["steps"][number]["name"], bytes: number, more: Partial<Pick<RunView, "last" | "backup">> = {}) {
  return stepBytesWords({ steps: [{ name, state: "now", detail: "", startedAt: null, ms: null, lastMs: null }], progress: { bytes, perSecond: [], lastDataAt: null, detail: null }, last: null, backup: null, ...more });
}

it("says nothing of a step where none is under way", () => {
  expect(stepBytesWords({ steps: [], progress: null, last: null, backup: null }).note).toBe("no step is under way");
});

it("says that a step moves no bytes only while it has moved none", () => {
  expect(words("prepare", 0)).toMatchObject({ label: "Bytes in this step", note: "this step moves none" });
  expect(words("compare", 2_400_000)).toMatchObject({ label: "Bytes in this step", note: "no total is known" });
  for (const name of ["inspect", "stage_tables", "export_table"] as const) expect(words(name, 0).note).toBe("no total is known");
  expect(words("load", 2_400_000)).toMatchObject({ label: "Loaded so far", note: "no total is known" });
});

it("names the size of the file that a step reads, and the last backup's for no export", () => {
  const backup = { id: "b", takenAt: "", databaseName: "orders", sizeBytes: 2 * 2 ** 20, rung: 3, deleted: false };
  const last = { runId: 1, ms: 1, sizeBytes: 2 ** 20 };
  expect(words("inspect", 5, { backup, last }).note).toMatch(/^of 2.MiB$/);
  expect(words("dump", 5, { backup, last }).note).toMatch(/^last time 1.MiB$/);
  expect(words("export_table", 5, { backup, last }).note).toBe("no total is known");
});
