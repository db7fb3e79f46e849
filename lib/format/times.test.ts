import { describe, expect, it } from "vitest";
import { clockTime, day, fullTime, logTime, machineTime, minuteTime, shortDay, shortTime, timeOfDay } from "@/lib/format/times";

const at = new Date("2026-09-22T02:00:04.112Z");
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("times", () => {
  it("are written in UTC, whatever the machine is set to", () => {
    expect(plain(shortDay(at))).toBe("22 Sep");
    expect(plain(day(at))).toBe("22 Sep 2026");
    expect(plain(minuteTime(at))).toBe("22 Sep 02:00");
    expect(plain(shortTime(at))).toBe("22 Sep 02:00:04");
    expect(plain(fullTime(at))).toBe("22 Sep 2026 02:00:04 UTC");
    expect(plain(clockTime("2026-09-22T09:14:22Z"))).toBe("Tue 22 Sep 2026, 09:14:22 UTC");
    expect(timeOfDay(at)).toBe("02:00:04");
    expect(logTime(at)).toBe("02:00:04.112");
    expect(machineTime(at)).toBe("2026-09-22T02:00:04.112Z");
  });
  it("name the year when it is another one", () => {
    expect(plain(shortTime(at, "2026-12-31T00:00:00Z"))).toBe("22 Sep 02:00:04");
    expect(plain(shortTime(at, "2027-01-01T00:00:00Z"))).toBe("22 Sep 2026 02:00:04");
  });
  it("are an em dash when there is none", () => {
    expect(fullTime(null)).toBe("—");
    expect(shortTime("nonsense")).toBe("—");
  });
});
