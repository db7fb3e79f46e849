import { readCron } from "./cron";

/** How a person says when: what they choose, and the figures that go with it. */
export const everyKinds = ["hour", "twelve_hours", "day", "week", "month", "cron"] as const;
export type EveryKind = (typeof everyKinds)[number];

export interface TimeParts {
  every: EveryKind;
  minute: number;
  hour: number;
  /** Sunday is 0. */
  weekday: number;
  /** 1 to 28: every month has these. */
  day: number;
}

/** The backup procedures' four schedules. */
export const presets = ["0 2 * * *", "0 */12 * * *", "0 3 * * 0", "0 4 1 * *"] as const;
export const usualCron = presets[0];

/** The expression for what was chosen; null for `cron`, which is written by hand. */
export function cronOfParts({ every, minute, hour, weekday, day }: TimeParts): string | null {
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
    case "cron":
      return null;
  }
}

/** What was chosen, as far as an expression says it; `cron` for one that no choice makes. */
export function partsOfCron(text: string): TimeParts {
  const reading = readCron(text);
  const usual = { minute: 0, hour: 2, weekday: 0, day: 1 };
  if (!reading.ok) return { every: "cron", ...usual };
  const { open, minute, hour, day, weekday } = reading.cron;
  const only = (values: readonly number[]) => (values.length === 1 ? values[0] : undefined);
  const found = { minute: only(minute) ?? 0, hour: hour[0] ?? 2, weekday: only(weekday) ?? 0, day: only(day) ?? 1 };
  const isTwelve = hour.length === 2 && (hour[1] ?? 0) - (hour[0] ?? 0) === 12;
  const every: EveryKind =
    only(minute) === undefined || !open.has("month") ? "cron"
    : open.has("hour") ? (open.has("day") && open.has("weekday") ? "hour" : "cron")
    : isTwelve ? (open.has("day") && open.has("weekday") ? "twelve_hours" : "cron")
    : only(hour) === undefined ? "cron"
    : open.has("day") && open.has("weekday") ? "day"
    : open.has("day") && only(weekday) !== undefined ? "week"
    : open.has("weekday") && found.day <= 28 && only(day) !== undefined ? "month"
    : "cron";
  return every === "cron" ? { every, ...usual } : { every, ...found, ...(every === "hour" ? { hour: usual.hour } : {}) };
}
