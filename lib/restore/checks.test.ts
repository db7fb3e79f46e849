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

describe("free space", () => {
  const GiB = 2 ** 30;
  const live = { oid: "2", sizeBytes: 5 * GiB, owner: "maker", ownedByRole: true, encoding: "UTF8", collation: "C", characterType: "C" };
  const said = (method: "swap" | "in_place", freeBytes: number) => {
    const about = { ...evidence, backup: { ...evidence.backup, databaseBytes: 5 * GiB }, target: { ...evidence.target, live, space: { freeBytes, totalBytes: 100 * GiB } } };
    return checkPlan({ ...about, request: { ...about.request, choices: { ...about.request.choices, method } } }).find(({ id }) => id === "space");
  };
  it("for both is enough beyond the reserve", () => expect(said("swap", 40 * GiB)).toMatchObject({ outcome: "passed", title: "Room for both databases" }));
  it("that is too little for both offers in place, which gains what the live one takes", () => {
    expect(said("swap", 12 * GiB)).toMatchObject({ outcome: "blocking", offer: "choose_in_place" });
    expect(said("in_place", 12 * GiB)).toMatchObject({ outcome: "passed", title: "Room for the database" });
    expect(said("in_place", 2 * GiB)).toMatchObject({ outcome: "blocking", offer: null });
  });
  it("for both leaves no reason to restore in place", () => expect(said("in_place", 40 * GiB)).toMatchObject({ outcome: "blocking", fix: expect.stringContaining("by swapping") as string }));
  it("that is not known leaves the choice", () => expect(checkPlan({ ...evidence, target: { ...evidence.target, live } }).find(({ id }) => id === "space")).toMatchObject({ outcome: "warning", title: "Free space is not known" }));
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
