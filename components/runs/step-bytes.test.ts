import { expect, it } from "vitest";
import { stepBytesWords } from "@/components/runs/step-bytes";
import type { RunView } from "@/lib/runs/live";

function words(name: RunView["steps"][number]["name"], bytes: number) {
  return stepBytesWords({ steps: [{ name, state: "now", detail: "", startedAt: null, ms: null, lastMs: null }], progress: { bytes, perSecond: [], lastDataAt: null, detail: null }, last: null, backup: null });
}

it("says nothing of a step where none is under way", () => {
  expect(stepBytesWords({ steps: [], progress: null, last: null, backup: null }).note).toBe("no step is under way");
});

it("says that a step moves no bytes only while it has moved none", () => {
  expect(words("prepare", 0)).toMatchObject({ label: "Bytes in this step", note: "this step moves none" });
  expect(words("compare", 2_400_000)).toMatchObject({ label: "Bytes in this step", note: "no total is known" });
  expect(words("load", 2_400_000)).toMatchObject({ label: "Loaded so far", note: "no total is known" });
});
