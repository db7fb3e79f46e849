import { describe, expect, it } from "vitest";
import { BackupsParams, backupsHref, clearHref, keptBySearch, rangeStart, sortHref } from "./search-params";

const parse = (query: Record<string, string | string[]>) => BackupsParams.parse(query);

describe("the address of the list of backups", () => {
  it("has defaults that are not written", () => {
    const params = parse({});
    expect(params).toMatchObject({ sort: "taken", order: "desc", page: 1, proof: null, q: null });
    expect(backupsHref(params, {})).toBe("/backups");
    expect(clearHref(params)).toBeNull();
  });
  it("ignores what it does not know", () => {
    expect(parse({ proof: "golden", sort: "colour", page: "-3", order: "up", taken: "1h" })).toEqual(parse({}));
    expect(parse({ page: "two" }).page).toBe(1);
  });
  it("takes the first of several values, and nothing for an empty one", () => expect(parse({ proof: ["stored", "proven"], q: "", database: "" })).toMatchObject({ proof: "stored", q: null, database: null }));
  it("reads what it writes", () => {
    const params = parse({ database: "d1", proof: "proven", kind: "user", store: "s", taken: "30d", q: "a & b", sort: "records", order: "asc", page: "3" });
    const address = new URL(backupsHref(params, { page: 3 }), "http://x");
    expect(parse(Object.fromEntries(address.searchParams))).toEqual(params);
  });
  it("goes to the first page when anything but the page changes", () => expect(backupsHref(parse({ page: "7" }), { proof: "stored" })).toBe("/backups?proof=stored"));
  it("turns the sort round", () => {
    expect(sortHref(parse({}), "taken")).toBe("/backups?order=asc");
    expect(sortHref(parse({}), "database")).toBe("/backups?sort=database&order=asc");
  });
  it("clears filters and keeps the order", () => expect(clearHref(parse({ q: "x", sort: "stored" }))).toBe("/backups?sort=stored"));
  it("keeps everything but page and words in a search", () => expect(keptBySearch(parse({ q: "x", page: "2", proof: "proven", sort: "stored" }))).toEqual({ proof: "proven", sort: "stored" }));
  it("counts a range back from now", () => expect(rangeStart("24h", new Date("2026-09-22T09:00:00Z")).toISOString()).toBe("2026-09-21T09:00:00.000Z"));
});
