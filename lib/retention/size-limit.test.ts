import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetentionPolicy } from "./schemas";
import { joinSize, splitSize } from "./size-limit";

describe("a size limit as it is written", () => {
  it.each([[500 * 1024 ** 3, 500, "GiB"], [1024 ** 4, 1, "TiB"], [1.5 * 1024 ** 3, 1.5, "GiB"], [1_000_000_001, 1_000_000_001, "B"], [300 * 1024 ** 2, 300, "MiB"], [1, 1, "B"]] as const)("%d bytes are %d %s", (totalBytes, value, unit) => {
    expect(splitSize(totalBytes)).toEqual({ value, unit });
  });

  it("stands for exactly what was set, whatever that is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (totalBytes) => {
        const { value, unit } = splitSize(totalBytes);
        expect(joinSize(String(value), unit)).toBe(totalBytes);
      }),
    );
  });

  it("is none when nothing or 0 is written", () => {
    for (const text of ["", " ", "0", "0.0"]) expect(joinSize(text, "GiB")).toBeNull();
  });

  it("is refused when it is no figure, and not taken for none", () => {
    for (const text of [".", "1.2.3", "1,2,3", "-5", "much"]) expect(RetentionPolicy.safeParse({ totalBytes: joinSize(text, "GiB") }).success).toBe(false);
    expect(RetentionPolicy.safeParse({ totalBytes: joinSize("5", "GiB") }).success).toBe(true);
  });

  it.each([["0,5", 0.5], ["1,000", 1_000], ["1,000,000", 1_000_000], ["1,234.5", 1234.5], ["1,5", 1.5]])("reads %s as %d", (text, figure) => {
    expect(joinSize(text, "KiB")).toBe(figure * 1024);
  });
});
