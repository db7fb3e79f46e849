import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRetention } from "./decide";
import { forecastRetention, type ForecastFacts } from "./forecast";
import { presetPolicy, RetentionPolicy, type RetainedBackup } from "./schemas";

const day = 86_400_000;
const now = new Date("2026-09-22T09:14:00Z");
const daily = { cron: "0 2 * * *", timeZone: "UTC" };

const past = (days: number, extra: Partial<RetainedBackup> = {}): RetainedBackup[] =>
  Array.from({ length: days }, (_, n) => ({ id: `d${n}`, takenAt: new Date(Date.UTC(2026, 8, 22, 2) - n * day), sizeBytes: 100, rows: 10, rung: 4, hasProblem: false, isKept: false, isOnLegalHold: false, isPartial: false, isLesser: false, isSizeAccepted: false, isForeign: false, isAhead: false, ...extra }));
const ahead = (more: Partial<ForecastFacts> = {}, days = 42) => forecastRetention({ backups: past(10), records: [], policy: presetPolicy(30), schedule: daily, cleanUp: null, from: now, ...more }, now, days);

describe("the coming weeks", () => {
  it("fill the window of the rules, and then one goes for each that comes", () => {
    const days = ahead();
    expect(days).toHaveLength(42);
    expect(days[0]).toMatchObject({ at: new Date("2026-09-22T00:00Z"), taken: 0, goes: 0, kept: 10 });
    expect(days[1]).toMatchObject({ taken: 1, goes: 0, kept: 11, bytes: 1_100 });
    expect(days[21]).toMatchObject({ taken: 1, goes: 0, kept: 31 });
    expect(days.slice(22).every(({ taken, goes, kept }) => taken === 1 && goes === 1 && kept === 31)).toBe(true);
    expect(days.at(-1)?.everyDaySince).toEqual(new Date("2026-10-03T02:00Z"));
  });

  it("begin with what goes now, as it does when the rules are saved", () => {
    expect(ahead({ backups: past(60) }, 2)).toMatchObject([{ taken: 0, goes: 29, kept: 31 }, { taken: 1, goes: 1, kept: 31 }]);
  });

  it("remove only at the times of a clean-up that has some", () => {
    const days = ahead({ cleanUp: { cron: "0 3 * * 0", timeZone: "UTC" } });
    expect(days.filter(({ goes }) => goes > 0).map(({ at }) => at.getUTCDay())).toEqual([0, 0, 0]);
  });

  it("begin after a pause, and go by the schedule's own clock", () => {
    const days = ahead({ schedule: { cron: "30 0 * * *", timeZone: "Asia/Tokyo" }, from: new Date("2026-09-25T00:00Z") }, 6);
    expect(days.map(({ taken }) => taken)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("go by partial backups where there are no others", () => {
    expect(ahead({ backups: past(10, { isPartial: true, isLesser: true, sizeBytes: 40 }) }).at(-1)?.bytes).toBe(40 * 31);
    const [newest, ...older] = past(10);
    expect(ahead({ backups: [{ ...newest!, isPartial: true, isLesser: true, sizeBytes: 1 }, ...older] }).at(-1)?.bytes).toBe(100 * 31);
  });

  it("say nothing while nothing good tells how large a backup is, and end early where there are too many", () => {
    expect(ahead({ backups: past(5, { rung: 2 }) })).toEqual([]);
    expect(ahead({ schedule: { cron: "* * * * *", timeZone: "UTC" }, backups: past(1) }, 3).length).toBeLessThanOrEqual(2);
  });

  it("never lose the newest ones, and end where deciding by the whole history ends", () => {
    const rules = fc.record({ everyDays: fc.integer({ min: 0, max: 40 }), days: fc.integer({ min: 0, max: 30 }), weeks: fc.integer({ min: 0, max: 8 }), newest: fc.integer({ min: 0, max: 10 }), totalBytes: fc.option(fc.integer({ min: 100, max: 5_000 })) });
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 60 }), (policy, history) => {
        const parsed = RetentionPolicy.parse(policy);
        const days = ahead({ backups: past(history), policy: parsed }, 20);
        for (const { kept, taken, goes } of days) {
          expect(kept).toBeGreaterThanOrEqual(Math.min(3, history));
          expect(Number.isInteger(taken + goes)).toBe(true);
        }
        const last = days.at(-1);
        const total = history + days.reduce((sum, one) => sum + one.taken - one.goes, 0);
        expect(last?.kept).toBe(total);
      }),
      { numRuns: 150 },
    );
    expect(ahead().at(-1)?.kept).toBe(decideRetention(past(42), presetPolicy(30)).stay.length);
  });
});
