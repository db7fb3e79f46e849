import { describe, expect, it } from "vitest";
import { pointCause, timeCause, type PointBreachFacts } from "./causes";
import { durationConclusion, pointConclusion, sizeConclusion, timeConclusion } from "./conclusions";
import type { PointBreach, PointDay } from "./recovery-point";
import { measure, type Measurement } from "./recovery-time";

const h = 3_600_000;
const at = (day: number, hour = 0, minute = 0) => Date.UTC(2026, 8, day, hour, minute);
const plain = (text: string) => text.replaceAll("\u00a0", " ");
const held = (day: number, hours: number): PointDay => ({ at: at(day), state: "held", worstMs: hours * h, worstAt: at(day, 14) });
const unknown = (day: number): PointDay => ({ at: at(day), state: "unknown", worstMs: null, worstAt: null });
const breach = (more: Partial<PointBreach> = {}): PointBreach => ({ from: at(11, 14), to: at(11, 19), targetSeconds: 86_400, worstMs: 29 * h, worstAt: at(11, 19), open: false, ...more });

describe("pointConclusion", () => {
  it.each<[string, PointDay[], PointBreach[], number[], string]>([
    ["days that held and one that did not", [held(10, 12), { ...held(11, 29), state: "broken" }, held(12, 12)], [breach()], [86_400], "The 24 h target held on 2 of 3 days; the worst gap was 29 h 0 m on 11 Sep."],
    ["nothing but good days", [held(10, 12), held(11, 11)], [], [21_600], "The 6 h target held on all 2 days; the worst gap was 12 h 0 m on 10 Sep."],
    ["days without evidence", [unknown(9), held(10, 12), held(11, 2)], [], [86_400], "The 24 h target held on all 2 days that are known; the worst gap was 12 h 0 m on 10 Sep. Of 1 day nothing is known."],
    ["a target that changed", [held(10, 12), held(11, 5)], [], [86_400, 21_600], "The target of each day held on all 2 days; the worst gap was 12 h 0 m on 10 Sep."],
    ["a time in which nothing could be restored", [held(10, 12), { ...held(11, 20), state: "broken" }], [breach({ worstMs: null })], [86_400], "The 24 h target held on 1 of 2 days; on 11 Sep nothing could be restored."],
    ["no evidence at all", [unknown(10), unknown(11)], [], [86_400], "Nothing vouches for any of these days: no worker was heard, or there was no backup yet."],
  ])("concludes from %s", (_, days, breaches, targets, sentence) => expect(plain(pointConclusion(days, breaches, targets))).toBe(sentence));
});

let id = 0;
function drill(seconds: number, more: Partial<Measurement> = {}): Measurement {
  id += 1;
  const totalMs = seconds * 1_000;
  return { kind: "drill", id: `d${id}`, runId: id, backupId: "b", from: at(16, 14), to: at(16, 14) + totalMs, totalMs, phases: { fetch: totalMs * 0.1, restore: totalMs * 0.6, compare: totalMs * 0.2, start: totalMs * 0.1 }, ...more };
}
const target = [{ from: 0, seconds: 300 }];
const none = { drills: 0, restores: 0 };

describe("timeConclusion", () => {
  it.each<[string, Measurement[], { drills: number; restores: number }, string]>([
    ["drills, one of them too slow", [drill(184), drill(180), drill(322)], none, "2 of 3 drills met the 5 m target; half took under 3 m 04 s, the slowest 5 m 22 s on 16 Sep."],
    ["drills and restores", [drill(100), drill(140, { kind: "restore" })], none, "All 2 drills and restores met the 5 m target; half took under 2 m 00 s, the slowest 2 m 20 s on 16 Sep."],
    ["a single one", [drill(100)], { drills: 1, restores: 0 }, "The one drill took 1 m 40 s, within the target of 5 m. 1 drill failed."],
    ["a single restore that took too long", [drill(400, { kind: "restore" })], none, "The one restore took 6 m 40 s; the target is 5 m."],
    ["failures alone", [], { drills: 2, restores: 1 }, "2 drills and 1 restore failed. None was measured to its end."],
    ["nothing", [], none, "No drill and no restore was measured in this time."],
  ])("concludes from %s", (_, all, failed, sentence) => expect(plain(timeConclusion(measure(all, target), failed, [300]))).toBe(sentence));

  it("judges each by the target of its time", () => {
    const targets = [{ from: 0, seconds: 600 }, { from: at(17), seconds: 120 }];
    const all = measure([drill(300), drill(300, { from: at(18), to: at(18, 1) })], targets);
    expect(all.map(({ met }) => met)).toEqual([true, false]);
    expect(plain(timeConclusion(all, none, [600, 120]))).toContain("1 of 2 drills met the target of their day");
  });
});

describe("trends", () => {
  const points = [{ backupId: "a", at: at(1), sizeBytes: 1_000 * 1024, storedMs: 60_000 }, { backupId: "b", at: at(2), sizeBytes: 1_100 * 1024, storedMs: 90_000 }];
  it("says how size and duration moved", () => {
    expect(plain(sizeConclusion(points))).toBe("The newest backup is 1.1 MiB, 10 % more than the first.");
    expect(plain(durationConclusion(points))).toBe("Half were stored within 1 m 15 s; the longest took 1 m 30 s on 2 Sep.");
  });
  it("invents nothing", () => {
    expect(sizeConclusion([])).toBe("No backup was taken in this time.");
    expect(durationConclusion([{ backupId: "a", at: 0, sizeBytes: 5, storedMs: null }])).toBe("No backup was timed in this time.");
  });
});

describe("pointCause", () => {
  const facts: PointBreachFacts = { during: { from: at(10, 14), to: at(11, 19) }, gaps: [], failed: [], lostNewest: false, loweredTo: null };
  it.each<[string, Partial<PointBreachFacts>, string]>([
    ["failed runs", { failed: [{ id: 1, at: at(11, 2), status: "failed", message: null }, { id: 2, at: at(11, 8), status: "failed", message: "The disk of /backups is full. Nothing was stored." }] }, "2 backups failed: The disk of /backups is full."],
    ["runs that failed at another time not at all", { failed: [{ id: 1, at: at(9), status: "failed", message: null }] }, "No backup became readable in time, and none failed: none was started early enough."],
    ["a silent worker", { gaps: [{ from: at(11, 2), to: at(11, 18), why: "silent" }] }, "No worker was heard from 11 Sep 02:00 to 11 Sep 18:00."],
    ["a cancelled run after a deletion", { lostNewest: true, failed: [{ id: 1, at: at(11), status: "cancelled", message: null }] }, "The newest backup was deleted, went missing or failed its proof. 1 backup was cancelled."],
    ["a stricter target", { loweredTo: 3_600 }, "The target was lowered to 1 h."],
  ])("names %s", (_, more, sentence) => expect(plain(pointCause({ ...facts, ...more }))).toBe(sentence));
});

describe("timeCause", () => {
  it("names the phase that took longer than it usually does", () => {
    const usual = measure([drill(100), drill(100), drill(100)], target);
    const [slow] = measure([drill(400, { phases: { fetch: 10_000, restore: 350_000, compare: 20_000, start: 20_000 } })], target);
    if (!slow) throw new Error("nothing was measured");
    expect(plain(timeCause(slow, usual))).toBe("Restore took 5 m 50 s; half the time it is under 1 m 00 s.");
    expect(plain(timeCause(slow, []))).toBe("Restore took 5 m 50 s of it.");
  });
});
