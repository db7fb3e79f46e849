import { describe, expect, it } from "vitest";
import { age, ageSpan } from "@/lib/format/ages";

const now = Date.parse("2026-09-22T09:14:00Z");
const plain = (text: string) => text.replaceAll("\u00a0", " ");
const before = (seconds: number) => now - seconds * 1000;

describe("age", () => {
  it.each([
    [0, "0 s ago"],
    [3, "3 s ago"],
    [240, "4 min ago"],
    [7 * 3600 + 800, "7 h ago"],
    [31 * 3600, "31 h ago"],
    [48 * 3600, "2 d ago"],
    [94 * 86400, "94 d ago"],
  ])("writes %d seconds as %s", (seconds, text) => expect(plain(age(before(seconds), now))).toBe(text));
  it("looks ahead too", () => expect(plain(age(now + (4 * 60 + 56) * 60_000, now))).toBe("in 4 h 56 m"));
  it("is an em dash when it never was", () => expect(age(null, now)).toBe("—"));
});

describe("ageSpan", () => {
  it("takes a clock that runs ahead for now", () => expect(plain(ageSpan(now + 400, now))).toBe("0 s"));
});
