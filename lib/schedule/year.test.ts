import { describe, expect, it } from "vitest";
import { decideRetention } from "@/lib/retention/decide";
import { RetentionPolicy, type RetainedBackup } from "@/lib/retention/schemas";
import { suspiciouslySmall } from "@/lib/retention/suspicious";
import type { AttemptFacts } from "./attempts";
import { changesOf, newRows, settledWithoutRun, type OccurrenceFields } from "./changes";
import { decideMoves } from "./moves";
import { occurrencesBetween, type Times } from "./occurrences";
import type { MissedPolicy, OverlapPolicy } from "./schemas";

interface Row extends OccurrenceFields { id: number; dueAt: Date; startAt: Date; attempts: AttemptFacts[] }

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const [from, until] = [new Date("2026-01-01T00:00Z"), new Date("2027-01-01T00:00Z")];

/** The same figures every time, from 0 to 1. */
function dice(seed: number): () => number {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };
}

/** Some two days in a year by the hour, and the nights in which clocks change. */
function downtimes(random: () => number): [Date, Date][] {
  const chosen = Array.from({ length: 14 }, () => {
    const start = from.getTime() + random() * 360 * day;
    return [start, start + (0.1 + random() * 60) * hour] as const;
  });
  const changes = ["2026-03-29T00:45Z", "2026-10-25T00:20Z", "2026-04-04T14:40Z", "2026-10-03T15:20Z"].map((at) => [Date.parse(at), Date.parse(at) + 3 * hour] as const);
  return [...chosen, ...changes].sort(([a], [b]) => a - b).map(([a, b]) => [new Date(a), new Date(b)]);
}

interface Rules {
  missed: MissedPolicy;
  overlap: OverlapPolicy;
  retries: number;
}

/** What a kind of schedule does in this year: `start` says whether a run is needed, `end` what comes of one that succeeded. */
interface Work {
  start?: (at: Date) => boolean;
  end?: (at: Date) => void;
}

const quarter = 15 * minute;
const backups: Rules = { missed: "catch_up", overlap: "skip", retries: 2 };

/** One schedule through a year: its occurrences, what it started, and a look of its worker that does all there is to do at an instant. */
function follow(times: Times, rules: Rules, random: () => number, { start: isNeeded = () => true, end = () => undefined }: Work = {}) {
  const rows: Row[] = [];
  const facts = { ...times, ...rules, retryDelaySeconds: 300, timeoutSeconds: null, pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null, isRemoved: false, aheadSince: null, recordedUntil: from };
  let runs = 0;
  const started: number[] = [];
  // What is older is settled: no downtime is longer than two and a half days.
  const open = () => rows.slice(-80);
  const active = () => open().flatMap(({ attempts }) => attempts).find(({ status }) => status === "queued" || status === "running");
  function start(row: Row, at: Date) {
    if (!isNeeded(at)) {
      Object.assign(row, settledWithoutRun({ state: "done", why: "Nothing was to be removed." }, row, at));
      return;
    }
    runs += 1;
    started.push(row.id);
    row.attempts.push({ runId: runs, status: "running", startedAt: at, finishedAt: null, cancelledBy: null, message: null, hasBackup: false });
  }
  function look(at: Date) {
    const run = active();
    if (run && random() < 0.08) Object.assign(run, { status: "failed", finishedAt: at, message: "The server does not answer." });
    else if (run) {
      Object.assign(run, { status: "succeeded", finishedAt: at });
      end(at);
    }
    for (let moves = decide(at), count = 0; moves; moves = decide(at), count += 1) {
      if (count > 1_000) throw new Error("It never comes to rest.");
      for (const row of newRows({ id: "year", jitterSeconds: 0 }, moves.found, at)) rows.push({ ...row, id: rows.length, waitsFor: null, retryAt: null, attempts: [] });
      facts.recordedUntil = moves.found.at(-1)?.dueAt ?? facts.recordedUntil;
      for (const { ids, from: before, set, starts } of changesOf(moves, at)) {
        for (const row of ids.map(rowOf)) {
          expect(row.state).toBe(before);
          Object.assign(row, set);
          if (starts === null) continue;
          expect(starts).toBe(row.attempts.length + 1);
          start(row, at);
        }
      }
    }
  }
  const decide = (at: Date) => decideMoves({ ...facts, activeRunId: active()?.runId ?? null, expected: open().filter(({ state }) => state === "expected"), claimed: open().filter(({ state }) => state === "claimed") }, at);
  const rowOf = (id: number) => {
    const row = rows[id];
    if (!row) throw new Error(`There is no occurrence ${id}.`);
    return row;
  };
  const isIdle = () => !active() && open().every(({ state }) => state !== "claimed");
  return {
    started,
    rows: () => rows.filter(({ dueAt }) => dueAt <= until),
    look,
    /** Its worker died with what it did. */
    lose: (at: Date) => Object.assign(active() ?? {}, { status: "lost", finishedAt: at }),
    /** When the next look can do something. */
    next: (at: Date) => (isIdle() ? facts.recordedUntil : at),
  };
}

/** A year of schedules whose worker looks every quarter of an hour, is away at times and dies with what it does; runs fail at times. */
function pass(away: readonly [Date, Date][], schedules: readonly ReturnType<typeof follow>[]) {
  const isAway = (at: Date) => away.some(([start, end]) => at >= start && at < end);
  for (let at = from; at <= until; ) {
    const now = at;
    if (isAway(now)) schedules.forEach((one) => one.lose(now));
    else schedules.forEach((one) => one.look(now));
    const back = away.find(([start, end]) => now >= start && now < end)?.[1];
    const next = back?.getTime() ?? Math.min(...schedules.map((one) => one.next(now).getTime()));
    at = new Date(Math.max(now.getTime() + quarter, Math.ceil(next / quarter) * quarter));
  }
  return isAway;
}

function live(times: Times, missed: MissedPolicy, random: () => number) {
  const away = downtimes(random);
  const schedule = follow(times, { ...backups, missed }, random);
  const isAway = pass(away, [schedule]);
  return { rows: schedule.rows(), started: schedule.started, isAway, away };
}

const schedules: Times[] = [
  { cron: "30 1 * * *", timeZone: "Europe/Dublin" },
  { cron: "15 2 * * *", timeZone: "Australia/Lord_Howe" },
  { cron: "0 */12 * * *", timeZone: "Asia/Kolkata" },
  { cron: "0 */6 * * *", timeZone: "Europe/Dublin" },
  { cron: "0 2 * * *", timeZone: "UTC" },
];

describe.each(schedules)("a year of $cron $timeZone, with changes of clocks, downtimes and failures", (times) => {
  it.each([1, 2])("has exactly the expected occurrences, each of them settled once (%i)", (seed) => {
    const { rows, started } = live(times, "catch_up", dice(seed));
    expect(rows.map(({ dueAt }) => dueAt)).toEqual(occurrencesBetween(times, from, until, 20_000));
    expect(rows.filter(({ state }) => state === "expected" || state === "claimed").length).toBeLessThanOrEqual(1);
    for (const { attempts, state } of rows) {
      expect(attempts.filter(({ status }) => status === "succeeded").length).toBe(state === "done" || state === "late" ? 1 : 0);
      if (state === "missed" || state === "skipped") expect(attempts).toEqual([]);
    }
    expect(new Set(started).size).toBe(rows.filter(({ attempts }) => attempts.length > 0).length);
  });

  it("loses no time at which its worker was there, and makes up once for each downtime", () => {
    const { rows, isAway, away } = live(times, "catch_up", dice(7));
    for (const { dueAt, state } of rows) if (!isAway(dueAt) && state !== "claimed" && state !== "expected") expect(["done", "late", "failed", "skipped"]).toContain(state);
    for (const [start, end] of away) {
      const inside = rows.filter(({ dueAt }) => dueAt > start && dueAt < end);
      expect(inside.filter(({ attempts }) => attempts.length > 0).length).toBeLessThanOrEqual(1);
    }
    const missed = rows.filter(({ state }) => state === "missed");
    expect(missed.every(({ dueAt, why }) => isAway(dueAt) && why?.startsWith("Holdfast was not running"))).toBe(true);
  });

  it("makes up for nothing when it is told so", () => {
    const { rows, isAway } = live(times, "skip", dice(5));
    const long = rows.filter(({ dueAt }) => isAway(dueAt) && isAway(new Date(dueAt.getTime() + 10 * minute)) && isAway(new Date(dueAt.getTime() - 20 * minute)));
    expect(long.length).toBeGreaterThan(0);
    expect(long.every(({ state }) => state === "missed")).toBe(true);
  });
});

describe("a year of one database with backups, drills, clean-up and re-reading", () => {
  const dublin = (cron: string): Times => ({ cron, timeZone: "Europe/Dublin" });
  const once: Rules = { missed: "catch_up", overlap: "wait", retries: 0 };
  const policy = RetentionPolicy.parse({ everyDays: 14, weeks: 8, months: 6, totalBytes: 4_000 });

  /** What is removed is never what must stay, by what is on record at that moment. */
  function expectAllowed(all: readonly RetainedBackup[], records: readonly RetainedBackup[], removed: RetainedBackup) {
    const newest = (rung: number, of = all) => of.filter((one) => one.rung >= rung && !one.hasProblem).toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime())[0]?.id;
    const small = suspiciouslySmall(all, records);
    const good = all.filter((one) => one.rung >= 3 && !one.hasProblem && !small.has(one.id));
    expect([removed.isKept, removed.isOnLegalHold]).toEqual([false, false]);
    const whole = all.filter(({ isPartial }) => !isPartial);
    expect([newest(3), newest(4), newest(3, whole), newest(4, whole)]).not.toContain(removed.id);
    expect(good.filter(({ id }) => id !== removed.id).length).toBeGreaterThanOrEqual(Math.min(3, good.length));
    expect(good.some(({ takenAt }) => takenAt > removed.takenAt)).toBe(true);
  }

  it.each([1, 2, 3])("has exactly the expected occurrences of each, and never removes what must stay (%i)", (seed) => {
    const random = dice(seed);
    const away = downtimes(random);
    let stored: RetainedBackup[] = [];
    const change = (id: string, fields: Partial<RetainedBackup>) => (stored = stored.map((one) => (one.id === id ? { ...one, ...fields } : one)));
    const removed: RetainedBackup[] = [];
    let made = 0;
    const backup = follow(dublin("30 1 * * *"), backups, random, {
      end(at) {
        const size = random() < 0.03 ? 10 : 95 + Math.floor(random() * 10);
        const isPartial = random() < 0.05;
        stored.push({ id: `b${(made += 1)}`, takenAt: at, sizeBytes: size, rows: size * 10, rung: random() < 0.05 ? 2 : 3, hasProblem: false, isKept: random() < 0.01, isOnLegalHold: random() < 0.01, isPartial, isLesser: isPartial, isSizeAccepted: false, isForeign: false, isAhead: false });
      },
    });
    const drill = follow(dublin("0 3 * * *"), once, random, {
      start: () => stored.some(({ rung }) => rung >= 3),
      end() {
        const newest = stored.findLast(({ rung }) => rung >= 3);
        if (newest) change(newest.id, random() < 0.1 ? { rung: 1, hasProblem: true } : { rung: 4 });
      },
    });
    const recheck = follow(dublin("0 5 * * *"), once, random, {
      end() {
        const found = stored[Math.floor(random() * stored.length)];
        if (found && random() < 0.1) change(found.id, { rung: 1, hasProblem: true });
      },
    });
    const cleanUp = follow(dublin("0 3 * * 0"), once, random, {
      start: () => decideRetention(stored, policy, removed).go.length > 0,
      end() {
        for (const { backup: one } of decideRetention(stored, policy, removed).go) {
          if (!decideRetention(stored, policy, removed).go.some(({ backup: still }) => still.id === one.id)) continue;
          expectAllowed(stored, removed, one);
          stored = stored.filter(({ id }) => id !== one.id);
          removed.push(one);
        }
      },
    });
    pass(away, [backup, drill, recheck, cleanUp]);
    for (const [schedule, cron] of [[backup, "30 1 * * *"], [drill, "0 3 * * *"], [recheck, "0 5 * * *"], [cleanUp, "0 3 * * 0"]] as const) {
      const rows = schedule.rows();
      expect(rows.map(({ dueAt }) => dueAt)).toEqual(occurrencesBetween(dublin(cron), from, until, 1_000));
      expect(rows.filter(({ state }) => state === "expected" || state === "claimed").length).toBeLessThanOrEqual(1);
      for (const { attempts, state } of rows) {
        const succeeded = attempts.filter(({ status }) => status === "succeeded").length;
        expect(succeeded).toBe((state === "done" || state === "late") && attempts.length > 0 ? 1 : 0);
        if (state === "missed" || state === "skipped") expect(attempts).toEqual([]);
      }
      expect(rows.filter(({ state }) => state === "missed").every(({ why }) => why?.startsWith("Holdfast was not running"))).toBe(true);
    }
    expect(removed.length).toBeGreaterThan(100);
    expect(stored.length).toBeGreaterThan(10);
  });

  it.each(["0 3 1 1,4,7,10 *", "0 4 15 1 *"])("drills by the quarter and the year are each had once, also late: %s", (cron) => {
    const random = dice(11);
    const schedule = follow(dublin(cron), once, random);
    // Holdfast was away on each of their days.
    const away = ["2026-01-01", "2026-01-15", "2026-04-01", "2026-07-01", "2026-10-01"].map((date): [Date, Date] => [new Date(`${date}T00:00Z`), new Date(`${date}T20:00Z`)]);
    pass(away, [schedule]);
    const rows = schedule.rows();
    expect(rows.map(({ dueAt }) => dueAt)).toEqual(occurrencesBetween(dublin(cron), from, until, 100));
    expect(rows.every(({ state, attempts }) => (state === "late" || state === "failed") && attempts.length === 1)).toBe(true);
  });
});
