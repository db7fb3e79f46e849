import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

  it("is none when nothing, no number or 0 is written", () => {
    for (const text of ["", "0", ".", "1.2.3"]) expect(joinSize(text, "GiB")).toBeNull();
    expect(joinSize("0,5", "GiB")).toBe(1024 ** 3 / 2);
  });
});
