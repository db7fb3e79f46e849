import { describe, expect, it } from "vitest";
import { countDays, gaugeTicks } from "@/components/charts/days";

describe("countDays", () => {
  it("says what there is, and nothing of what there is not", () => {
    expect(countDays([{ state: "proven" }, { state: "proven" }, { state: "missed" }]).replaceAll("\u00a0", " ")).toBe("3 days: 2 proven, 1 missed");
  });
});

describe("gaugeTicks", () => {
  const h = 3600;
  it("fills towards the target", () => expect(gaugeTicks(7.24 * h, 24 * h)).toEqual({ on: 6, over: 0, beyond: false, tone: "on" }));
  it("warns over 80 per cent", () => expect(gaugeTicks(21.17 * h, 24 * h)).toEqual({ on: 18, over: 0, beyond: false, tone: "near" }));
  it("passes the target, then runs off the scale", () => {
    expect(gaugeTicks(25.2 * h, 24 * h)).toEqual({ on: 20, over: 1, beyond: false, tone: "over" });
    expect(gaugeTicks(31 * h, 6 * h)).toEqual({ on: 20, over: 10, beyond: true, tone: "over" });
  });
  it("shows the least breach as a breach", () => expect(gaugeTicks(24 * h + 1, 24 * h).over).toBe(1));
});
