import { describe, expect, it } from "vitest";
import { nextMove, timeLimitName, type AttemptFacts } from "./attempts";
import { dueOccurrences, isOfDowntime, type DueOccurrence } from "./due";
import { newOccurrences, nextRun, type ExpansionFacts } from "./expansion";

const now = new Date("2026-09-22T09:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const plain = (words: string | null | undefined) => words?.replaceAll("\u00a0", " ");

describe("dueOccurrences", () => {
  const due = (id: number, minutes: number, waitsFor: number | null = null): DueOccurrence => ({ id, dueAt: ago(minutes), startAt: ago(minutes), waitsFor });
  const usual = { missed: "catch_up", overlap: "skip" } as const;

  it("starts what is due now", () => {
    expect(dueOccurrences(usual, [due(1, 0)], null, now)).toEqual([{ id: 1, to: "claimed", why: null, isMadeUp: false }]);
    expect(dueOccurrences(usual, [], null, now)).toEqual([]);
  });

  it("makes up once for all that were missed, and says so", () => {
    const decisions = dueOccurrences(usual, [due(1, 2_880), due(2, 1_440), due(3, 60)], null, now);
    expect(decisions.map(({ to }) => to)).toEqual(["missed", "missed", "claimed"]);
    expect(decisions.map(({ why }) => plain(why))).toEqual([
      "Holdfast was not running. The one of 22 Sep 08:00:00 UTC stands for it.",
      "Holdfast was not running. The one of 22 Sep 08:00:00 UTC stands for it.",
      "Made up for after Holdfast had not been running, and for 2 before it.",
    ]);
  });

  it("needs nothing made up where the next one is due now", () => {
    expect(dueOccurrences(usual, [due(1, 720), due(2, 1)], null, now)).toMatchObject([{ to: "missed" }, { to: "claimed", why: null }]);
  });

  it("takes a start within five minutes of its time for no downtime, and one after that for a downtime that is made up for", () => {
    const of = (minutes: number, ...more: [overlap: "skip" | "wait", runId: number | null]) => dueOccurrences({ missed: "catch_up", overlap: more[0] }, [due(1, minutes)], more[1], now).map(isOfDowntime);
    expect([of(5, "skip", null), of(6, "skip", null)]).toEqual([[false], [true]]);
    // Said when it begins to wait, and not again when it starts.
    expect([of(6, "wait", 12), dueOccurrences({ missed: "catch_up", overlap: "wait" }, [due(1, 30, 12)], null, now).map(isOfDowntime)]).toEqual([[true], [false]]);
    // Another backup is under way and stands for it.
    expect(of(6, "skip", 12)).toEqual([false]);
  });

  it("makes up for nothing when the schedule says so", () => {
    expect(dueOccurrences({ ...usual, missed: "skip" }, [due(1, 720), due(2, 60)], null, now).map(({ to }) => to)).toEqual(["missed", "missed"]);
    expect(dueOccurrences({ ...usual, missed: "skip" }, [due(1, 3)], null, now)).toMatchObject([{ to: "claimed" }]);
  });

  it("skips or waits while another backup is under way, as the schedule says", () => {
    expect(dueOccurrences(usual, [due(1, 0)], 12, now)).toEqual([{ id: 1, to: "skipped", why: "Run 12 was under way already." }]);
    const waits = { ...usual, overlap: "wait" } as const;
    expect(dueOccurrences(waits, [due(1, 0)], 12, now)).toEqual([{ id: 1, to: "expected", waitsFor: 12, why: "Waits for run 12.", isMadeUp: false }]);
    expect(dueOccurrences(waits, [due(1, 30, 12)], 12, now)).toEqual([]);
    expect(dueOccurrences(waits, [due(1, 30, 12)], null, now)).toEqual([{ id: 1, to: "claimed", why: "Waited for run 12.", isMadeUp: false }]);
  });

  it("lets only the newest wait", () => {
    expect(dueOccurrences({ ...usual, overlap: "wait" }, [due(1, 15, 12), due(2, 0)], 12, now)).toEqual([
      { id: 1, to: "skipped", why: "Run 12 was not over when the next one was due." },
      { id: 2, to: "expected", waitsFor: 12, why: "Waits for run 12.", isMadeUp: false },
    ]);
  });
});

describe("nextMove", () => {
  const rules = { retries: 1, retryDelaySeconds: 300, timeoutSeconds: 3_600, stopped: null };
  const run = (more: Partial<AttemptFacts>): AttemptFacts => ({ runId: 5, status: "running", startedAt: ago(20), finishedAt: null, cancelledBy: null, message: null, hasBackup: false, ...more });
  const of = (attempts: AttemptFacts[], more: Partial<typeof rules> | { stopped: string } = {}, why: string | null = null, startAt = ago(20)) => nextMove({ ...rules, ...more }, { startAt, why }, attempts, now);
  const failed = run({ status: "failed", finishedAt: ago(2), message: "The disk is full." });

  it("leaves a run alone while it runs", () => {
    expect(of([run({ status: "queued" })])).toEqual({ do: "nothing" });
    expect(of([run({})])).toEqual({ do: "nothing" });
  });

  it("tells on time from late, with the reason", () => {
    expect(of([run({ status: "succeeded", hasBackup: true })])).toEqual({ do: "settle", state: "done", why: null });
    expect(of([run({ status: "succeeded", hasBackup: true })], {}, null, ago(60))).toMatchObject({ state: "late", why: "Started 40\u00a0m after its time." });
    expect(of([run({ status: "succeeded", hasBackup: true })], {}, "Waited for run 4.", ago(60))).toMatchObject({ state: "late", why: "Waited for run 4." });
  });

  it("tries again after the delay, as often as the schedule says", () => {
    expect(of([failed])).toEqual({ do: "wait", until: new Date(now.getTime() + 3 * 60_000), why: "Run 5: The disk is full." });
    expect(of([{ ...failed, finishedAt: ago(5) }])).toMatchObject({ do: "retry" });
    expect(of([failed, { ...failed, runId: 6 }])).toEqual({ do: "settle", state: "failed", why: "Run 6: The disk is full. It was tried 2 times." });
    expect(of([failed], { retries: 0 })).toEqual({ do: "settle", state: "failed", why: "Run 5: The disk is full." });
    expect(of([failed, run({ runId: 6, status: "succeeded", startedAt: ago(10), hasBackup: true })])).toEqual({ do: "settle", state: "late", why: "Attempt 2." });
  });

  it("ends a run that takes too long, and counts that as a failure", () => {
    expect(of([run({ startedAt: ago(61) })])).toEqual({ do: "stop_run", runId: 5, by: timeLimitName(3_600) });
    expect(of([run({ startedAt: ago(61), cancelledBy: timeLimitName(3_600) })])).toEqual({ do: "nothing" });
    const ended = run({ status: "cancelled", finishedAt: ago(1), cancelledBy: timeLimitName(3_600), message: "Cancelled by its schedule's time limit of 1 h." });
    expect(of([ended])).toMatchObject({ do: "wait" });
    expect(of([ended], { retries: 0 })).toMatchObject({ do: "settle", state: "failed", why: "Run 5: Cancelled by its schedule's time limit of 1 h." });
  });

  it("does not act against a person who cancelled", () => {
    expect(of([run({ status: "cancelled", finishedAt: ago(1), cancelledBy: "Maeve Byrne" })])).toEqual({ do: "settle", state: "skipped", why: "Maeve Byrne cancelled run 5." });
  });

  it("starts again what a worker took down with it, but not for ever", () => {
    const lost = run({ status: "lost", finishedAt: ago(2) });
    expect(of([run({ status: "lost", finishedAt: ago(0.5) })])).toEqual({ do: "nothing" });
    expect(of([lost], { retries: 0 })).toMatchObject({ do: "retry" });
    expect(of([run({ status: "cancelled", finishedAt: ago(1) })], { retries: 0 })).toMatchObject({ do: "retry" });
    expect(of([lost, lost, lost, lost])).toMatchObject({ do: "settle", state: "failed" });
  });

  it("takes the complete backup of a lost run for what it is", () => {
    expect(of([run({ status: "lost", finishedAt: ago(2), hasBackup: true })])).toEqual({ do: "settle", state: "done", why: "Its worker died, but the backup was complete." });
  });

  it("tries nothing again once the schedule was paused", () => {
    expect(of([failed], { stopped: "The schedule was paused, so it is not tried again." })).toEqual({ do: "settle", state: "failed", why: "Run 5: The disk is full. The schedule was paused, so it is not tried again." });
  });
});

describe("newOccurrences", () => {
  const facts: ExpansionFacts = { cron: "0 2 * * *", timeZone: "UTC", recordedUntil: ago(9 * 60), pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null };
  const at = (more: Partial<ExpansionFacts>, when = now) => newOccurrences({ ...facts, ...more }, when).map(({ dueAt, state }) => `${dueAt.toISOString().slice(5, 16)} ${state}`);

  it("are those since the last look and one ahead", () => {
    expect(at({})).toEqual(["09-22T02:00 expected", "09-23T02:00 expected"]);
    expect(at({ recordedUntil: new Date("2026-09-23T02:00Z") })).toEqual([]);
  });

  it("are skipped, and none is ahead, while somebody paused it", () => {
    expect(at({ pausedAt: ago(8 * 60), pausedBy: "Maeve", pauseReason: "moving" })).toEqual(["09-22T02:00 skipped"]);
    expect(newOccurrences({ ...facts, pausedAt: ago(8 * 60), pausedBy: "Maeve", pauseReason: "moving" }, now)[0]?.why).toBe("Paused by Maeve: moving.");
  });

  it("count again from the end of a pause", () => {
    const pause = { pausedAt: new Date("2026-09-20T12:00Z"), pausedBy: "Maeve", pauseReason: "moving", pausedUntil: new Date("2026-09-22T02:00Z"), recordedUntil: new Date("2026-09-20T12:00Z") };
    expect(at(pause)).toEqual(["09-21T02:00 skipped", "09-22T02:00 expected", "09-23T02:00 expected"]);
    expect(nextRun({ ...facts, ...pause }, new Date("2026-09-21T03:00Z"))?.toISOString()).toBe("2026-09-22T02:00:00.000Z");
    expect(nextRun({ ...facts, ...pause, pausedUntil: null }, now)).toBeNull();
  });

  it("come in parts after a very long time", () => {
    const found = newOccurrences({ ...facts, cron: "* * * * *", recordedUntil: ago(2_000) }, now);
    expect(found).toHaveLength(500);
    expect(found.at(0)?.state).toBe("missed");
    expect(found.at(-1)?.state).toBe("expected");
  });
});
