import { describe, expect, it } from "vitest";
import { agePath, overPath } from "./age-path";
import { byteScale, dayTicks, intoSlots, labelled, share, slotLength, timeScale } from "./scale";

const h = 3_600_000;
const d = 24 * h;
const day = (number: number) => Date.UTC(2026, 7, number);

describe("timeScale", () => {
  it.each([
    [29 * h, 32 * h, 8 * h],
    [322_000, 360_000, 120_000],
    [0, 100, 100],
    [700 * d, 800 * d, 200 * d],
  ])("holds %d within %d, in steps people count in", (most, max, step) => {
    const { max: end, ticks } = timeScale(most);
    expect([end, ticks[0], ticks[1], ticks.at(-1)]).toEqual([max, 0, step, max]);
  });
});

describe("byteScale", () => {
  it("counts in powers of two", () => expect(byteScale(742 * 2 ** 20)).toMatchObject({ max: 768 * 2 ** 20, ticks: [0, 2 ** 28, 2 ** 29, 3 * 2 ** 28] }));
});

describe("dayTicks", () => {
  it("writes at most nine days, the first one among them", () => {
    expect(dayTicks(day(24), day(54)).map((at) => new Date(at).getUTCDate())).toEqual([24, 28, 1, 5, 9, 13, 17, 21]);
    for (const days of [1, 7, 30, 90, 365, 1_000]) expect(dayTicks(0, days * d).length).toBeLessThanOrEqual(9);
  });
});

describe("slots", () => {
  it("are about a hundred for any range", () => {
    for (const days of [7, 30, 90, 365]) expect((days * d) / slotLength(0, days * d)).toBeLessThanOrEqual(121);
  });
  it("hold what falls into them", () => {
    expect(intoSlots([1, 2, 11, 35], (one) => one, 0, 10)).toEqual([{ index: 0, points: [1, 2] }, { index: 1, points: [11] }, { index: 3, points: [35] }]);
  });
});

describe("share", () => {
  it("never leaves the axis", () => expect([share(5, 0, 10), share(-1, 0, 10), share(11, 0, 10)]).toEqual([50, 0, 100]));
});

describe("labelled", () => {
  it("writes the worst, and those that stand alone", () => {
    const marks = [{ x: 10, weight: 1 }, { x: 12, weight: 5 }, { x: 40, weight: 2 }, { x: 70, weight: 1 }, { x: 73, weight: 1 }];
    expect([...labelled(marks, 8)]).toEqual([marks[1], marks[2]]);
  });
});

describe("agePath", () => {
  const frame = { from: 0, to: 10, max: 10 };
  it("rises with time, falls to the age of the next backup and breaks at a gap", () => {
    expect(agePath([{ from: 0, to: 4, takenAt: 0 }, { from: 4, to: 6, takenAt: 3 }, { from: 8, to: 10, takenAt: 3 }], frame)).toBe("M0 1000L400 600L400 900L600 700M800 500L1000 300");
  });
  it("keeps the peak among more teeth than there is room for", () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({ from: index / 200, to: (index + 1) / 200, takenAt: index === 700 ? index / 200 - 9 : index / 200 }));
    const path = agePath(many, frame);
    expect(path).toContain("M350.5 1000V99.5");
    expect(path.split("M").length - 1).toBe(1_000);
  });
});

describe("overPath", () => {
  it("covers what is past the target of its time, and nothing else", () => {
    const frame = { from: 0, to: 10_000, max: 10_000 };
    const segments = [{ from: 0, to: 10_000, takenAt: 0 }];
    expect(overPath(segments, [{ from: 0, to: 5_000, seconds: 6 }, { from: 5_000, to: 10_000, seconds: 8 }], frame)).toBe("M800 200L800 200L1000 0V200Z");
  });
});
