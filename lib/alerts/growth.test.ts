import { describe, expect, it } from "vitest";
import { hasGrown } from "./growth";

const mib = 2 ** 20;
const of = (sizeMib: number, rows: number | null = 10_000) => ({ sizeBytes: sizeMib * mib, rows });
const ten = (sizeMib = 100, rows: number | null = 10_000) => Array.from({ length: 10 }, () => of(sizeMib, rows));

describe("a backup has grown", () => {
  it("when it is over three times the median size or rows of the ten before it", () => {
    expect([hasGrown(of(301), ten()), hasGrown(of(300), ten()), hasGrown(of(100, 30_001), ten()), hasGrown(of(100, 30_000), ten())]).toEqual([true, false, true, false]);
    // One that was odd among the ten is not what is usual.
    expect(hasGrown(of(301), [of(100), of(900), ...ten().slice(2)])).toBe(true);
  });

  it("but not while fewer than ten say what is usual, as when a database is being filled", () => {
    expect([hasGrown(of(900), ten().slice(1)), hasGrown(of(900), [])]).toEqual([false, false]);
    expect(hasGrown(of(100, 90_000), [...ten().slice(1), of(100, null)])).toBe(false);
  });

  it("once, not again each night while it stays that large", () => {
    expect(hasGrown(of(310), [of(301), ...ten().slice(1)])).toBe(false);
    expect(hasGrown(of(310), [of(100), of(301), ...ten().slice(2)])).toBe(true);
  });

  it("not for the few more bytes and rows of a small one", () => {
    expect(hasGrown({ sizeBytes: 9_000, rows: 40 }, Array.from({ length: 10 }, () => ({ sizeBytes: 1_000, rows: 4 })))).toBe(false);
  });
});
