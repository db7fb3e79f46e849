import { expect, it } from "vitest";
import { describePointBreaches } from "./breaches";
import { findPointBreaches, type PointSpan } from "./recovery-point";
import { beginningAt, countBefore } from "./search";

it("counts what comes before, at the ends and between", () => {
  const sorted = [1, 3, 3, 7];
  expect([0, 1, 2, 3, 4, 7, 8].map((at) => countBefore(sorted, (one) => one >= at))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  expect(countBefore([], () => true)).toBe(0);
});

it("finds the interval that begins at an instant, and no other", () => {
  const sorted = [{ from: 10 }, { from: 20 }];
  expect([9, 10, 15, 20, 21].map((at) => beginningAt(sorted, at)?.from)).toEqual([undefined, 10, undefined, 20, undefined]);
});

it("explains each of a year's breaches by the backup that ended it", () => {
  const minute = 60_000;
  // A backup every 15 minutes, a target of 10: every one of them is late.
  const spans: PointSpan[] = Array.from({ length: 35_000 }, (_, n) => ({ from: n * 15 * minute, to: (n + 1) * 15 * minute, takenAt: n * 15 * minute, backupId: `b${n}` }));
  const targets = [{ from: 0, seconds: 600 }];
  const range = { from: 0, to: 35_000 * 15 * minute };
  const breaches = findPointBreaches(spans, targets, [], range);
  expect(breaches).toHaveLength(35_000);
  const described = describePointBreaches(breaches, { spans, gaps: [], failed: [], targets, runOf: new Map([["b700", 4711]]) });
  expect(described[699]).toMatchObject({ from: 699 * 15 * minute + 10 * minute, to: 700 * 15 * minute, runId: 4711 });
});
