import { describe, expect, it } from "vitest";
import { findGaps } from "./evidence";
import { evidenced, findPointBreaches, newestOverTime, nothingRecoverable, pointDays, type Recoverable } from "./recovery-point";

const h = 3_600_000;
const at = (day: number, hour = 0, minute = 0) => Date.UTC(2026, 8, day, hour, minute);
const range = { from: at(1), to: at(11) };
/** Taken at an hour, readable five minutes later. */
const backup = (id: string, takenAt: number, until: number | null = null): Recoverable => ({ id, takenAt, from: takenAt + h / 12, until });
const target = [{ from: at(1), seconds: 86_400 }];

describe("newestOverTime", () => {
  it("falls when a backup was readable, not when it was taken", () => {
    const spans = newestOverTime([backup("a", at(1, 2)), backup("b", at(2, 2))], range);
    expect(spans).toEqual([
      { from: at(1, 2, 5), to: at(2, 2, 5), takenAt: at(1, 2), backupId: "a" },
      { from: at(2, 2, 5), to: at(11), takenAt: at(2, 2), backupId: "b" },
    ]);
  });

  it("counts deleted backups for as long as they were there, and goes back to an older one", () => {
    const spans = newestOverTime([backup("a", at(1, 2)), backup("b", at(2, 2), at(4)), backup("c", at(3, 2), at(3, 12))], range);
    expect(spans.map(({ from, backupId }) => [from, backupId])).toEqual([[at(1, 2, 5), "a"], [at(2, 2, 5), "b"], [at(3, 2, 5), "c"], [at(3, 12), "b"], [at(4), "a"]]);
  });

  it("says when nothing was left, and when something was again", () => {
    const spans = newestOverTime([backup("a", at(1), at(2)), backup("b", at(3))], range);
    expect(spans.map(({ from, to, backupId }) => [from, to, backupId])).toEqual([[at(1, 0, 5), at(2), "a"], [at(2), at(3, 0, 5), null], [at(3, 0, 5), at(11), "b"]]);
    expect(nothingRecoverable(spans, range)).toEqual([{ from: at(2), to: at(3, 0, 5) }]);
  });

  it("does not let an older backup that was verified later count as newer", () => {
    const late: Recoverable = { id: "old", takenAt: at(1), from: at(5), until: null };
    expect(newestOverTime([backup("a", at(2)), late], range).map(({ backupId }) => backupId)).toEqual(["a"]);
  });

  it("keeps an older one that outlives the newest", () => {
    const old: Recoverable = { id: "old", takenAt: at(1), from: at(5), until: null };
    expect(newestOverTime([backup("a", at(2), at(6)), old], range).map(({ backupId }) => backupId)).toEqual(["a", "old"]);
  });

  it("knows what was newest before the range began", () => {
    expect(newestOverTime([backup("a", at(1) - 5 * h)], range)[0]).toMatchObject({ from: at(1), takenAt: at(1) - 5 * h });
  });
});

describe("findPointBreaches", () => {
  it("begins when the age passes the target and ends when a backup is readable", () => {
    const spans = newestOverTime([backup("a", at(1, 14)), backup("b", at(2, 19, 1))], range);
    const [first] = findPointBreaches(spans, target, [], { from: at(1), to: at(3) });
    expect(first).toMatchObject({ from: at(2, 14), to: at(2, 19, 6), targetSeconds: 86_400, worstMs: 29 * h + h / 10, open: false });
  });

  it("measures each time by the target of that time", () => {
    const spans = newestOverTime([backup("a", at(1)), backup("b", at(3)), backup("c", at(4))], { from: at(1), to: at(4, 1) });
    const targets = [{ from: at(1), seconds: 3 * 86_400 }, { from: at(3, 12), seconds: 6 * 3_600 }];
    const breaches = findPointBreaches(spans, targets, [], { from: at(1), to: at(4, 1) });
    expect(breaches).toMatchObject([{ from: at(3, 12), to: at(4, 0, 5), targetSeconds: 6 * 3_600 }]);
  });

  it("does not hold the time a proof takes against a backup that was taken in time", () => {
    const daily = [backup("a", at(1)), backup("b", at(2, 0, 1)), backup("c", at(3, 0, 2))];
    expect(findPointBreaches(newestOverTime(daily, range), target, [], { from: at(1), to: at(3, 2) })).toEqual([]);
    const slow: Recoverable = { id: "b", takenAt: at(2), from: at(2, 1, 1), until: null };
    expect(findPointBreaches(newestOverTime([backup("a", at(1)), slow], range), target, [], { from: at(1), to: at(2, 2) })).toHaveLength(1);
    const late = [backup("a", at(1)), backup("b", at(2, 0, 6))];
    expect(findPointBreaches(newestOverTime(late, range), target, [], { from: at(1), to: at(2, 2) })).toHaveLength(1);
  });

  it("goes on when the next readable backup is itself too old", () => {
    const slow: Recoverable = { id: "b", takenAt: at(2), from: at(3, 6), until: null };
    const spans = newestOverTime([backup("a", at(1)), slow, backup("c", at(4))], { from: at(1), to: at(4, 1) });
    expect(findPointBreaches(spans, target, [], { from: at(1), to: at(4, 1) })).toMatchObject([{ from: at(2), to: at(4, 0, 5), worstMs: 54 * h, worstAt: at(3, 6) }]);
  });

  it("is open while nothing ended it, and worst where nothing could be restored", () => {
    const spans = newestOverTime([backup("a", at(1), at(2))], range);
    expect(findPointBreaches(spans, target, [], range)).toMatchObject([{ from: at(2), to: at(11), worstMs: null, open: true }]);
  });

  it("counts what a silence brought once it is over, and says nothing of one that is not", () => {
    const spans = newestOverTime([backup("a", at(4, 14)), backup("b", at(5, 16, 26))], range);
    const gaps = findGaps(range, [{ startedAt: at(1), heartbeatAt: at(4, 23, 10), stoppedAt: at(4, 23, 10) }, { startedAt: at(5, 16), heartbeatAt: at(11), stoppedAt: null }], at(1));
    expect(findPointBreaches(spans, target, gaps, range)[0]).toMatchObject({ from: at(5, 14), to: at(5, 16, 31) });
    const still = findGaps(range, [{ startedAt: at(1), heartbeatAt: at(4, 23, 10), stoppedAt: null }], at(1));
    expect(findPointBreaches(newestOverTime([backup("a", at(4, 14))], range), target, still, range)).toEqual([]);
  });
});

describe("pointDays", () => {
  it("tells held, broken and unknown days apart", () => {
    const whole = { from: at(1), to: at(4, 6) };
    const gaps = findGaps(whole, [{ startedAt: at(2), heartbeatAt: at(4, 6), stoppedAt: null }], at(1));
    const spans = newestOverTime([backup("a", at(1) - h), backup("b", at(3, 8))], whole);
    const breaches = findPointBreaches(spans, [{ from: 0, seconds: 26 * 3_600 }], gaps, whole);
    const days = pointDays(evidenced(spans, gaps, whole), breaches, whole);
    expect(days.map(({ state }) => state)).toEqual(["unknown", "broken", "broken", "held"]);
    expect(days[1]).toMatchObject({ worstMs: 49 * h, worstAt: at(3) });
    expect(days[0]?.worstMs).toBeNull();
  });
});
