import { expect, it } from "vitest";
import { recordAheadSince } from "./behind";

const at = (minutes: number, seconds = 0) => new Date(Date.UTC(2026, 8, 22, 10, minutes, seconds));
const seen = (name: string, ...looks: [isAhead: boolean, now: Date][]) => looks.map(([isAhead, now]) => recordAheadSince(name, isAhead, now)?.toISOString().slice(14, 19) ?? null);

it("is known once it has been seen for three minutes, from the first of them on", () => {
  expect(seen("steady", [true, at(0)], [true, at(1)], [true, at(2, 59)], [true, at(3)], [false, at(4)], [true, at(5)])).toEqual([null, null, null, "00:00", null, null]);
});

it("counts anew when the clock was set meanwhile, back or far ahead", () => {
  expect(seen("back", [true, at(10)], [true, at(12)], [true, at(9)], [true, at(11)], [true, at(12)])).toEqual([null, null, null, null, "09:00"]);
  expect(seen("ahead", [true, at(10)], [true, at(20)], [true, at(23)])).toEqual([null, null, "20:00"]);
});
