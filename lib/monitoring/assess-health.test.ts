import { describe, expect, it } from "vitest";
import { alarmAfter, assessHealth, type HealthCode } from "./assess-health";
import type { BackupFact, DatabaseFacts } from "./facts";

const now = new Date("2026-09-22T09:14:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number, more: Partial<BackupFact> = {}): BackupFact => ({ id: `b${hours}`, takenAt: ago(hours), rung: 3, isPartial: false, problem: null, ...more });
const only = (hours: number) => ({ newest: backup(hours), newestReadable: backup(hours) });

function facts(more: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    name: "orders",
    objectiveRpoSeconds: 86_400,
    registeredAt: ago(900),
    workerHeardAt: new Date(now.getTime() - 3_000),
    store: { name: "local-disk", problem: null, checkedAt: new Date(now.getTime() - 40_000) },
    ...only(2),
    newestProven: null,
    lastRun: null,
    failuresInARow: 0,
    activeRunId: null,
    ahead: null, lastDrill: null,
    schedule: null,
    ...more,
  };
}
const judge = (more: Partial<DatabaseFacts> = {}, workerStopped = false) => assessHealth({ id: "d", facts: facts(more) }, { workerStopped }, now);

describe("assessHealth", () => {
  it("is healthy with a good backup young enough, and says how old it is", () => {
    expect(judge()).toEqual({ id: "d", name: "orders", healthy: true, reasons: [], state: "at_risk", newestAt: ago(2), ageSeconds: 7_200, objectiveSeconds: 86_400, alarmAfterSeconds: 90_000 });
  });

  it("stays healthy until 25 hours for a daily target, as the procedures' script does, and not a second longer", () => {
    expect(judge(only(25)).healthy).toBe(true);
    expect(judge(only(25 + 1 / 3_600))).toMatchObject({ healthy: false, reasons: [{ code: "objective_broken" }] });
    expect(judge(only(26)).reasons).toEqual([{ code: "objective_broken", text: "The newest backup that can be restored is from 21\u00a0Sep\u00a007:14\u00a0UTC, 26\u00a0h ago; the target is 24\u00a0h, and the alarm comes at 25\u00a0h." }]);
  });

  it("gives a short target a short time for the next backup", () => expect([alarmAfter(3_600), alarmAfter(86_400), alarmAfter(7 * 86_400)]).toEqual([3_750, 90_000, 630_000]));

  it.each<[string, Partial<DatabaseFacts>, HealthCode]>([
    ["no worker was ever heard", { workerHeardAt: null }, "worker_silent"],
    ["the worker is silent", { workerHeardAt: new Date(now.getTime() - 31_000) }, "worker_silent"],
    ["the store failed its test", { store: { name: "nas", problem: "It does not exist", checkedAt: now } }, "store_unreadable"],
    ["the store was never looked into", { store: { name: "nas", problem: null, checkedAt: null } }, "store_unreadable"],
    ["the store hangs", { store: { name: "nas", problem: null, checkedAt: ago(0.1) } }, "store_unreadable"],
    ["it was never backed up", { newest: null, newestReadable: null }, "never_backed_up"],
    ["its first backup is under way", { newest: null, newestReadable: null, activeRunId: 7 }, "never_backed_up"],
    ["no backup can be restored", { newestReadable: null }, "none_restorable"],
  ])("is not healthy when %s", (_, more, code) => expect(judge(more)).toMatchObject({ healthy: false, reasons: [{ code }] }));

  it("knows at once that the worker was stopped", () => expect(judge({}, true).reasons).toEqual([{ code: "worker_silent", text: "The worker was stopped 3\u00a0s ago, so nothing is backed up or looked after." }]));

  it("counts the newest good one when the newest is bad", () => {
    const broken = { newest: backup(1, { rung: 1, problem: "The file was changed" }) };
    expect(judge({ ...broken, newestReadable: backup(20) })).toMatchObject({ healthy: true, state: "exposed", ageSeconds: 72_000 });
    expect(judge({ ...broken, newestReadable: backup(30) }).healthy).toBe(false);
  });

  it("gives every reason there is", () => {
    const all = judge({ ...only(30), workerHeardAt: ago(1), store: { name: "nas", problem: "It does not exist", checkedAt: ago(1) } });
    expect(all.reasons.map(({ code }) => code)).toEqual(["worker_silent", "store_unreadable", "objective_broken"]);
  });
});
