import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

describe("returnPath", () => {
  it.each(["/", "/backups?status=proven&page=2", "/runs/81", "/backups/3f%2F"])("keeps %s", (path) => {
    expect(returnPath(path)).toBe(path);
  });

  it.each([
    "//elsewhere.example", "/\\elsewhere.example", "/.//elsewhere.example", "/a/..//elsewhere.example", "https://elsewhere.example/", "javascript:alert(1)",
    "/\t/elsewhere.example", "/%0a\n/x", "\\\\elsewhere", "", null, undefined,
    // Pages that would only lead back here, or answer with JSON.
    "/sign-in?from=/", "/setup", "/api/shell",
  ])("leads from %j to the overview", (path) => {
    expect(returnPath(path)).toBe("/");
  });
});
