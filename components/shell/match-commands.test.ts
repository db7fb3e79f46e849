import { describe, expect, it } from "vitest";
import { matchCommands } from "@/components/shell/match-commands";

const items = [
  { label: "Overview", group: "Pages" },
  { label: "Backups", group: "Pages" },
  { label: "orders", group: "Databases", keywords: "orders-db" },
  { label: "reorder", group: "Databases" },
];
const find = (query: string) => matchCommands(items, query).map((item) => item.label);

describe("matchCommands", () => {
  it("shows everything before something is typed", () => expect(find("  ")).toHaveLength(4));
  it("wants every word, in any part", () => {
    expect(find("db orders")).toEqual(["orders"]);
    expect(find("databases reo")).toEqual(["reorder"]);
    expect(find("nothing")).toEqual([]);
  });
  it("puts what starts with it first", () => expect(find("order")).toEqual(["orders", "reorder"]));
});
