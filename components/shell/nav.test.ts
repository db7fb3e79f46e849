import { describe, expect, it } from "vitest";
import { isCurrent, nav } from "@/components/shell/nav";

const current = (path: string) => nav.filter((item) => isCurrent(item, path)).map((item) => item.label);

describe("isCurrent", () => {
  it("marks one item, for a page and for what lies under it", () => {
    expect(current("/")).toEqual(["Overview"]);
    expect(current("/backups")).toEqual(["Backups"]);
    expect(current("/backups/b1")).toEqual(["Backups"]);
    expect(current("/settings/users")).toEqual(["Settings"]);
    expect(current("/backupsomething")).toEqual([]);
  });
});
