import { describe, expect, it } from "vitest";
import { assessDatabase } from "./assess-database";
import { listAttention, type AttentionFacts } from "./attention";
import type { DatabaseFacts } from "./facts";

const now = new Date("2026-09-22T09:14:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const newest = { id: "b", takenAt: ago(31), rung: 3, isPartial: false, problem: null };
const base: DatabaseFacts = {
  name: "orders", objectiveRpoSeconds: 6 * 3_600, registeredAt: ago(900), workerHeardAt: now, store: { name: "local-disk", problem: null, checkedAt: null },
  newest, newestReadable: newest, newestProven: null, lastRun: { id: 9, failed: true, finishedAt: ago(1), message: "Dump stopped" }, failuresInARow: 5, activeRunId: null, ahead: null, lastDrill: null, schedule: null,
};
const one = (facts: DatabaseFacts) => ({ id: "d1", facts, assessment: assessDatabase(facts, now) });
const store = { name: "local-disk", problem: null, checkedAt: ago(9), totalBytes: 100, freeBytes: 50, sharesDisk: false };
const quiet: AttentionFacts = { databases: [], toolOutputs: new Map(), worker: { heartbeatAt: now, engineProblem: null }, stores: [store], damaged: [], alerts: { channels: 1, failing: [], refusing: [] } };
const titles = (facts: Partial<AttentionFacts>) => listAttention({ ...quiet, ...facts }, now).map(({ title }) => title.replaceAll("\u00a0", " "));

describe("listAttention", () => {
  it("is empty when nothing needs a person", () => expect(titles({})).toEqual([]));

  it("says a broken objective once, as the failures that broke it, with the tool's words", () => {
    const [item, ...rest] = listAttention({ ...quiet, databases: [one(base)], toolOutputs: new Map([[9, "permission denied for table payment_tokens"]]) }, now);
    expect(rest).toEqual([]);
    expect(item).toMatchObject({ state: "exposed", title: "orders: five backups failed in a row", toolOutput: "permission denied for table payment_tokens", action: { label: "Show the fix", href: "/runs/9" } });
  });

  it("leaves out a database that is only unproven: the verdict says that", () => {
    const young = { ...newest, takenAt: ago(1) };
    expect(titles({ databases: [one({ ...base, newest: young, newestReadable: young, lastRun: null, failuresInARow: 0 })] })).toEqual([]);
  });

  it("lists stores: failing, nearly full, on the disk of the databases", () => {
    expect(titles({ stores: [{ ...store, problem: "it does not exist" }, { ...store, name: "small", freeBytes: 9 }, { ...store, name: "here", sharesDisk: true }] })).toEqual([
      "local-disk failed its test", "small is nearly full", "here is on the disk of the databases",
    ]);
  });

  it("says last, as advice, that nobody is told, and by name which channel takes nothing", () => {
    const late = { ...newest, takenAt: ago(31) };
    const databases = [one({ ...base, newest: late, newestReadable: late })];
    const items = listAttention({ ...quiet, databases, alerts: { channels: 0, failing: [], refusing: [] } }, now);
    expect(items.map(({ state, title }) => [state, title]).at(-1)).toEqual([null, "Nobody is told when something goes wrong"]);
    expect(titles({ alerts: { channels: 0, failing: [], refusing: [] } })).toEqual([]);
    expect(listAttention({ ...quiet, alerts: { channels: 1, failing: [{ id: "c", name: "Ops", since: ago(2) }], refusing: [] } }, now)).toMatchObject([{ state: "at_risk", title: "Notifications do not arrive over Ops" }]);
    const refusing = [{ id: "c", name: "Ops", addresses: ["bad@bimcalc.example"] }];
    expect(titles({ alerts: { channels: 1, failing: [], refusing } })).toEqual(["Ops does not reach bad@bimcalc.example"]);
    expect(titles({ alerts: { channels: 1, failing: [{ id: "c", name: "Ops", since: ago(2) }], refusing } })).toEqual(["Notifications do not arrive over Ops"]);
  });

  it("puts a lost engine first and counts damaged backups", () => {
    expect(titles({ worker: { heartbeatAt: now, engineProblem: "Docker does not answer" }, damaged: [{ databaseId: "d1", name: "orders", many: 2 }] })).toEqual([
      "The worker cannot reach Docker", "2 backups of orders are damaged or missing",
    ]);
  });
});
