import { describe, expect, it } from "vitest";
import { joinObjective, splitObjective } from "./objectives";

describe("objectives in human units", () => {
  it.each([[86_400, 24, "hours"], [604_800, 7, "days"], [300, 5, "minutes"], [90, 1.5, "minutes"], [21_600, 6, "hours"]] as const)("writes %d s as %d %s", (seconds, value, unit) => {
    expect(splitObjective(seconds)).toEqual({ value, unit });
    expect(joinObjective(String(value), unit)).toBe(seconds);
  });
  it("takes a comma for a point, and words for no number", () => {
    expect(joinObjective("1,5", "hours")).toBe(5_400);
    expect(joinObjective("soon", "hours")).toBeNaN();
    expect(joinObjective(" ", "hours")).toBeNaN();
  });
});
