import { describe, expect, it } from "vitest";
import { exampleSidecar } from "@/lib/testing/sidecar";
import type { AccessGroup } from "@/lib/postgres/schemas";
import { accessDifferences, acrossMajors, asItWas, countAccess, countOtherOwners, withoutRoles } from "./access";

const { manifest } = exampleSidecar({ backupId: "b", runId: 1, databaseId: "d", key: "k" });
const reader = { to: "reader", may: "SELECT" };
const table = (over: Partial<AccessGroup> = {}): AccessGroup => ({ kind: "table", schema: "public", names: ["orders"], owner: "app", grants: [{ to: "app", may: "INSERT, SELECT" }, reader], ...over });
const column: AccessGroup = { kind: "column", schema: "public", names: ["orders.price"], owner: null, grants: [reader] };
const differences = (expected: AccessGroup[], got: AccessGroup[], choices = asItWas, tables: typeof manifest.tables = []) => accessDifferences({ ...manifest, tables, access: expected }, got, choices).map((one) => `${one.name}: ${one.expected} -> ${one.got}`);

describe("owners and grants", () => {
  it("are the same whatever is in one group and in whatever order", () => {
    const many = table({ names: ["a", "b"] });
    expect(differences([many], [table({ names: ["b"] }), table({ names: ["a"] })])).toEqual([]);
  });

  it.each<[string, AccessGroup[], AccessGroup[], string]>([
    ["an owner", [table()], [table({ owner: "other", grants: [{ to: "other", may: "INSERT, SELECT" }, reader] })], "owner of table public.orders: app -> other"],
    ["a grant", [table()], [table({ grants: null })], "grants on table public.orders: SELECT to reader -> none"],
    ["what an owner may do itself", [table({ grants: [] })], [table({ grants: null })], "grants on table public.orders: none -> the default privileges"],
    ["that a function is closed", [{ ...table(), kind: "function", grants: [{ to: "app", may: "EXECUTE" }] }], [{ ...table(), kind: "function", grants: null }], "grants on function public.orders: none -> EXECUTE to PUBLIC"],
    ["one grantee of several", [table({ grants: [reader, { to: null, may: "SELECT" }] })], [table({ grants: [reader] })], "grants on table public.orders: SELECT to PUBLIC -> none"],
    ["the right to pass a grant on", [table({ grants: [{ to: "reader", may: "SELECT WITH GRANT OPTION" }] })], [table({ grants: [reader] })], "grants on table public.orders: SELECT WITH GRANT OPTION to reader -> SELECT to reader"],
    ["a column's grant", [column], [], "grants on column public.orders.price: SELECT to reader -> none"],
    ["a grant on a column too many", [], [column], "grants on column public.orders.price: none -> SELECT to reader"],
    ["a schema that is missing", [{ kind: "schema", schema: null, names: ["shop"], owner: "app", grants: null }], [], "owner of schema shop: app -> missing"],
  ])("that differ are named: %s", (_, expected, got, words) => {
    expect(differences(expected, got)).toEqual([words]);
  });

  it("of ten thousand tables that differ alike are one difference", () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `t${n}`);
    expect(differences([table({ names })], [table({ names, grants: null })])).toEqual([
      "grants on table public.t0, public.t1, public.t2, and 9997 more: SELECT to reader -> none",
    ]);
  });

  it("do not differ by what was decided about roles, and only by that", () => {
    const mapped = { replaced: new Map([["app", "heir"]]), ownersLost: false };
    const heirs = table({ owner: "heir", grants: [{ to: "heir", may: "INSERT, SELECT" }, reader] });
    expect(differences([table()], [heirs], mapped)).toEqual([]);
    expect(differences([table()], [{ ...heirs, owner: "third" }], mapped)).toEqual(["owner of table public.orders: heir -> third"]);
    expect(differences([table()], [{ ...heirs, grants: [{ to: "heir", may: "INSERT, SELECT" }] }], mapped)).toEqual(["grants on table public.orders: SELECT to reader -> none"]);
    // A grant to a role that was left out is gone with it.
    expect(differences([table(), column], [table({ grants: [{ to: "app", may: "INSERT, SELECT" }] })], { replaced: new Map([["reader", "app"]]), ownersLost: false })).toEqual([]);
  });

  it("do not differ by their owner where all belong to the role that loads, but by a grant that is lost", () => {
    const lost = { replaced: new Map<string, string>(), ownersLost: true };
    const loaded = table({ owner: "loader", grants: [{ to: "loader", may: "INSERT, SELECT" }, reader] });
    expect(differences([table()], [loaded], lost)).toEqual([]);
    expect(countOtherOwners([table()], [loaded])).toBe(1);
    expect(differences([table()], [{ ...loaded, grants: null }], lost)).toEqual(["grants on table public.orders: SELECT to reader -> none"]);
    // A function of nobody's but its owner's is another thing than one that everybody may run.
    const closed: AccessGroup = { kind: "function", schema: "public", names: ["f()"], owner: "app", grants: [{ to: "app", may: "EXECUTE" }] };
    expect(differences([closed], [{ ...closed, owner: "loader", grants: null }], lost)).toEqual(["grants on function public.f(): none -> EXECUTE to PUBLIC"]);
  });

  it("are not missed of tables that were left out of the dump", () => {
    const absent = { schema: "public", name: "orders", kind: "table" as const, rows: null, sizeBytes: null, excluded: "absent" as const, activity: null };
    expect(differences([table(), column], [], asItWas, [absent])).toEqual([]);
  });

  it("say nothing in a backup from before they were recorded", () => {
    expect(accessDifferences({ ...manifest, access: null }, [])).toEqual([]);
  });

  it("are compared between majors without what their defaults are", () => {
    const schemas: AccessGroup = { kind: "schema", schema: null, names: ["public", "shop"], owner: "app", grants: null };
    const everything = table({ grants: [{ to: null, may: "INSERT, MAINTAIN, SELECT" }, { to: "reader", may: "MAINTAIN" }] });
    expect(acrossMajors([schemas, everything])).toEqual([{ ...schemas, names: ["shop"] }, table({ grants: [{ to: null, may: "INSERT, SELECT" }] })]);
  });

  it("are counted without what an owner has by itself", () => {
    expect(countAccess([table({ names: ["a", "b"] }), table({ owner: "other", grants: null }), column])).toEqual({ owners: 2, grants: 3 });
  });

  it("of a throwaway server's own roles are nobody's", () => {
    expect(withoutRoles([table(), table({ owner: "hub" }), { ...column, grants: [{ to: "hub", may: "SELECT" }] }], ["hub"])).toEqual([table()]);
  });
});
