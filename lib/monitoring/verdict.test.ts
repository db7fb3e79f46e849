import { describe, expect, it } from "vitest";
import { assessDatabase } from "./assess-database";
import type { BackupFact, DatabaseFacts } from "./facts";
import { decideVerdict } from "./verdict";

const now = new Date("2026-09-22T09:14:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const backup = (hours: number, rung = 3): BackupFact => ({ id: `b${hours}`, takenAt: ago(hours), rung, isPartial: false, problem: null });

function assessed(name: string, more: Partial<DatabaseFacts> = {}) {
  const newest = more.newestReadable ?? backup(2);
  const facts: DatabaseFacts = {
    name,
    objectiveRpoSeconds: 6 * 3_600,
    registeredAt: ago(900),
    workerHeardAt: now,
    store: { name: "local-disk", problem: null, checkedAt: null },
    newest,
    newestReadable: newest,
    newestProven: null,
    lastRun: null,
    failuresInARow: 0,
    activeRunId: null, ahead: null, lastDrill: null, schedule: null,
    ...more,
  };
  return { id: name, facts, assessment: assessDatabase(facts, now) };
}
const flat = (text: string | undefined) => text?.replaceAll("\u00a0", " ");

describe("decideVerdict", () => {
  it("has nothing to say without databases", () => expect(decideVerdict([])).toBeNull());

  it("speaks of the worst, why, and what is still good", () => {
    const failing = assessed("orders", { newestReadable: backup(31), lastRun: { id: 9, failed: true, finishedAt: ago(1), message: "permission denied" }, failuresInARow: 5 });
    const verdict = decideVerdict([assessed("bimcalc"), failing, assessed("reporting", { store: { name: "nas", problem: "gone", checkedAt: ago(9) } })]);
    expect(flat(verdict?.headline)).toBe("orders would lose 31 hours of data.");
    expect(verdict?.sentences.map(flat)).toEqual([
      "The newest backup that can be restored is from 21 Sep 02:14 UTC; the target is 6 h.",
      "The last five backups failed: permission denied.",
      "The backup from 21 Sep 02:14 UTC is still good.",
      "Of one more nothing is known.",
    ]);
    expect(verdict?.actions).toEqual([
      { kind: "link", label: "Show the fix", href: "/runs/9" },
      { kind: "backup", label: "Back up orders now", databaseId: "orders" },
    ]);
  });

  it("stays calm where a backup is readable and not proven", () => {
    const verdict = decideVerdict([assessed("orders")]);
    expect(verdict).toMatchObject({ state: "at_risk" });
    expect(verdict?.sentences.map(flat)).toEqual(["Its newest backup is readable; no drill has restored it yet.", "The loss is within its target of 6 h."]);
  });

  it("names no figure while the worker is silent", () => {
    const verdict = decideVerdict([assessed("orders", { workerHeardAt: ago(1) }), assessed("bimcalc", { workerHeardAt: ago(1) })]);
    expect(verdict).toMatchObject({ state: "unknown", headline: "Nothing is known of your databases now.", actions: [] });
  });

  it("says at most what the row says, from the backup that the row counts from", () => {
    const verdict = decideVerdict([assessed("orders", { newestReadable: backup(60 / 3_600), newestProven: backup(171 / 3_600, 4) })]);
    expect(verdict?.sentences.map(flat)[0]).toBe("At most 3 minutes of data would be lost.");
  });

  it("says protected only when all are", () => {
    const proven = { newestReadable: backup(2, 4), newestProven: backup(2, 4) };
    expect(flat(decideVerdict([assessed("orders", proven), assessed("bimcalc", proven)])?.headline)).toBe("All 2 databases are protected.");
    expect(decideVerdict([assessed("orders", proven), assessed("bimcalc")])?.state).toBe("at_risk");
  });
});
