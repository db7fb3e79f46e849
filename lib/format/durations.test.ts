import { describe, expect, it } from "vitest";
import { duration, elapsed, span } from "@/lib/format/durations";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const h = 3_600_000;
const m = 60_000;

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [840, "840 ms"],
    [999.7, "1.0 s"],
    [1_400, "1.4 s"],
    [9_960, "10 s"],
    [41_000, "41 s"],
    [59_600, "1 m 00 s"],
    [188_000, "3 m 08 s"],
    [7 * h + 14 * m, "7 h 14 m"],
    [31 * h + 4 * m, "31 h 4 m"],
    [76 * h, "3 d 4 h"],
  ])("writes %d ms as %s", (ms, text) => expect(plain(duration(ms))).toBe(text));
  it("is an em dash where nothing was measured", () => expect(duration(null)).toBe("—"));
});

describe("elapsed", () => {
  it("keeps whole seconds", () => {
    expect(plain(elapsed(1_900))).toBe("1 s");
    expect(plain(elapsed(118_400))).toBe("1 m 58 s");
    expect(plain(elapsed(-50))).toBe("0 s");
  });
});

describe("span", () => {
  it.each([
    [30, "30 s"],
    [300, "5 m"],
    [900, "15 m"],
    [5_400, "1 h 30 m"],
    [86_400, "24 h"],
    [7 * 86_400, "7 d"],
  ])("writes %d s as %s", (seconds, text) => expect(plain(span(seconds))).toBe(text));
});
