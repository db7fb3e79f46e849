import { describe, expect, it } from "vitest";
import { planChanges } from "./plan-changes";
import type { RestoreDecision } from "./schemas";

const decision: RestoreDecision = {
  backupId: "b", sha256: "aa", databaseId: "d", container: "pg", systemIdentifier: "7", databaseName: "bimcalc", replacesOid: "16384", method: "swap", targetName: "bimcalc",
  roles: {}, keepHours: 24, undoIfUnhealthy: false, safetyBackup: false, stops: ["app"], healthUrl: null, steps: ["one"],
};
/** A different value for every part of a decision: a new part does not compile until it has one. */
const others: { [K in keyof RestoreDecision]: RestoreDecision[K] } = {
  backupId: "c", sha256: "bb", databaseId: "e", container: "pg2", systemIdentifier: "8", databaseName: "orders", replacesOid: null, method: "in_place", targetName: "copy",
  roles: { r: { do: "skip" } }, keepHours: 48, undoIfUnhealthy: true, safetyBackup: true, stops: [], healthUrl: "http://localhost/health", steps: ["two"],
};

describe("planChanges", () => {
  it("says nothing of the same decision", () => expect(planChanges(decision, { ...decision, stops: ["app"] })).toEqual([]));
  for (const part of Object.keys(others) as (keyof RestoreDecision)[]) {
    it(`says that ${part} is different`, () => expect(planChanges(decision, { ...decision, [part]: others[part] })).toHaveLength(1));
  }
  it("tells a live database that appeared from one that is another", () => {
    expect(planChanges({ ...decision, replacesOid: null }, decision)).toEqual(["There is a live database of that name now, and it would be replaced."]);
    expect(planChanges(decision, { ...decision, replacesOid: "99" })).toEqual(["The live database was replaced by another one of the same name."]);
  });
  it("does not repeat itself in steps that follow from something else", () => expect(planChanges(decision, { ...decision, stops: ["app", "jobs"], steps: ["three"] })).toEqual(["These containers are stopped: app, jobs."]));
});
