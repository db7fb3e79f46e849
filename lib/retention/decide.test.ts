import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverageOf } from "./coverage";
import { decideRetention } from "./decide";
import { presetPolicy, RetentionPolicy, type RetainedBackup } from "./schemas";

const start = Date.UTC(2026, 8, 22, 2);
const hour = 3_600_000;
const day = 24 * hour;

/** Of a database that is backed up whole, unless `extra` says otherwise. */
function backup(id: string, daysAgo: number, extra: Partial<RetainedBackup> = {}): RetainedBackup {
  return { id, takenAt: new Date(start - daysAgo * day), sizeBytes: 100, rows: 1_000, rung: 3, hasProblem: false, isKept: false, isOnLegalHold: false, isPartial: false, isLesser: extra.isPartial ?? false, isSizeAccepted: false, isForeign: false, isAhead: false, ...extra };
}

const daily = (days: number, extra: (daysAgo: number) => Partial<RetainedBackup> = () => ({})) => Array.from({ length: days }, (_, n) => backup(`d${n}`, n, extra(n)));
const gone = (backups: RetainedBackup[], policy: Partial<RetentionPolicy>) => decideRetention(backups, RetentionPolicy.parse(policy)).go.map(({ backup: one }) => one.id);

describe("decideRetention", () => {
  it("keeps every backup for the days of the procedures' periods, and lets older ones go, oldest first", () => {
    const { go, stay } = decideRetention(daily(40), presetPolicy(30));
    expect(stay).toHaveLength(31);
    expect(go.map(({ backup: one }) => one.id)).toEqual(Array.from({ length: 9 }, (_, n) => `d${39 - n}`));
    expect(go[0]?.reason).toBe("no_rule");
  });

  it("thins out by day, week, month and year, each window beginning where the one before ends", () => {
    const { stay } = decideRetention(daily(800), RetentionPolicy.parse({ everyDays: 7, days: 14, weeks: 13, months: 12, years: 2 }));
    const by = (reason: string) => stay.filter(({ reasons }) => reasons[0] === reason || (reasons[0] === "at_least" && reason === "every")).length;
    expect(stay.filter(({ reasons }) => reasons.includes("every"))).toHaveLength(8);
    expect(by("day")).toBe(14);
    expect(by("week")).toBeGreaterThanOrEqual(13);
    expect(by("week")).toBeLessThanOrEqual(14);
    expect(by("month")).toBeGreaterThanOrEqual(12);
    expect(by("month")).toBeLessThanOrEqual(13);
    expect(by("year")).toBeGreaterThanOrEqual(1);
  });

  it("does not count those dated ahead of the clock among the newest", () => {
    const wrong = [1, 2, 3].map((n) => backup(`wrong${n}`, -n, { isAhead: true }));
    expect(gone([...wrong, ...daily(30)], { everyDays: 0, newest: 10 })).toHaveLength(20);
  });

  it("counts back from none that is dated ahead of the clock, and keeps it", () => {
    const wrong = backup("wrong", -365, { rung: 4, isAhead: true });
    const { go, stay, anchor } = decideRetention([wrong, ...daily(40)], presetPolicy(30));
    expect([go.length, stay.length, anchor]).toEqual([9, 32, new Date(start)]);
    expect(stay.find(({ backup: one }) => one.id === "wrong")?.reasons).toContain("not_replaced");
    expect(gone([wrong], { everyDays: 1 })).toEqual([]);
  });

  it("counts back from the newest good backup, so that nothing ages out when backups stop", () => {
    const stopped = daily(30).map((one) => ({ ...one, takenAt: new Date(one.takenAt.getTime() - 400 * day) }));
    expect(gone(stopped, { everyDays: 30 })).toEqual([]);
  });

  it("leaves foreign files alone, and counts on none of them, unless a clean-up by hand names them", () => {
    const foreign = daily(40, () => ({ isForeign: true })).map((one) => ({ ...one, id: `f-${one.id}`, takenAt: new Date(one.takenAt.getTime() + 100 * day) }));
    const own = daily(40);
    expect(gone([...own, ...foreign], { everyDays: 30 })).toEqual(gone(own, { everyDays: 30 }));
    expect(gone([...own, ...foreign], { everyDays: 0, totalBytes: 1 }).filter((id) => id.startsWith("f-"))).toEqual([]);
    expect(decideRetention([...own, ...foreign], presetPolicy(30)).stay.filter(({ reasons }) => reasons.includes("foreign"))).toHaveLength(40);
    expect(gone([...own, ...foreign], { everyDays: 30, foreign: true })).toContain("f-d39");
  });

  it("removes nothing while nothing good is there", () => {
    expect(gone(daily(100, () => ({ rung: 2 })), { everyDays: 1, totalBytes: 1 })).toEqual([]);
  });

  it("removes nothing for a backup that is far smaller than usual, until a better one follows", () => {
    const emptied = [backup("tiny", 0, { sizeBytes: 10, rows: 3 }), ...daily(40).slice(1)];
    const decision = decideRetention(emptied, presetPolicy(30));
    expect(decision.suspicious).toEqual(["tiny"]);
    expect(decision.anchor?.getTime()).toBe(start - day);
    expect(decision.stay.find(({ backup: one }) => one.id === "tiny")?.reasons).toContain("not_replaced");
  });

  it("asks about an empty one also where only the newest is kept, by what is on record of those that went", () => {
    const policy = RetentionPolicy.parse({ everyDays: 0, atLeastGood: 1 });
    const empty = backup("empty", 0, { sizeBytes: 5, rows: 0, rung: 4 });
    const good = backup("good", 1, { rung: 4 });
    expect(decideRetention([empty, good], policy)).toMatchObject({ suspicious: ["empty"], go: [], anchor: good.takenAt });
    // Also when the good one is not there any more: the record of its size is.
    expect(decideRetention([empty], policy, [good])).toMatchObject({ suspicious: ["empty"], anchor: null });
    expect(decideRetention([{ ...empty, isSizeAccepted: true }, good], policy)).toMatchObject({ suspicious: [], go: [{ backup: { id: "good" } }] });
  });

  it("has nothing to compare a database's first backup with, whatever its size", () => {
    expect(decideRetention([backup("first", 0, { sizeBytes: 1, rows: 0 })], presetPolicy(30)).suspicious).toEqual([]);
    expect(decideRetention([backup("first", 0, { sizeBytes: 1, rows: 0 })], presetPolicy(30), [backup("foreign", 1, { isForeign: true })]).suspicious).toEqual([]);
  });

  it("takes none that was small for usual after those it was compared with went", () => {
    // 450 is under half of the 1,000, and not of the 900 that stays.
    const all = [backup("d", 0, { sizeBytes: 450 }), backup("c", 1, { sizeBytes: 900 }), backup("a", 2, { sizeBytes: 1_000 })];
    const policy = RetentionPolicy.parse({ everyDays: 0, atLeastGood: 1 });
    const { go, stay, suspicious } = decideRetention(all, policy);
    expect([go.map(({ backup: one }) => one.id), suspicious]).toEqual([["a"], ["d"]]);
    expect(decideRetention(stay.map(({ backup: one }) => one), policy, go.map(({ backup: one }) => one))).toMatchObject({ go: [], suspicious: ["d"] });
  });

  it("asks about a small one among partial backups too, which are compared with each other", () => {
    const left = (extra: (n: number) => Partial<RetainedBackup>) => decideRetention(daily(40, extra), presetPolicy(30)).suspicious;
    expect(left((n) => ({ isPartial: true, ...(n === 0 ? { sizeBytes: 5, rows: 3 } : {}) }))).toEqual(["d0"]);
    // Once something was left out on purpose, that alone makes no backup suspicious.
    expect(left((n) => (n === 0 ? { isPartial: true, sizeBytes: 5, rows: 3 } : {}))).toEqual([]);
  });

  it("lets old whole ones go, all but the newest, where backups leave tables out as a rule", () => {
    const nightly = daily(40, (n) => ({ isPartial: n < 35, isLesser: false }));
    expect(gone(nightly, { everyDays: 30 })).toEqual(gone(daily(40), { everyDays: 30 }).filter((id) => id !== "d35"));
    expect(gone(daily(40, (n) => ({ isPartial: n < 35 })), { everyDays: 30 })).toEqual(["d34", "d33", "d32", "d31"]);
  });

  it("counts back from the newest whole one, keeps whole ones of their day, and lets a partial one go like any other", () => {
    const nightly = daily(40);
    const before = backup("partial", -1, { isPartial: true, rung: 4 });
    expect(gone([before, ...nightly], { everyDays: 30 })).toEqual(gone(nightly, { everyDays: 30 }));
    // Later on the same day: the whole one is the day's.
    const sameDay = backup("partial", 34.9, { isPartial: true });
    expect(gone([sameDay, ...nightly], { everyDays: 30, days: 10 })).toEqual(["partial"]);
    expect(gone([backup("old", 50, { isPartial: true }), ...nightly], { everyDays: 60, totalBytes: 4_000 })).toEqual(["old"]);
  });

  it("takes a small backup for as good as any once a person accepted it, and compares later ones with it", () => {
    const smaller = (n: number) => (n < 5 ? { sizeBytes: 10, rows: 3, isSizeAccepted: n === 4 } : {});
    const decision = decideRetention(daily(40, smaller), presetPolicy(30));
    expect(decision.suspicious).toEqual([]);
    expect(decision.anchor?.getTime()).toBe(start);
    expect(decideRetention(daily(40, (n) => ({ ...smaller(n), isSizeAccepted: false })), presetPolicy(30)).suspicious).toHaveLength(5);
    // From the very next one on: it may be the one whose tables are empty.
    expect(decideRetention(daily(40, (n) => (n === 3 ? { sizeBytes: 1, rows: 0 } : smaller(n))), presetPolicy(30)).suspicious).toEqual(["d3"]);
  });

  it("keeps the newest so many whatever their age, and frees the oldest when what stays is too large", () => {
    expect(gone(daily(30), { everyDays: 0, newest: 10 })).toHaveLength(20);
    expect(gone(daily(30), { everyDays: 60, totalBytes: 1_000 })).toEqual(Array.from({ length: 20 }, (_, n) => `d${29 - n}`));
  });

  it("lets a failed proof stand only as long as a rule keeps it", () => {
    const backups = daily(40, (n) => (n === 35 || n === 5 ? { hasProblem: true, rung: 1 } : {}));
    expect(gone(backups, { everyDays: 30 })).toContain("d35");
    expect(gone(backups, { everyDays: 30 })).not.toContain("d5");
  });

  it("says how far back one can go without a gap", () => {
    const { stay } = decideRetention(daily(100), RetentionPolicy.parse({ everyDays: 9, weeks: 8 }));
    const coverage = coverageOf(stay.map(({ backup: one }) => one));
    expect(coverage.everyDaySince?.toISOString().slice(0, 10)).toBe("2026-09-12");
    expect(Number(coverage.everyWeekSince)).toBeLessThan(start - 55 * day);
  });
});

describe("whatever the history and the policy", () => {
  const history = fc.array(
    fc.record({
      hoursAgo: fc.integer({ min: 0, max: 24 * 900 }),
      sizeBytes: fc.integer({ min: 1, max: 10_000 }),
      rows: fc.option(fc.integer({ min: 0, max: 100_000 })),
      rung: fc.integer({ min: 1, max: 4 }),
      hasProblem: fc.boolean(),
      isKept: fc.boolean(),
      isOnLegalHold: fc.boolean(),
      isPartial: fc.boolean(),
      isSizeAccepted: fc.boolean(),
      isForeign: fc.constant(false),
      isAhead: fc.constant(false),
    }),
    { maxLength: 60 },
  );
  const policy = fc.record({
    everyDays: fc.integer({ min: 0, max: 60 }),
    hours: fc.integer({ min: 0, max: 48 }),
    days: fc.integer({ min: 0, max: 60 }),
    weeks: fc.integer({ min: 0, max: 20 }),
    months: fc.integer({ min: 0, max: 24 }),
    years: fc.integer({ min: 0, max: 5 }),
    newest: fc.integer({ min: 0, max: 20 }),
    atLeastGood: fc.integer({ min: 1, max: 6 }),
    totalBytes: fc.option(fc.integer({ min: 1, max: 100_000 })),
    foreign: fc.boolean(),
  });
  const cases = { numRuns: 3_000 };
  const toBackups = (items: (Omit<RetainedBackup, "id" | "takenAt" | "isLesser"> & { hoursAgo: number })[]): RetainedBackup[] => items.map(({ hoursAgo, ...rest }, n) => ({ id: `b${n}`, takenAt: new Date(start - hoursAgo * hour), isLesser: rest.isPartial, ...rest }));
  const newest = (backups: RetainedBackup[]) => [...backups].sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime())[0];

  it("never removes what is held, kept by hand, the newest proven or the newest readable", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const backups = toBackups(items);
        const { go } = decideRetention(backups, rules);
        const removed = new Set(go.map(({ backup: one }) => one.id));
        const sound = backups.filter((one) => !one.hasProblem);
        const provenAt = newest(sound.filter((one) => one.rung === 4))?.takenAt.getTime();
        const readableAt = newest(sound.filter((one) => one.rung >= 3))?.takenAt.getTime();
        expect(backups.filter((one) => removed.has(one.id) && (one.isKept || one.isOnLegalHold))).toEqual([]);
        if (provenAt !== undefined) expect(sound.some((one) => one.rung === 4 && one.takenAt.getTime() === provenAt && !removed.has(one.id))).toBe(true);
        if (readableAt !== undefined) expect(sound.some((one) => one.rung >= 3 && one.takenAt.getTime() === readableAt && !removed.has(one.id))).toBe(true);
      }),
      cases,
    );
  });

  it("never removes anything while nothing good is there, nor for a size limit what a protection keeps", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const backups = toBackups(items);
        const limited = decideRetention(backups, { ...rules, totalBytes: 1 });
        if (limited.anchor === null) expect(limited.go).toEqual([]);
        // All that is left under the smallest limit is what the protections keep, and no limit keeps all of that too.
        const bare = decideRetention(backups, { ...rules, everyDays: 0, hours: 0, days: 0, weeks: 0, months: 0, years: 0, newest: 0, totalBytes: null });
        const ids = (list: readonly { backup: RetainedBackup }[]) => list.map(({ backup: one }) => one.id).sort();
        expect(ids(limited.stay)).toEqual(ids(bare.stay));
        const free = new Set(ids(decideRetention(backups, { ...rules, totalBytes: null }).stay));
        expect(ids(limited.stay).every((id) => free.has(id))).toBe(true);
      }),
      cases,
    );
  });

  it("removes nothing of the list while the record changes between the decision and each removal", () => {
    const changes = fc.array(fc.record({ which: fc.nat(), change: fc.constantFrom<Partial<RetainedBackup>>({ hasProblem: true, rung: 1 }, { hasProblem: false, rung: 4 }, { isKept: true }, { isOnLegalHold: true }, { rung: 2 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(history, policy, changes, (items, rules, events) => {
        let backups = toBackups(items);
        const pending = [...events];
        for (const { backup: { id } } of decideRetention(backups, rules).go) {
          const event = pending.pop();
          if (event) backups = backups.map((one, index) => (index === event.which % backups.length ? { ...one, ...event.change } : one));
          // What the worker asks right before it deletes.
          const decision = decideRetention(backups, rules);
          if (!decision.go.some(({ backup: one }) => one.id === id)) continue;
          const good = (list: RetainedBackup[]) => list.filter((one) => one.rung >= 3 && !one.hasProblem && !decision.suspicious.includes(one.id));
          const [removed] = backups.filter((one) => one.id === id);
          const left = backups.filter((one) => one.id !== id);
          expect([removed?.isKept, removed?.isOnLegalHold]).toEqual([false, false]);
          for (const rung of [3, 4]) {
            const best = (list: RetainedBackup[]) => newest(list.filter((one) => one.rung >= rung && !one.hasProblem))?.takenAt.getTime();
            expect(best(left)).toBe(best(backups));
          }
          expect(good(left).length).toBeGreaterThanOrEqual(Math.min(rules.atLeastGood, good(backups).length));
          expect(good(left).some((one) => removed !== undefined && one.takenAt >= removed.takenAt)).toBe(true);
          backups = left;
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("never removes anything that no verified and unsuspicious backup replaces", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const { go, stay, suspicious } = decideRetention(toBackups(items), rules);
        const good = stay.filter(({ backup: one }) => one.rung >= 3 && !one.hasProblem && !suspicious.includes(one.id));
        for (const { backup: one } of go) expect(good.some(({ backup: other }) => other.takenAt >= one.takenAt)).toBe(true);
      }),
      cases,
    );
  });

  it("never falls below the wanted number of good ones, loses none from sight, and decides the same in any order", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const backups = toBackups(items);
        const { go, stay, suspicious, bytesFreed, bytesKept } = decideRetention(backups, rules);
        const isGood = (one: RetainedBackup) => one.rung >= 3 && !one.hasProblem && !suspicious.includes(one.id);
        expect(stay.length + go.length).toBe(backups.length);
        expect(bytesFreed + bytesKept).toBe(backups.reduce((sum, one) => sum + one.sizeBytes, 0));
        expect(stay.filter(({ backup: one }) => isGood(one)).length).toBeGreaterThanOrEqual(Math.min(rules.atLeastGood, backups.filter(isGood).length));
        expect(decideRetention([...backups].reverse(), rules).go.map(({ backup: one }) => one.id).sort()).toEqual(go.map(({ backup: one }) => one.id).sort());
      }),
      cases,
    );
  });

  it("lets no partial backup replace a whole one, whatever the size limit", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const backups = toBackups(items);
        const whole = backups.filter(({ isPartial }) => !isPartial);
        const ids = (list: readonly { backup: RetainedBackup }[]) => list.filter(({ backup: one }) => !one.isPartial).map(({ backup: one }) => one.id);
        const unlimited = { ...rules, totalBytes: null };
        expect(ids(decideRetention(backups, unlimited).stay)).toEqual(ids(decideRetention(whole, unlimited).stay));
        const { stay, suspicious } = decideRetention(backups, rules);
        const staying = new Set(ids(stay));
        const sound = whole.filter(({ hasProblem }) => !hasProblem);
        for (const rung of [3, 4]) {
          const at = newest(sound.filter((one) => one.rung >= rung))?.takenAt.getTime();
          if (at !== undefined) expect(sound.some((one) => one.rung >= rung && one.takenAt.getTime() === at && staying.has(one.id))).toBe(true);
        }
        const good = sound.filter((one) => one.rung >= 3 && !suspicious.includes(one.id));
        expect(good.filter(({ id }) => staying.has(id)).length).toBeGreaterThanOrEqual(Math.min(rules.atLeastGood, good.length));
      }),
      cases,
    );
  });

  it("treats partial backups like any where there are no others", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const as = (isPartial: boolean) => decideRetention(toBackups(items).map((one) => ({ ...one, isPartial, isLesser: isPartial })), rules);
        const ids = ({ stay }: ReturnType<typeof as>) => stay.map(({ backup: one, reasons }) => [one.id, reasons]);
        expect(ids(as(true))).toEqual(ids(as(false)));
      }),
      cases,
    );
  });

  it("keeps the last full ones behind any number that are nearly empty, whether those before them are there or were removed", () => {
    const full = fc.record({ sizeBytes: fc.integer({ min: 900, max: 1_100 }), rows: fc.integer({ min: 900, max: 1_100 }), rung: fc.integer({ min: 3, max: 4 }) });
    const empty = fc.record({ sizeBytes: fc.integer({ min: 1, max: 400 }), rows: fc.integer({ min: 0, max: 400 }), rung: fc.integer({ min: 3, max: 4 }) });
    fc.assert(
      fc.property(fc.array(full, { minLength: 1, maxLength: 30 }), fc.array(full, { maxLength: 10 }), fc.array(empty, { minLength: 1, maxLength: 30 }), policy, (wholes, removed, tiny, rules) => {
        const whole = wholes.map((one, n) => backup(`full${n}`, 40 + n, one));
        const records = removed.map((one, n) => backup(`gone${n}`, 100 + n, one));
        const { stay } = decideRetention([...tiny.map((one, n) => backup(`empty${n}`, n, one)), ...whole], rules, records);
        // The policy's own number of good ones, and no empty one counts as good.
        const left = stay.filter(({ backup: { id } }) => id.startsWith("full")).map(({ backup: { id } }) => id);
        expect(left).toEqual(expect.arrayContaining(whole.slice(0, rules.atLeastGood).map(({ id }) => id)));
      }),
      cases,
    );
  });

  it("removes nothing more when it is asked again", () => {
    fc.assert(
      fc.property(history, policy, (items, rules) => {
        const first = decideRetention(toBackups(items), { ...rules, totalBytes: null });
        const left = first.stay.map(({ backup: one }) => one);
        const again = decideRetention(left, { ...rules, totalBytes: null }, first.go.map(({ backup: one }) => one));
        expect([again.go, again.anchor]).toEqual([[], first.anchor]);
        expect(again.suspicious).toEqual(first.suspicious.filter((id) => left.some((one) => one.id === id)));
      }),
      cases,
    );
  });
});
