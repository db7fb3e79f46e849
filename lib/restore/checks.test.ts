import { describe, expect, it } from "vitest";
import { checkPlan } from "./checks";
import { planRestore } from "./plan";
import { noApplication, RestoreChoices, type RestoreDecision, type RestoreEvidence } from "./schemas";
import { ownerFor } from "./stage";

const evidence: RestoreEvidence = {
  at: "2026-09-22T09:14:00Z",
  request: { backupId: "b", databaseId: "d", choices: RestoreChoices.parse({}) },
  backup: {
    id: "b", databaseName: "shop", origin: "holdfast", takenAt: "2026-09-22T02:00:00Z", rung: "proven", provenAt: "2026-09-22T03:00:00Z", format: "custom", sizeBytes: 1, databaseBytes: 1, sha256: null,
    isPartial: false, problem: null, serverVersion: "15.4", serverVersionNumber: 150_004, owner: "maker", encoding: "UTF8", collation: "C", characterType: "C", tables: [], extensions: [], roles: ["maker"],
  },
  target: {
    databaseId: "d", name: "shop", databaseName: "shop", container: "shop-db", containerState: "running", problem: null, serverVersion: "15.4", serverVersionNumber: 150_004, systemIdentifier: "1", expectedIdentity: "1/2",
    role: "postgres", isSuperuser: true, mayCreate: true, maySignal: true, live: null, tables: null, sessions: [], preparedTransactions: [], replicationSlots: [], subscriptions: [],
    availableExtensions: ["citext", "pg_cron", "timescaledb"], existingRoles: ["heir"], databaseNames: [], space: { freeBytes: 1e12, totalBytes: 2e12 }, cores: 2, kept: [],
  },
  application: { ...noApplication, states: [], health: null },
  measured: null,
  activeRunId: null,
};
const using = (...names: string[]): RestoreEvidence => ({ ...evidence, backup: { ...evidence.backup, extensions: names.map((name) => ({ name, version: "1" })) } });

describe("extensions", () => {
  it.each(["pg_cron", "timescaledb"])("of the kind that no staging database can hold block: %s", (name) => {
    expect(checkPlan(using("citext", name))[0]).toMatchObject({ id: "extensions", outcome: "blocking", detail: expect.stringContaining(name) as string });
  });
  it("that are there pass", () => expect(checkPlan(using("citext")).find(({ id }) => id === "extensions")).toMatchObject({ outcome: "passed" }));
});

describe("a database of which nothing is left", () => {
  const owner = (roles: RestoreDecision["roles"]) => ownerFor(evidence, { roles });
  it("belongs to its owner, also where that role is made for it, or to whom it is mapped", () => {
    expect(owner({ maker: { do: "create" } })).toBe("maker");
    expect(owner({ maker: { do: "map", to: "heir" } })).toBe("heir");
    expect(owner({ maker: { do: "skip" } })).toBe("postgres");
    expect(ownerFor({ ...evidence, target: { ...evidence.target, existingRoles: ["maker"] } }, { roles: {} })).toBe("maker");
  });
  it("lacks what hung on it, and the plan says so", () => {
    expect(planRestore(evidence, new Date()).notRestored.join(" ")).toContain("its grants, comment, connection limit");
    const live = { oid: "2", sizeBytes: 1, owner: "maker", ownedByRole: true, encoding: "UTF8", collation: "C", characterType: "C" };
    expect(planRestore({ ...evidence, target: { ...evidence.target, live, tables: [] } }, new Date()).notRestored.join(" ")).not.toContain("its grants");
  });
});
