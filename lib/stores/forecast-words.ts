import { plural } from "@/lib/format/counts";
import { fewestDays, type Forecast } from "./forecast";

const dayMs = 86_400_000;

/** "about 6 to 9 weeks", "about 12 days", "not before about 4 weeks": when a store fills; null where no forecast stands. */
export function fillsIn(forecast: Forecast, now: number): string | null {
  if (forecast.kind !== "fills") return null;
  const soonest = forecast.earliest - now;
  if (forecast.latest === null) return `not before about ${inUnit(soonest, unitOf(soonest))}`;
  const unit = unitOf(forecast.latest - now);
  const [from, to] = [many(soonest, unit), many(forecast.latest - now, unit)];
  return from === to ? `about ${inUnit(soonest, unit)}` : `about ${from} to ${inUnit(forecast.latest - now, unit)}`;
}

const missing = {
  no_space: "not known: the store's free space is not known now",
  no_backup: "not known: no backup has come here yet",
  too_young: `not known before there are ${fewestDays} days of backups to tell a pace from`,
} as const satisfies Record<Extract<Forecast, { kind: "unknown" }>["why"], string>;

/** The same as an answer, which always says something: what is missing, where nothing can be said. */
export function fillsAnswer(forecast: Forecast, now: number): string {
  if (forecast.kind === "unknown") return missing[forecast.why];
  if (forecast.kind === "steady") return "not at the pace of the last months";
  const longest = Math.max(...forecast.paces.map(({ days }) => days));
  const words = fillsIn(forecast, now) ?? "";
  return `${words.startsWith("not") ? words : `in ${words}`}, at the pace of the last ${plural(longest, "day")}`;
}

const units = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
type Unit = keyof typeof units;

function unitOf(ms: number): Unit {
  return ms < 21 * dayMs ? "day" : ms < 120 * dayMs ? "week" : "month";
}

function many(ms: number, unit: Unit): number {
  return Math.max(1, Math.round(ms / units[unit]));
}

function inUnit(ms: number, unit: Unit): string {
  return plural(many(ms, unit), unit);
}
