import { describe, expect, it } from "vitest";
import { forecastStore, type StoreHistory } from "./forecast";
import { heldByDay } from "./held";

const day = 86_400_000;
const gib = 2 ** 30;
const now = Date.parse("2026-09-22T09:14:00Z");

/** A store watched for so many days, growing by so much each day. */
function grown(days: number, perDay: number, more: Partial<StoreHistory> = {}): StoreHistory {
  return {
    freeBytes: 60 * gib,
    firstAt: now - days * day,
    held: Array.from({ length: Math.min(days, 90) + 1 }, (_, index) => Math.min(days, 90) - index).map((ago) => ({ at: now - ago * day, heldBytes: 500 * gib - ago * perDay })),
    free: [],
    ...more,
  };
}
const weeks = (at: number | null) => (at === null ? null : Math.round((at - now) / (7 * day)));

describe("forecastStore", () => {
  it("says nothing before two weeks of evidence, without space, or without a backup", () => {
    expect(forecastStore(grown(13, gib), now)).toEqual({ kind: "unknown", why: "too_young" });
    expect(forecastStore(grown(90, gib, { freeBytes: null }), now)).toEqual({ kind: "unknown", why: "no_space" });
    expect(forecastStore(grown(90, gib, { firstAt: null, held: [] }), now)).toEqual({ kind: "unknown", why: "no_backup" });
  });

  it("divides what is free by the pace", () => {
    const found = forecastStore(grown(120, gib), now);
    expect(found).toMatchObject({ kind: "fills", paces: [{ what: "backups", days: 30, bytesPerDay: gib }, { what: "backups", days: 90, bytesPerDay: gib }] });
    expect(found.kind === "fills" && [weeks(found.earliest), weeks(found.latest)]).toEqual([9, 9]);
  });

  it("takes what was watched when it is less than a month", () => {
    expect(forecastStore(grown(20, gib), now)).toMatchObject({ kind: "fills", paces: [{ what: "backups", days: 20 }] });
  });

  it("gives a range where the last month and the last quarter differ", () => {
    const held = Array.from({ length: 91 }, (_, index) => 90 - index).map((ago) => ({ at: now - ago * day, heldBytes: 500 * gib - Math.min(ago, 30) * 2 * gib }));
    const found = forecastStore(grown(90, gib, { held }), now);
    expect(found.kind === "fills" && [weeks(found.earliest), weeks(found.latest)]).toEqual([4, 13]);
  });

  it("counts what other files take, when free space was watched long enough", () => {
    const free = (days: number) => Array.from({ length: days + 1 }, (_, index) => ({ at: now - (days - index) * day, freeBytes: 60 * gib + (days - index) * 4 * gib }));
    const found = forecastStore(grown(90, gib, { free: free(15) }), now);
    expect(found.kind === "fills" && [weeks(found.earliest), weeks(found.latest)]).toEqual([2, 9]);
    expect(forecastStore(grown(90, gib, { free: free(10) }), now)).toMatchObject({ paces: [{ what: "backups" }, { what: "backups" }] });
  });

  it("has no end where the slower pace is none, and no date where nothing grows or only in many years", () => {
    const paused = Array.from({ length: 91 }, (_, index) => 90 - index).map((ago) => ({ at: now - ago * day, heldBytes: 500 * gib - (Math.max(ago, 30) - 30) * gib }));
    expect(forecastStore(grown(90, gib, { held: paused }), now)).toMatchObject({ kind: "fills", latest: null });
    expect(forecastStore(grown(90, -gib), now).kind).toBe("steady");
    expect(forecastStore(grown(90, 0), now).kind).toBe("steady");
    expect(forecastStore(grown(90, 1), now).kind).toBe("steady");
  });
});

describe("heldByDay", () => {
  it("tells backwards what was held: what came since was not there, what went since still was", () => {
    const held = heldByDay(100, [{ from: "2026-09-21", until: null, bytes: 30 }, { from: "2026-09-18", until: "2026-09-21", bytes: 7 }, { from: "2026-09-20", until: "2026-09-20", bytes: 1_000 }], 4, now);
    expect(held.map(({ at, heldBytes }) => [new Date(at).toISOString().slice(0, 10), heldBytes])).toEqual([
      ["2026-09-19", 77], ["2026-09-20", 77], ["2026-09-21", 77], ["2026-09-22", 100], ["2026-09-22", 100],
    ]);
  });
});
