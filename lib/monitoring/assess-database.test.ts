import { describe, expect, it } from "vitest";
import { assessDatabase, lossWords } from "./assess-database";
import type { BackupFact, DatabaseFacts } from "./facts";

const now = new Date("2026-09-22T09:14:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number, more: Partial<BackupFact> = {}): BackupFact => ({ id: `b${hours}`, takenAt: ago(hours), rung: 3, isPartial: false, problem: null, ...more });

function facts(more: Partial<DatabaseFacts> = {}): DatabaseFacts {
  const newest = backup(2);
  return {
    name: "orders",
    objectiveRpoSeconds: 6 * 3_600,
    registeredAt: ago(900),
    workerHeardAt: new Date(now.getTime() - 3_000),
    store: { name: "local-disk", problem: null, checkedAt: new Date(now.getTime() - 50_000) },
    newest,
    newestReadable: newest,
    newestProven: null,
    lastRun: { id: 7, failed: false, finishedAt: ago(2), message: null },
    failuresInARow: 0,
    activeRunId: null, ahead: null, lastDrill: null, schedule: null,
    ...more,
  };
}
const proven = backup(2, { rung: 4 });
const all = (assessment: ReturnType<typeof assessDatabase>) => assessment.reasons.map(({ code }) => code);

describe("assessDatabase", () => {
  it("is protected only by a proven backup within the objective", () => {
    const assessment = assessDatabase(facts({ newest: proven, newestReadable: proven, newestProven: proven }), now);
    expect(assessment).toMatchObject({ state: "protected", reasons: [], couldLoseMs: 2 * 3_600_000 });
  });

  it("is unknown when nobody has looked into the store lately, however well it was known before", () => {
    const store = { name: "nas-vault", problem: null, checkedAt: ago(0.1) };
    const assessment = assessDatabase(facts({ store, newest: proven, newestReadable: proven, newestProven: proven }), now);
    expect(assessment).toMatchObject({ state: "unknown", couldLoseMs: null, unknownSince: store.checkedAt, reasons: [{ code: "store_unreadable", text: expect.stringContaining("Nobody has looked into nas-vault for 6") as string }] });
  });

  it("keeps protected when a younger backup is only readable, and counts the loss from the proven one", () => {
    const younger = { newest: backup(1), newestReadable: backup(1), newestProven: backup(3, { rung: 4 }) };
    expect(assessDatabase(facts(younger), now)).toMatchObject({ state: "protected", countsOn: { id: "b3" }, couldLoseMs: 3 * 3_600_000 });
    expect(assessDatabase(facts({ ...younger, newestProven: null }), now)).toMatchObject({ state: "at_risk", countsOn: { id: "b1" }, couldLoseMs: 3_600_000 });
  });

  it("says calmly that readable is not proven", () => {
    const assessment = assessDatabase(facts(), now);
    expect(assessment.state).toBe("at_risk");
    expect(assessment.reasons).toEqual([{ code: "unproven", state: "at_risk", text: "Its newest backup is readable; no drill has restored it yet." }]);
  });

  it.each<[string, Partial<DatabaseFacts>, string]>([
    ["a proof older than the objective", { newestProven: backup(40, { rung: 4 }) }, "unproven"],
    ["an objective over 80 % spent", { newest: backup(5), newestReadable: backup(5) }, "objective_near"],
    ["a failed last run", { newestProven: proven, lastRun: { id: 8, failed: true, finishedAt: ago(1), message: "Dump stopped" }, failuresInARow: 1 }, "last_run_failed"],
    ["tables left out", { newestReadable: backup(2, { isPartial: true }), newestProven: proven }, "partial"],
  ])("is at risk with %s", (_, more, code) => {
    const assessment = assessDatabase(facts(more), now);
    expect(assessment.state).toBe("at_risk");
    expect(all(assessment)).toContain(code);
  });

  it.each<[string, Partial<DatabaseFacts>, string]>([
    ["the objective is broken", { newest: backup(31), newestReadable: backup(31), newestProven: backup(31, { rung: 4 }) }, "objective_broken"],
    ["no backup can be restored", { newest: backup(2, { rung: 1 }), newestReadable: null }, "none_restorable"],
    ["the newest failed its proof", { newest: backup(1, { rung: 1, problem: "The file was changed" }), newestReadable: proven, newestProven: proven }, "proof_failed"],
  ])("is exposed when %s", (_, more, code) => {
    const assessment = assessDatabase(facts(more), now);
    expect(assessment.state).toBe("exposed");
    expect(all(assessment)[0]).toBe(code);
  });

  const failedDrill = { id: "d1", failed: true, at: ago(1), message: "What was restored is not what was backed up: public.orders has 499 rows instead of 500. The live database was not touched." };
  it("is exposed by a failed drill of whichever backup, until another one passes", () => {
    const good = { newest: proven, newestReadable: proven, newestProven: proven };
    const assessment = assessDatabase(facts({ ...good, lastDrill: failedDrill }), now);
    expect(assessment).toMatchObject({ state: "exposed", couldLoseMs: 2 * 3_600_000 });
    expect(assessment.reasons.map(({ text }) => text.replaceAll("\u00a0", " "))).toEqual(["The last drill, at 22 Sep 08:14 UTC, failed: What was restored is not what was backed up: public.orders has 499 rows instead of 500."]);
    expect(assessDatabase(facts({ ...good, lastDrill: { ...failedDrill, failed: false } }), now).state).toBe("protected");
  });

  const schedule = { pausedAt: null, pausedBy: null, pauseReason: null, pausedUntil: null, missedAt: null };
  const pause = { ...schedule, pausedAt: ago(5), pausedBy: "Maeve Byrne", pauseReason: "moving to the new host" };
  const good = { newest: proven, newestReadable: proven, newestProven: proven };

  it("is paused while somebody turned its schedule off, where nothing is worse", () => {
    const paused = assessDatabase(facts({ ...good, schedule: pause }), now);
    expect(paused).toMatchObject({ state: "paused", reasons: [{ code: "schedule_paused", text: "Its schedule was paused by Maeve Byrne: moving to the new host." }] });
    expect(all(assessDatabase(facts({ schedule: pause }), now))).toEqual(["unproven", "schedule_paused"]);
    expect(assessDatabase(facts({ schedule: pause }), now).state).toBe("at_risk");
    expect(assessDatabase(facts({ ...good, schedule: { ...pause, pausedUntil: ago(1) } }), now).state).toBe("protected");
  });

  it("is at risk after a missed backup, until a later one is readable", () => {
    const missed = assessDatabase(facts({ ...good, schedule: { ...schedule, missedAt: ago(1) } }), now);
    expect(missed).toMatchObject({ state: "at_risk", reasons: [{ code: "schedule_missed" }] });
    expect(assessDatabase(facts({ ...good, schedule: { ...schedule, missedAt: ago(3) } }), now).state).toBe("protected");
  });

  it("says a failed proof once, not again as a failed drill", () => {
    expect(all(assessDatabase(facts({ newest: backup(1, { problem: "It differs" }), newestReadable: proven, newestProven: proven, lastDrill: failedDrill }), now))).toEqual(["proof_failed"]);
  });

  it("counts failures and keeps the loss of the last good backup", () => {
    const assessment = assessDatabase(facts({ newest: backup(31), newestReadable: backup(31), lastRun: { id: 9, failed: true, finishedAt: ago(1), message: "The role holdfast may not read payment_tokens. Nothing was stored." }, failuresInARow: 5 }), now);
    expect(assessment.couldLoseMs).toBe(31 * 3_600_000);
    expect(assessment.reasons[1]?.text).toBe("The last five backups failed: the role holdfast may not read payment_tokens.");
  });

  it.each<[string, Partial<DatabaseFacts>, Date | null]>([
    ["the worker is silent", { workerHeardAt: new Date(now.getTime() - 31_000) }, new Date(now.getTime() - 31_000)],
    ["no worker was ever heard", { workerHeardAt: null }, null],
    ["the store cannot be read", { store: { name: "nas-vault", problem: "it does not exist", checkedAt: ago(10) } }, ago(10)],
    ["it was never backed up", { newest: null, newestReadable: null, lastRun: null }, ago(900)],
  ])("is unknown, without a figure, when %s", (_, more, since) => {
    const assessment = assessDatabase(facts({ newestProven: proven, ...more }), now);
    expect(assessment).toMatchObject({ state: "unknown", couldLoseMs: null, unknownSince: since });
  });

  it("is running while the first backup is under way", () => {
    expect(assessDatabase(facts({ newest: null, newestReadable: null, lastRun: null, activeRunId: 3 }), now)).toMatchObject({ state: "running", couldLoseMs: null });
  });
});

describe("lossWords", () => {
  it.each([[20_000, "under a minute"], [60_000, "1 minute"], [89 * 60_000, "89 minutes"], [358_000, "6 minutes"], [171_000, "3 minutes"], [31 * 3_600_000, "31 hours"], [31.07 * 3_600_000, "32 hours"], [95 * 60_000, "1 hour and 35 minutes"], [2 * 3_600_000, "2 hours"], [72 * 3_600_000, "3 days"], [73 * 3_600_000, "3 days and 1 hour"], [100 * 3_600_000, "4 days and 4 hours"], [241 * 3_600_000, "11 days"]])("writes %d ms as %s, never less than it is", (ms, words) => {
    expect(lossWords(ms).replaceAll("\u00a0", " ")).toBe(words);
  });
});
