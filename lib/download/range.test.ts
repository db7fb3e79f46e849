import { describe, expect, it } from "vitest";
import { attachment } from "./disposition";
import { ifRangeHolds, portionOf } from "./range";

describe("portionOf", () => {
  const whole = { kind: "whole", start: 0, end: 999 };
  it.each([
    [undefined, whole],
    ["bytes=0-", { kind: "part", start: 0, end: 999 }],
    ["bytes=0-0", { kind: "part", start: 0, end: 0 }],
    ["bytes=500-", { kind: "part", start: 500, end: 999 }],
    ["bytes=500-2000", { kind: "part", start: 500, end: 999 }],
    ["bytes=-100", { kind: "part", start: 900, end: 999 }],
    ["bytes=-5000", { kind: "part", start: 0, end: 999 }],
    ["bytes=1000-", { kind: "unsatisfiable" }],
    ["bytes=-0", { kind: "unsatisfiable" }],
    // Several ranges, other units and nonsense: the whole file.
    ["bytes=0-1,5-6", whole],
    ["bytes=9-3", whole],
    ["items=0-1", whole],
    ["bytes=-", whole],
    ["bytes=x-y", whole],
  ])("answers %s", (range, portion) => {
    expect(portionOf(range, 1_000)).toEqual(portion);
  });

  it("knows that an empty file has no range", () => {
    expect(portionOf("bytes=0-", 0)).toEqual({ kind: "unsatisfiable" });
    expect(portionOf(undefined, 0)).toEqual({ kind: "whole", start: 0, end: -1 });
  });
});

describe("ifRangeHolds", () => {
  const file = { etag: '"abc"', lastModified: "Tue, 22 Sep 2026 02:03:08 GMT" };
  it("compares the tag or the date, and does not mind a request without either", () => {
    expect([undefined, '"abc"', "Tue, 22 Sep 2026 02:03:08 GMT", '"other"', 'W/"abc"'].map((value) => ifRangeHolds(value, file))).toEqual([true, true, true, false, false]);
  });
});

describe("attachment", () => {
  it.each([
    ["bimcalc.dump", `attachment; filename="bimcalc.dump"; filename*=UTF-8''bimcalc.dump`],
    ["größe 数据.sql.gz", `attachment; filename="gro_e __.sql.gz"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%E6%95%B0%E6%8D%AE.sql.gz`],
    [`a"b\\c'(d)*%.dump`, `attachment; filename="a_b_c'(d)*_.dump"; filename*=UTF-8''a%22b%5Cc%27%28d%29%2A%25.dump`],
    ["a\r\nSet-Cookie: x.dump", `attachment; filename="a__Set-Cookie: x.dump"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.dump`],
  ])("names %s", (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});
