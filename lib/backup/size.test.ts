import { describe, expect, it } from "vitest";
import { expectedSize, fits } from "./size";

const MiB = 1 << 20;

describe("what a backup will take", () => {
  it("is a guess before the first one, and reckoned from the last one then", () => {
    expect(expectedSize(null, 300 * MiB)).toEqual({ bytes: 100 * MiB, isGuess: true });
    expect(expectedSize({ sizeBytes: BigInt(10 * MiB), databaseBytes: BigInt(100 * MiB) }, 200 * MiB)).toEqual({ bytes: 22 * MiB, isGuess: false });
  });

  it.each([
    [100, true, "fits"],
    [99, true, "may_be_tight"],
    [15, true, "does_not_fit"],
    [99, false, "does_not_fit"],
  ] as const)("of %i MiB free for 100 MiB (a guess: %s): %s", (free, isGuess, verdict) => {
    expect(fits(free * MiB, { bytes: 100 * MiB, isGuess })).toBe(verdict);
  });
});
