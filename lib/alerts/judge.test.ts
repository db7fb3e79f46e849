import { describe, expect, it } from "vitest";
import type { DatabaseFacts } from "@/lib/monitoring/facts";
import { judgeDatabase, judgeStore, judgeWorker } from "./judge";

const now = new Date("2026-09-22T09:14:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number) => ({ id: "b", takenAt: ago(hours), rung: 4, isPartial: false, problem: null });
const facts = (more: Partial<DatabaseFacts> = {}): DatabaseFacts => ({
  name: "orders", objectiveRpoSeconds: 86_400, registeredAt: ago(900), workerHeardAt: now, store: { name: "local-disk", problem: null, checkedAt: now },
  newest: backup(2), newestReadable: backup(2), newestProven: backup(2), lastRun: null, failuresInARow: 0, activeRunId: null, ahead: null, lastDrill: null, schedule: null, ...more,
});
const judged = (more: Partial<DatabaseFacts>, hours: number, last: number | null) => {
  const { nothing, exposed } = judgeDatabase(facts(more), { hours, lastAt: last === null ? null : ago(last) }, now);
  return [nothing, exposed];
};

describe("judgeDatabase", () => {
  it.each([
    ["is quiet while backups succeed", {}, 25, 2, ["clear", "clear"]],
    ["says when nothing succeeded, and not that its target is broken as well", { newest: backup(26), newestReadable: backup(26), newestProven: null }, 25, 26, ["active", "clear"]],
    ["counts a database that never had a success from when it was added", { registeredAt: ago(26), newest: null, newestReadable: null, newestProven: null }, 25, null, ["active", "held"]],
    ["asks nothing at 0 hours", { newest: backup(99), newestReadable: backup(99), newestProven: null }, 0, 99, ["clear", "active"]],
    ["says a target that is much shorter", { objectiveRpoSeconds: 3_600 }, 25, 2, ["clear", "active"]],
    ["says that none of many can be restored", { newestReadable: null, newestProven: null }, 25, 2, ["clear", "active"]],
    ["knows nothing of exposure while the store cannot be read", { newestReadable: null, store: { name: "local-disk", problem: "gone", checkedAt: now } }, 25, 2, ["clear", "held"]],
    ["leaves exposure to the sentence that nothing succeeded", { newestReadable: null, newestProven: null }, 25, 26, ["active", "held"]],
  ] as const)("%s", (_, more, hours, last, expected) => expect(judged(more, hours, last)).toEqual(expected));
});

describe("judgeStore", () => {
  const store = { problem: null, checkedAt: now, freeBytes: 50, totalBytes: 100 };
  it.each([
    ["has room", {}, { unreadable: "clear", filling: "clear" }],
    ["fills under a tenth", { freeBytes: 9 }, { unreadable: "clear", filling: "active" }],
    ["does not flicker at the border", { freeBytes: 11 }, { unreadable: "clear", filling: "held" }],
    ["is not known before anybody looked", { checkedAt: null }, { unreadable: "held", filling: "held" }],
    ["has no room to speak of while it cannot be read", { problem: "gone", freeBytes: 1 }, { unreadable: "active", filling: "held" }],
    ["is not full when its size is not known", { totalBytes: null, freeBytes: null }, { unreadable: "clear", filling: "held" }],
  ] as const)("%s", (_, more, expected) => expect(judgeStore({ ...store, ...more })).toEqual(expected));
});

describe("judgeWorker", () => {
  it.each([
    ["is heard", ago(0.01), ago(9), "clear"],
    ["is silent", ago(0.1), ago(9), "active"],
    ["was never heard", null, ago(9), "active"],
    ["is not known yet when everything has just started", ago(12), ago(0.01), "held"],
  ] as const)("%s", (_, heard, since, expected) => expect(judgeWorker(heard, since, now)).toBe(expected));
});
