import { describe, expect, it } from "vitest";
import { bytes, percent, rate, ratio } from "@/lib/format/bytes";

const KiB = 1024;
const MiB = KiB * 1024;
const GiB = MiB * 1024;
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1.5 * KiB, "1.5 KiB"],
    [481 * KiB, "481 KiB"],
    [9.1 * MiB, "9.1 MiB"],
    [10.6 * MiB, "10.6 MiB"],
    [742 * MiB, "742 MiB"],
    [4.7 * GiB, "4.7 GiB"],
    [113.4 * GiB, "113.4 GiB"],
    [200 * GiB, "200 GiB"],
  ])("writes %d as %s", (value, text) => expect(plain(bytes(value))).toBe(text));

  it("moves to the next unit instead of writing 1024", () => expect(plain(bytes(1023.99 * MiB))).toBe("1 GiB"));
  it("keeps figure and unit together", () => expect(bytes(1024)).toBe("1\u00a0KiB"));
  it("never writes zero for what is not known", () => {
    expect(bytes(null)).toBe("—");
    expect(bytes(undefined)).toBe("—");
    expect(bytes(Number.NaN)).toBe("—");
  });
});

describe("rate", () => {
  it("is a size in a second", () => expect(plain(rate(15.3 * MiB))).toBe("15.3 MiB/s"));
  it("is an em dash without a measurement", () => expect(rate(null)).toBe("—"));
});

describe("ratio", () => {
  it("names the whole", () => expect(plain(ratio(742 * MiB, 4.7 * GiB))).toBe("15 % of 4.7 GiB"));
  it("is an em dash when the whole is unknown or nothing", () => {
    expect(ratio(742, null)).toBe("—");
    expect(ratio(742, 0)).toBe("—");
    expect(ratio(null, 742)).toBe("—");
  });
});

describe("percent", () => {
  it("does not round something to nothing", () => expect(plain(percent(1, 1000))).toBe("under 1 %"));
  it("does not round nearly all to all", () => expect(plain(percent(999, 1000))).toBe("99 %"));
  it("says nothing and all exactly", () => {
    expect(plain(percent(0, 10))).toBe("0 %");
    expect(plain(percent(10, 10))).toBe("100 %");
  });
});
