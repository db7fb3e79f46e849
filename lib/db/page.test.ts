import { describe, expect, it } from "vitest";
import { pageSlice } from "./page";

describe("pageSlice", () => {
  it("counts from the beginning up to the middle, from the end behind it", () => {
    expect(pageSlice(1, 25, 1_000)).toEqual({ skip: 0, take: 25 });
    expect(pageSlice(20, 25, 1_000)).toEqual({ skip: 475, take: 25 });
    expect(pageSlice(21, 25, 1_000)).toEqual({ skip: 475, take: -25 });
    expect(pageSlice(40, 25, 1_000)).toEqual({ skip: 0, take: -25 });
  });

  it("takes what is left on the last page and all of the only one", () => {
    expect(pageSlice(3, 25, 52)).toEqual({ skip: 0, take: -2 });
    expect(pageSlice(1, 25, 7)).toEqual({ skip: 0, take: 25 });
    expect(pageSlice(1, 25, 0)).toEqual({ skip: 0, take: 25 });
  });
});
