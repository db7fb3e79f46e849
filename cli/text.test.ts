import { expect, it } from "vitest";
import { plain, table, width } from "./text";

it("writes out what a terminal would take for a command", () => {
  expect(plain("we\u001b[31mird\nname\u009b;")).toBe("we\\x1b[31mird\\x0aname\\x9b;");
});

it("makes plain spaces of those that keep a figure and its unit together, for grep", () => {
  expect(plain("4.7\u00a0GiB")).toBe("4.7 GiB");
});

it("lines columns up by what is seen, not by colour codes", () => {
  expect(table([{ title: "NAME" }, { title: "SIZE", align: "right" }], [["\u001b[32ma\u001b[0m", "9"], ["längér", "1,024"]])).toEqual(["NAME     SIZE", "\u001b[32ma\u001b[0m           9", "längér  1,024"]);
  expect(width("\u001b[32ma\u001b[0m")).toBe(1);
});

it("draws no head over nothing", () => {
  expect(table([{ title: "NAME" }], [])).toEqual([]);
});
