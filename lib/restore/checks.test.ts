import { describe, expect, it } from "vitest";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { checkPlan } from "./checks";
import { planRestore } from "./plan";
import type { RestoreDecision, RestoreEvidence } from "./schemas";
import { ownerFor } from "./stage";

const harmless = harmlessEvidence({ at: new Date("2026-09-22T09:14:00Z"), backupId: "b", databaseId: "d", name: "shop" });
const evidence: RestoreEvidence = {
  ...harmless,
  backup: { ...harmless.backup, owner: "maker", tables: [], roles: ["maker"] },
  target: { ...harmless.target, live: null, availableExtensions: ["citext", "pg_cron", "timescaledb"], existingRoles: ["heir"] },
};
const using = (...names: string[]): RestoreEvidence => ({ ...evidence, backup: { ...evidence.backup, extensions: names.map((name) => ({ name, version: "1" })) } });

describe("extensions", () => {
  it.each(["pg_cron", "timescaledb"])("of the kind that no staging database can hold block: %s", (name) => {
    expect(checkPlan(using("citext", name))[0]).toMatchObject({ id: "extensions", outcome: "blocking", detail: expect.stringContaining(name) as string });
  });
  it("that are there pass", () => expect(checkPlan(using("citext")).find(({ id }) => id === "extensions")).toMatchObject({ outcome: "passed" }));
});

describe("a role that is no superuser", () => {
  const said = (isSuperuser: boolean, format: "custom" | "plain") => planRestore({ ...evidence, backup: { ...evidence.backup, format }, target: { ...evidence.target, role: "backup", isSuperuser } }, new Date()).notRestored.join(" ");
  it("keeps nobody's objects theirs, and the plan says so", () => {
    expect(said(false, "custom")).toContain("all of them will belong to backup");
    expect(said(true, "custom")).not.toContain("will belong to");
    expect(said(false, "plain")).not.toContain("will belong to");
  });
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
