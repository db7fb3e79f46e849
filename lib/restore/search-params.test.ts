import { describe, expect, it } from "vitest";
import { FromParams, fromHref, replanHref, requestOf, wizardHref, WizardParams } from "./search-params";

const parse = (query: Record<string, string | string[]>) => WizardParams.parse(query);
const reread = (address: string) => parse(Object.fromEntries(new URL(address, "http://x").searchParams));

describe("the address of the wizard", () => {
  it("has defaults that are not written", () => {
    const params = parse({ backup: "b1" });
    expect(params).toMatchObject({ method: "swap", keep: 24, undo: false, safety: true, roles: {}, plan: null, page: 1 });
    expect(wizardHref("to", params)).toBe("/restore/to?backup=b1");
  });
  it("ignores what it does not know, and what would be too much", () => {
    expect(parse({ method: "by_hand", keep: "9999999", undo: "maybe", plan: "-3", was: "x", roles: "burn:reporting", page: "0" })).toEqual(parse({}));
    expect(parse({ keep: ["48", "72"] }).keep).toBe(24);
  });
  it("reads what it writes, in every step", () => {
    const params = parse({ backup: "b1", to: "d2", method: "beside", name: "Zürich & co", keep: "48", undo: "yes", safety: "no", roles: "create:a,skip:b", plan: "7", was: "6", q: "x y", page: "3" });
    expect(reread(wizardHref("review", params))).toEqual(params);
    expect(reread(wizardHref("to", params))).toEqual({ ...params, plan: null, was: null, q: null, page: 1 });
  });
  it("carries any role's name through, whatever stands in it", () => {
    const roles = { "a:b,c%": { do: "map", to: "x:y," }, 'quo"te': { do: "skip" }, Zürich: { do: "create" } } as const;
    expect(reread(wizardHref("review", parse({ backup: "b" }), { roles })).roles).toEqual(roles);
  });
  it("writes the same roles as the same address, in whatever order they were chosen", () => {
    const params = parse({ backup: "b" });
    expect(wizardHref("to", params, { roles: { b: { do: "skip" }, a: { do: "create" } } })).toBe(wizardHref("to", params, { roles: { a: { do: "create" }, b: { do: "skip" } } }));
  });
  it("leaves a plan behind when something else is asked", () => expect(replanHref(parse({ backup: "b", plan: "7", was: "6", q: "x", page: "2" }), { keep: 48 })).toBe("/restore/review?backup=b&keep=48"));
  it("keeps a name only where one is needed", () => expect(wizardHref("to", parse({ backup: "b", name: "other" }))).toBe("/restore/to?backup=b"));
});

describe("requestOf", () => {
  it("asks for what was chosen", () => {
    expect(requestOf(parse({ backup: "b", method: "beside", name: "copy", keep: "48", roles: "skip:r" }), "d")).toEqual({
      backupId: "b",
      databaseId: "d",
      choices: { method: "beside", newName: "copy", missingRoles: { r: { do: "skip" } }, keepHours: 48, undoIfUnhealthy: false, safetyBackup: true },
    });
  });
  it("asks for nothing while something is missing", () => {
    expect(requestOf(parse({}), "d")).toBeNull();
    expect(requestOf(parse({ backup: "b" }), null)).toBeNull();
    expect(requestOf(parse({ backup: "b", method: "beside" }), "d")).toBeNull();
    expect(requestOf(parse({ backup: "b", method: "beside", name: "ü".repeat(32) }), "d")).toBeNull();
  });
  it("forgets a name that the way chosen does not use, and undoing where there is nothing to swap back", () => {
    expect(requestOf(parse({ backup: "b", name: "copy", undo: "yes", method: "in_place" }), "d")?.choices).toMatchObject({ newName: null, undoIfUnhealthy: false });
  });
});

describe("the address of the first step", () => {
  it("reads what it writes and starts on the first page", () => {
    const params = FromParams.parse({ of: "file:old & new", q: "x", page: "4" });
    expect(FromParams.parse(Object.fromEntries(new URL(fromHref(params), "http://x").searchParams))).toEqual({ ...params, page: 1 });
    expect(fromHref(FromParams.parse({}))).toBe("/restore");
  });
});
