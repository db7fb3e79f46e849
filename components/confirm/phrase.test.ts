import { describe, expect, it } from "vitest";
import { confirmedPhrase } from "./phrase";

describe("confirmedPhrase", () => {
  it("is the phrase, blanks at its ends and all, however it was typed", () => {
    for (const typed of ["orders", " orders ", "orders "]) expect(confirmedPhrase(typed, " orders")).toBe(" orders");
  });
  it("is nothing for anything else", () => {
    for (const typed of ["", "Orders", "or ders"]) expect(confirmedPhrase(typed, " orders")).toBeNull();
  });
});
