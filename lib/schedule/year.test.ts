import { describe, expect, it } from "vitest";
import type { AttemptFacts } from "./attempts";
import { decideMoves } from "./moves";
import { occurrencesBetween, type Times } from "./occurrences";
import type { MissedPolicy, OccurrenceState } from "./schemas";

interface Row { id: number; dueAt: Date; startAt: Date; state: OccurrenceState; why: string | null; waitsFor: number | null; retryAt: Date | null; attempts: AttemptFacts[] }

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

/** A year of a schedule: its worker looks every quarter of an hour, is away at times and dies with what it does; runs fail at times. */
function live(times: Times, missed: MissedPolicy, random: () => number) {
  const away = downtimes(random);
  const rows: Row[] = [];
  const facts = { ...times, missed, overlap: "skip" as const, retries: 2, retryDelaySeconds: 300, timeoutSeconds: null, pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null, isRemoved: false, recordedUntil: from };
  let runs = 0;
  const started: number[] = [];
  // What is older is settled: no downtime is longer than two and a half days.
  const open = () => rows.slice(-80);
  const active = () => open().flatMap(({ attempts }) => attempts).find(({ status }) => status === "queued" || status === "running");
  const isAway = (at: Date) => away.some(([start, end]) => at >= start && at < end);
  const quarter = 15 * minute;
  /** The next look at which something can happen. */
  const after = (at: Date) => {
    const back = away.find(([start, end]) => at >= start && at < end)?.[1];
    const isIdle = !active() && open().every(({ state }) => state !== "claimed");
    const next = back ?? (isIdle ? facts.recordedUntil : at);
    return new Date(Math.max(at.getTime() + quarter, Math.ceil(next.getTime() / quarter) * quarter));
  };
  for (let at = from; at <= until; at = after(at)) {
    const run = active();
    if (isAway(at)) {
      if (run) Object.assign(run, { status: "lost", finishedAt: at });
      continue;
    }
    if (run) Object.assign(run, random() < 0.08 ? { status: "failed", finishedAt: at, message: "The server does not answer." } : { status: "succeeded", finishedAt: at, hasBackup: true });
    for (let look = 0; ; look += 1) {
      if (look > 1_000) throw new Error("It never comes to rest.");
      const moves = decideMoves({ ...facts, activeRunId: active()?.runId ?? null, expected: open().filter(({ state }) => state === "expected"), claimed: open().filter(({ state }) => state === "claimed") }, at);
      if (!moves) break;
      const start = (row: Row) => {
        runs += 1;
        started.push(row.id);
        row.attempts.push({ runId: runs, status: "running", startedAt: at, finishedAt: null, cancelledBy: null, message: null, hasBackup: false });
      };
      for (const { dueAt, state, why } of moves.found) rows.push({ id: rows.length, dueAt, startAt: dueAt, state, why, waitsFor: null, retryAt: null, attempts: [] });
      facts.recordedUntil = moves.found.at(-1)?.dueAt ?? facts.recordedUntil;
      for (const { id, to, why } of moves.due) {
        const row = rows[id];
        if (!row) throw new Error(`There is no occurrence ${id}.`);
        expect(row.state).toBe("expected");
        Object.assign(row, { state: to, why });
        if (to === "claimed") start(row);
      }
      for (const { occurrenceId, decision } of moves.attempts) {
        const row = rows[occurrenceId];
        if (!row) throw new Error(`There is no occurrence ${occurrenceId}.`);
        if (decision.do === "wait") row.retryAt = decision.until;
        if (decision.do === "settle") Object.assign(row, { state: decision.state, why: decision.why });
        if (decision.do === "retry") start(row);
      }
    }
  }
  return { rows: rows.filter(({ dueAt }) => dueAt <= until), started, isAway, away };
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
