import { describe, expect, it } from "vitest";
import { matchesPattern, qualified } from "./patterns";

const table = (name: string, schema = "public") => ({ schema, name });

describe("a table pattern", () => {
  it.each([
    ["logs", table("logs"), true],
    ["LOGS", table("logs"), true],
    ["logs", table("Logs"), false],
    ['"Logs"', table("Logs"), true],
    ["log*", table("logs_2024"), true],
    ["log?", table("logs"), true],
    ["log?", table("logs_2024"), false],
    ["audit.*", table("events", "audit"), true],
    ["audit.*", table("events"), false],
    ['"we""ird; name"', table('we"ird; name'), true],
    ['"a.b"', table("a.b"), true],
    ["a.b", table("a.b"), false],
    ["data_[0-9]", table("data_7"), true],
    ["cost$", table("cost$"), true],
    ["größe", table("größe"), true],
  ])("%s against %o is %s", (pattern, given, expected) => {
    expect(matchesPattern(pattern, given)).toBe(expected);
  });

  it("is given every schema when it names none, because pg_dump looks along an empty search path", () => {
    expect(qualified("logs")).toBe("*.logs");
    expect(qualified("audit.logs")).toBe("audit.logs");
    expect(qualified('"a.b"')).toBe('*."a.b"');
  });
});
