import { expect, it } from "vitest";
import { titleOf } from "./subject";

it("calls a run that does an undone restore again what it is, and every other an undo", () => {
  const run = (input: object) => titleOf(7, { kind: "undo_restore", input: JSON.stringify(input), database: { name: "orders" }, backup: null, storeName: null });
  expect(run({ restoreId: "r", way: "redo" })).toBe("Redo of the restore of orders");
  expect([run({ restoreId: "r", way: "undo" }), run({ restoreId: "r" })]).toEqual(["Undo of the restore of orders", "Undo of the restore of orders"]);
});
