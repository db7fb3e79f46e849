import { describe, expect, it } from "vitest";
import { timelineOf, type Proof, type TimelineDrill, type TimelineRun } from "./timeline";

const time = (clock: string) => new Date(`2026-09-22T${clock}Z`);
const run = (id: number, kind: string, from: string, to: string | null, more: Partial<TimelineRun> = {}): TimelineRun => ({
  id, kind, status: to ? "succeeded" : "running", initiatorKind: "schedule", initiatorName: "Schedule", queuedAt: time(from), startedAt: time(from), finishedAt: to ? time(to) : null, events: [], drill: null, restoredAs: null, isRedo: false, ...more,
});
const drill = (outcome: string | null, more: Partial<TimelineDrill> = {}): TimelineDrill => ({ outcome, image: "postgres:16.4", tables: 10, isEqual: true, cleanUp: null, ...more });
const told = (runs: TimelineRun[], { provenAt = null, firstRunId = null }: Partial<Proof> = {}) => timelineOf(runs, { provenAt, firstRunId }).map(({ at, text, runId, mark }) => [at.slice(11, 19), text.replaceAll("\u00a0", " "), runId, mark]);

describe("the timeline of a backup", () => {
  it("tells of its making and of the drill that proved it, newest first", () => {
    const event = (clock: string, step: string, message: string) => ({ at: time(clock), step, message });
    const made = run(1841, "backup", "02:00:04", "02:03:20", { events: [event("02:00:06", "snapshot", "rows counted"), event("02:01:36", "dump", "742 MiB stored as x.dump"), event("02:02:19", "read_back", "equal"), event("02:03:20", "decode", "4.7 GiB")] });
    const proved = run(1842, "drill", "02:03:23", "02:06:33", { drill: drill("passed", { cleanUp: { at: "2026-09-22T02:06:31.000Z", containers: 1, left: 0 } }) });
    expect(told([made, proved], { provenAt: time("02:06:33"), firstRunId: 1842 })).toEqual([
      ["02:06:33", "Proven, 10 of 10 tables equal", 1842, "proven"],
      ["02:06:31", "Drill container removed, 0 left over", 1842, "neutral"],
      ["02:03:23", "Drill started on postgres:16.4 by the schedule", 1842, "neutral"],
      ["02:03:20", "Readable", 1841, "neutral"],
      ["02:02:19", "Intact", 1841, "neutral"],
      ["02:01:36", "Stored, 742 MiB", 1841, "neutral"],
      ["02:00:06", "Snapshot taken, rows counted", 1841, "neutral"],
      ["02:00:04", "Backup started by the schedule", 1841, "neutral"],
    ]);
  });

  it("has every drill that it is given with what came of it", () => {
    const outcomes = ["failed", "inconclusive", "passed", "passed"];
    const runs = outcomes.map((outcome, index) => run(index + 1, "drill", `0${index}:00:00`, `0${index}:30:00`, { status: outcome === "passed" ? "succeeded" : "failed", drill: drill(outcome) }));
    expect(told(runs, { firstRunId: 3 }).filter(([, text]) => !String(text).includes("started"))).toEqual([
      ["03:30:00", "Proven again, 10 of 10 tables equal", 4, "proven"],
      ["02:30:00", "Proven, 10 of 10 tables equal", 3, "proven"],
      ["01:30:00", "Drill inconclusive", 2, "neutral"],
      ["00:30:00", "Drill failed", 1, "danger"],
    ]);
    expect(told(Array.from({ length: 40 }, (_, id) => run(id, "drill", "05:00:00", "05:30:00", { drill: drill("failed") })))).toHaveLength(80);
  });

  it("says equal only of tables that the record says were", () => {
    expect(told([run(7, "disaster_drill", "05:00:00", "05:30:00", { drill: drill("passed", { isEqual: false, image: null }) })], { firstRunId: 7 })).toEqual([
      ["05:30:00", "Proven, 10 tables compared", 7, "proven"],
      ["05:00:00", "Disaster drill started by the schedule", 7, "neutral"],
    ]);
  });

  it("tells of a drill that runs, and of one whose worker was lost, no more than is known", () => {
    expect(told([run(7, "drill", "05:00:00", null, { drill: drill(null, { image: null }) })])).toEqual([["05:00:00", "Drill started by the schedule", 7, "neutral"]]);
    expect(told([run(7, "drill", "05:00:00", "05:30:00", { status: "lost", drill: drill(null) })])[0]).toEqual(["05:30:00", "Drill lost", 7, "neutral"]);
  });

  it("has its restores and what became of them", () => {
    const by = { initiatorKind: "user", initiatorName: "Maeve Byrne" };
    expect(told([
      run(9, "restore", "09:38:20", "09:41:34", { ...by, restoredAs: "bimcalc" }),
      run(10, "undo_restore", "10:00:00", "10:00:16", by),
      run(12, "undo_restore", "12:00:00", "12:00:16", { ...by, isRedo: true }),
      run(11, "restore", "11:00:00", "11:01:00", { ...by, status: "failed", restoredAs: "bimcalc" }),
    ])).toEqual([
      ["12:00:16", "Redo of the restore done", 12, "neutral"],
      ["12:00:00", "Redo of the restore started by Maeve Byrne", 12, "neutral"],
      ["11:01:00", "Restore failed", 11, "danger"],
      ["11:00:00", "Restore started by Maeve Byrne", 11, "neutral"],
      ["10:00:16", "Undo of the restore done", 10, "neutral"],
      ["10:00:00", "Undo of the restore started by Maeve Byrne", 10, "neutral"],
      ["09:41:34", "Restored as bimcalc", 9, "neutral"],
      ["09:38:20", "Restore started by Maeve Byrne", 9, "neutral"],
    ]);
  });

  it("knows when it became proven also where the drill is on no record here", () => {
    expect(told([run(1, "backup", "02:00:04", "02:03:20")], { provenAt: time("02:06:33") })[0]).toEqual(["02:06:33", "Proven, as its description in the store says", null, "proven"]);
  });
});
