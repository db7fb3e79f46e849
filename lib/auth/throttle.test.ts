import { describe, expect, it } from "vitest";
import { lockAfter } from "./throttle";

describe("lockAfter", () => {
  it("leaves the first four failures free, then doubles from a minute to an hour", () => {
    const minutes = Array.from({ length: 14 }, (_, failures) => (lockAfter(failures) ?? 0) / 60_000);
    expect(minutes).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it("stays at an hour however long it goes on", () => {
    expect(lockAfter(5_000)).toBe(3_600_000);
  });
});
