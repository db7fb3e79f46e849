import { expect, it } from "vitest";
import { breakable } from "./object-names";

it("breaks a name after its dots and underscores, never inside a word, and loses no letter of it", () => {
  expect(breakable("reporting.monthly_price_totals")).toEqual(["reporting.", "monthly_", "price_", "totals"]);
  expect(breakable("public.__private__x")).toEqual(["public.__", "private__", "x"]);
  expect(breakable("Größe")).toEqual(["Größe"]);
  for (const name of ["a._b", "_", "", "x__", "public.t$1", "sales.Order Lines"]) expect(breakable(name).join("")).toBe(name);
});
