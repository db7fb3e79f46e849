import { describe, expect, it } from "vitest";
import { besideName } from "./beside-name";

const bytes = (name: string) => new TextEncoder().encode(name).length;

describe("besideName", () => {
  it("says what it is and of when", () => expect(besideName("bimcalc", "2026-09-22T02:00:04.000Z")).toBe("bimcalc_restored_20260922"));
  it("fits PostgreSQL's 63 bytes without cutting a character in two", () => {
    for (const name of ["x".repeat(63), "ü".repeat(40), "日本語".repeat(10), "🗄".repeat(15)]) {
      const made = besideName(name, "2026-09-22T02:00:04.000Z");
      expect(bytes(made)).toBeLessThanOrEqual(63);
      expect(made).toMatch(/_restored_20260922$/);
      expect(name.startsWith(made.slice(0, made.indexOf("_restored")))).toBe(true);
    }
  });
});
