import { describe, expect, it } from "vitest";
import type { Restore } from "@/lib/db/generated/client";
import { fromRestore } from "./read-times";

const outcome = (health: { ok: boolean; detail: string; ms: number } | null) =>
  JSON.stringify({ rows: [], compared: { tables: 1, rows: 1, notCompared: [] }, exceptions: [], phases: { stage: 900 }, closedSessions: 0, downFrom: null, downTo: null, health });
const restore: Restore = {
  id: "r", runId: 7, databaseId: "d", backupId: "b", method: "swap", state: "swapped", reason: "x", plan: "{}", targetName: "shop", stagingName: null, restoredOid: "2", previousOid: "1", keptName: null, keptBytes: null,
  keptUntil: null, keptRemovedAt: null, stopped: null, startedAt: new Date(0), swappedAt: new Date(900), undoneAt: null, finishedAt: new Date(1_000), totalMs: 1_000, downtimeMs: null, outcome: outcome({ ok: true, detail: "answers 200", ms: 10 }),
};

describe("a restore as a measurement", () => {
  it("is one when it was timed to an application that answers, or that nobody asked", () => {
    expect(fromRestore(restore)).toMatchObject([{ kind: "restore", totalMs: 1_000 }]);
    expect(fromRestore({ ...restore, outcome: outcome(null) })).toHaveLength(1);
  });
  it("is none when the application did not come up, or nobody timed it", () => {
    expect(fromRestore({ ...restore, outcome: outcome({ ok: false, detail: "answers 500", ms: 10 }) })).toEqual([]);
    expect(fromRestore({ ...restore, totalMs: null })).toEqual([]);
  });
});
