import { readCron } from "./cron";

/** How a person says when: what they choose, and the figures that go with it. */
export const everyKinds = ["hour", "twelve_hours", "day", "week", "month", "quarter", "year", "cron"] as const;
export type EveryKind = (typeof everyKinds)[number];

export interface TimeParts {
  every: EveryKind;
  minute: number;
  hour: number;
  /** Sunday is 0. */
  weekday: number;
  /** 1 to 28: every month has these. */
  day: number;
  /** Of a year; 1 is January. Quarters begin with January, April, July and October. */
  month: number;
}

/** The backup procedures' four schedules. */
export const presets = ["0 2 * * *", "0 */12 * * *", "0 3 * * 0", "0 4 1 * *"] as const;
export const usualCron = presets[0];

const quarters = "1,4,7,10";

/** The expression for what was chosen; null for `cron`, which is written by hand. */
export function cronOfParts({ every, minute, hour, weekday, day, month }: TimeParts): string | null {
  switch (every) {
    case "hour":
      return `${minute} * * * *`;
    case "twelve_hours":
      return hour % 12 === 0 ? `${minute} */12 * * *` : `${minute} ${hour % 12}/12 * * *`;
    case "day":
      return `${minute} ${hour} * * *`;
    case "week":
      return `${minute} ${hour} * * ${weekday}`;
    case "month":
      return `${minute} ${hour} ${day} * *`;
    case "quarter":
      return `${minute} ${hour} ${day} ${quarters} *`;
    case "year":
      return `${minute} ${hour} ${day} ${month} *`;
    case "cron":
      return null;
  }
}

/** What was chosen, as far as an expression says it; `cron` for one that no choice makes. */
export function partsOfCron(text: string): TimeParts {
  const reading = readCron(text);
  const usual = { minute: 0, hour: 2, weekday: 0, day: 1, month: 1 };
  if (!reading.ok) return { every: "cron", ...usual };
  const { open, minute, hour, day, month, weekday } = reading.cron;
  const only = (values: readonly number[]) => (values.length === 1 ? values[0] : undefined);
  const found = { minute: only(minute) ?? 0, hour: hour[0] ?? 2, weekday: only(weekday) ?? 0, day: only(day) ?? 1, month: only(month) ?? 1 };
  const isTwelve = hour.length === 2 && (hour[1] ?? 0) - (hour[0] ?? 0) === 12;
  const every: EveryKind =
    only(minute) === undefined ? "cron"
    : !open.has("month") ? (only(hour) === undefined || !open.has("weekday") || only(day) === undefined || found.day > 28 ? "cron" : month.join() === quarters ? "quarter" : month.length === 1 ? "year" : "cron")
    : open.has("hour") ? (open.has("day") && open.has("weekday") ? "hour" : "cron")
    : isTwelve ? (open.has("day") && open.has("weekday") ? "twelve_hours" : "cron")
    : only(hour) === undefined ? "cron"
    : open.has("day") && open.has("weekday") ? "day"
    : open.has("day") && only(weekday) !== undefined ? "week"
    : open.has("weekday") && found.day <= 28 && only(day) !== undefined ? "month"
    : "cron";
  return every === "cron" ? { every, ...usual } : { every, ...found, ...(every === "hour" ? { hour: usual.hour } : {}) };
}
