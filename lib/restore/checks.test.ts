import { describe, expect, it } from "vitest";
import { harmlessEvidence } from "@/lib/testing/evidence";
import { checkPlan } from "./checks";
import { planRestore } from "./plan";
import { RestoreEvidence, type RestoreDecision } from "./schemas";
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
  type Target = RestoreEvidence["target"];
  const live = (sizeBytes: number) => ({ oid: "2", sizeBytes, owner: "maker", ownedByRole: true, encoding: "UTF8", collation: "C", characterType: "C" });
  const volume = (mount: string, roles: Target["volumes"][number]["roles"], free: number, total: number) => ({ mount, roles, freeBytes: free * GiB, totalBytes: total * GiB });
  const wal: NonNullable<Target["wal"]> = { mostBytes: GiB, heldBytes: 0, idleSlots: [], archiving: "off" };
  const spaceOf = (method: "swap" | "in_place", gibibytes: number, target: Partial<Target>) => {
    const about = { ...evidence, backup: { ...evidence.backup, databaseBytes: gibibytes * GiB }, target: { ...evidence.target, live: live(gibibytes * GiB), wal, ...target } };
    return checkPlan({ ...about, request: { ...about.request, choices: { ...about.request.choices, method } } }).find(({ id }) => id === "space");
  };
  const said = (method: "swap" | "in_place", free: number) => spaceOf(method, 5, { volumes: [volume("/data", ["data", "wal", "home"], free, 100)] });

  it("for both is enough beyond the reserve", () => expect(said("swap", 40)).toMatchObject({ outcome: "passed", title: "Room for both databases" }));
  it("that is too little for both offers in place, which gains what the live one takes", () => {
    expect(said("swap", 12)).toMatchObject({ outcome: "blocking", offer: "choose_in_place" });
    expect(said("in_place", 12)).toMatchObject({ outcome: "passed", title: "Room for the database" });
    expect(said("in_place", 2)).toMatchObject({ outcome: "blocking", offer: null });
  });
  it("for both leaves no reason to restore in place", () => expect(said("in_place", 40)).toMatchObject({ outcome: "blocking", fix: expect.stringContaining("by swapping") as string }));
  it("that is not known leaves the choice", () => expect(checkPlan({ ...evidence, target: { ...evidence.target, live: live(1) } }).find(({ id }) => id === "space")).toMatchObject({ outcome: "warning", title: "Free space is not known" }));
  it("is not known of a plan from before volumes were asked one by one", () => {
    const { volumes: _, wal: __, ...target } = evidence.target;
    expect(RestoreEvidence.parse({ ...evidence, target: { ...target, space: { freeBytes: 1, totalBytes: 2 } } }).target).toMatchObject({ volumes: [], wal: null });
  });

  describe("on a volume of the database's own", () => {
    const volumes = [volume("/data", ["data", "wal"], 500, 1000), volume("/fast", ["home"], 20, 200)];
    it("is what counts, not that of the server's data, and in place is the way that is left", () => {
      const check = spaceOf("swap", 80, { volumes });
      expect(check).toMatchObject({ outcome: "blocking", title: "No room for both databases", offer: "choose_in_place", fix: expect.stringContaining("Free space at /fast, or restore in place") as string });
      expect(check?.detail).toContain("free at /fast");
      expect(check?.detail).not.toContain("/data");
      expect(spaceOf("in_place", 80, { volumes })).toMatchObject({ outcome: "passed" });
    });
    it("has to leave less than that of the data, and the data's no less than its reserve", () => {
      expect(spaceOf("swap", 19, { volumes })).toMatchObject({ outcome: "passed" });
      expect(spaceOf("swap", 1, { volumes: [volume("/data", ["data", "wal"], 90, 1000), volume("/fast", ["home"], 100, 200)] })).toMatchObject({ outcome: "blocking", title: expect.stringContaining("write-ahead log") as string });
      expect(spaceOf("swap", 1, { volumes: [volume("/data", ["data"], 90, 1000), volume("/fast", ["home", "wal"], 100, 200)] })).toMatchObject({ outcome: "blocking", title: "The volume of the server's data is nearly full", fix: "Free space at /data.", offer: null });
    });
  });

  describe("for the write-ahead log", () => {
    const volumes = [volume("/data", ["data", "home"], 500, 1000), volume("/wal", ["wal"], 2, 4)];
    it("is what the server keeps by its settings, and less where it has that already", () => {
      expect(spaceOf("swap", 80, { volumes })).toMatchObject({ outcome: "passed" });
      const short = spaceOf("swap", 80, { volumes, wal: { ...wal, mostBytes: 2 * GiB } });
      expect(short).toMatchObject({ outcome: "blocking", title: "No room for the write-ahead log", fix: "Free space at /wal.", offer: null });
      expect(spaceOf("swap", 80, { volumes, wal: { ...wal, mostBytes: 2 * GiB, heldBytes: 2 * GiB } })).toMatchObject({ outcome: "passed" });
      expect(spaceOf("swap", 1, { volumes, wal: { ...wal, mostBytes: 9 * GiB } })).toMatchObject({ outcome: "passed" });
    });
    it("is all that is loaded where a slot or an archive that fails keeps it, and the fix says which", () => {
      expect(spaceOf("swap", 80, { volumes, wal: { ...wal, idleSlots: ["standby"] } })).toMatchObject({ outcome: "blocking", fix: expect.stringContaining("(standby)") as string });
      expect(spaceOf("swap", 80, { volumes, wal: { ...wal, archiving: "failing" } })).toMatchObject({ outcome: "blocking", fix: expect.stringContaining("archive_command") as string });
    });
    it("may be that much where archiving falls behind, which is said and does not block", () => {
      expect(spaceOf("swap", 80, { volumes, wal: { ...wal, archiving: "working" } })).toMatchObject({ outcome: "warning", detail: expect.stringContaining("free at /wal") as string });
      expect(spaceOf("swap", 1, { volumes, wal: { ...wal, archiving: "working" } })).toMatchObject({ outcome: "passed" });
    });
    it("adds up with that for the database where both lie on one volume", () => {
      const together = (free: number) => spaceOf("swap", 5, { volumes: [volume("/data", ["data", "wal", "home"], free, 100)] });
      expect(together(15.5)).toMatchObject({ outcome: "blocking", detail: expect.stringContaining("of write-ahead log") as string });
      expect(together(16.5)).toMatchObject({ outcome: "passed" });
    });
  });

  it("that changes by itself leaves what is confirmed as it is", () => {
    const hash = (free: number) => planRestore({ ...evidence, target: { ...evidence.target, wal: { ...wal, heldBytes: free }, volumes: [volume("/data", ["data", "home", "wal"], free, 100)] } }, new Date()).hash;
    expect(hash(40)).toBe(hash(50));
  });
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
