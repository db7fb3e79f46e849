import { describe, expect, it } from "vitest";
import { count, plural, signed } from "@/lib/format/counts";

describe("count", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [13_152_944, "13,152,944"],
    [41_266_019n, "41,266,019"],
    [-2110, "−2,110"],
  ])("writes %s as %s", (value, text) => expect(count(value)).toBe(text));
  it("is an em dash for what was not counted", () => expect(count(null)).toBe("—"));
});

describe("signed", () => {
  it("shows which way it went", () => {
    expect(signed(12_084)).toBe("+12,084");
    expect(signed(-5)).toBe("−5");
    expect(signed(0)).toBe("0");
    expect(signed(null)).toBe("—");
  });
});

describe("plural", () => {
  it("agrees with the count", () => {
    expect(plural(1, "backup")).toBe("1\u00a0backup");
    expect(plural(0, "backup")).toBe("0\u00a0backups");
    expect(plural(2000, "copy", "copies")).toBe("2,000\u00a0copies");
  });
});
