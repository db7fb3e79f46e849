import { describe, expect, it } from "vitest";
import { safeForMs } from "./volumes";

const GiB = 2 ** 30;

describe("looking at the volume while something is loaded", () => {
  it("is more frequent the less is free", () => {
    expect(safeForMs(500 * GiB)).toBe(5_000);
    expect(safeForMs(16 * GiB)).toBe(4_000);
    expect(safeForMs(100)).toBe(2_000);
    expect(safeForMs(-GiB)).toBe(2_000);
  });
});
