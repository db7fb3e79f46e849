import { expect, it } from "vitest";
import { nbsp } from "@/lib/format/symbols";
import type { Forecast } from "./forecast";
import { fillsAnswer, fillsIn } from "./forecast-words";

const now = Date.parse("2026-09-22T09:14:00Z");
const say = (forecast: Forecast) => fillsAnswer(forecast, now).replaceAll(nbsp, " ");
const days = (many: number) => now + many * 86_400_000;
const fills = (earliest: number, latest: number | null): Forecast => ({ kind: "fills", earliest: days(earliest), latest: latest === null ? null : days(latest), paces: [{ what: "backups", days: 90, bytesPerDay: 1 }] });

it.each([
  [fills(42, 63), "about 6 to 9 weeks"],
  [fills(44, 44), "about 6 weeks"],
  [fills(9, 12), "about 9 to 12 days"],
  [fills(0.2, 0.3), "about 1 day"],
  [fills(60, 200), "about 2 to 7 months"],
  [fills(28, null), "not before about 4 weeks"],
])("says %j as %s", (forecast, words) => expect(fillsIn(forecast, now)).toBe(words.replace(/ (?=\w+$)/, nbsp)));

it("always answers, and says what is missing", () => {
  expect(say(fills(42, 63))).toBe("in about 6 to 9 weeks, at the pace of the last 90 days");
  expect(say(fills(28, null))).toBe("not before about 4 weeks, at the pace of the last 90 days");
  expect(say({ kind: "steady", paces: [] })).toBe("not at the pace of the last months");
  expect(say({ kind: "unknown", why: "too_young" })).toBe("not known before there are 14 days of backups to tell a pace from");
  expect(fillsIn({ kind: "unknown", why: "no_space" }, now)).toBeNull();
});
