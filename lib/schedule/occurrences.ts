import { readCron, type Cron } from "./cron";
import { afterGap, instantsOf, isTimeZone, offsetAt, wallOf } from "./zone";

/** A cron expression and the IANA zone whose wall clock it goes by. */
export interface Times {
  cron: string;
  timeZone: string;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** 29 February can be eight years away; more than that is never. */
const longestWaitDays = 9 * 366;

/**
 * The first time after `after`. A time that a clock put forward leaves out happens at the moment after the gap, and one that a clock
 * put back repeats happens the first time; those that want every hour follow real time, and happen in both hours.
 * Null when there never is one, such as on 30 February.
 */
export function nextOccurrence(times: Times, after: Date): Date | null {
  return nextOccurrences(times, after, 1)[0] ?? null;
}

/** The first `many` times after `after`. */
export function nextOccurrences(times: Times, after: Date, many: number): Date[] {
  return take(times, after, many, () => true);
}

/** The times after `after` up to and with `until`, oldest first, at most `many`. */
export function occurrencesBetween(times: Times, after: Date, until: Date, many: number): Date[] {
  return take(times, after, many, (at) => at <= until.getTime());
}

function take({ cron: text, timeZone }: Times, after: Date, many: number, isWanted: (at: number) => boolean): Date[] {
  const reading = readCron(text);
  if (!reading.ok || !isTimeZone(timeZone)) return [];
  const found: Date[] = [];
  let last = after.getTime();
  // From the day before: what a gap pushes on can fall on the next day.
  const first = startOfDay(wallOf(last, timeZone)) - dayMs;
  for (let day = first; day <= (found.at(-1)?.getTime() ?? last) + longestWaitDays * dayMs; day += dayMs) {
    if (!isDay(reading.cron, new Date(day))) continue;
    for (const at of instantsOn(reading.cron, day, timeZone)) {
      if (at <= last) continue;
      if (found.length === many || !isWanted(at)) return found;
      found.push(new Date(at));
      last = at;
    }
    if (found.length === many) return found;
  }
  return found;
}

/** Either of two restricted fields for days decides, as in every cron. */
function isDay({ open, day, month, weekday }: Cron, date: Date): boolean {
  if (!month.includes(date.getUTCMonth() + 1)) return false;
  const [byDay, byWeekday] = [day.includes(date.getUTCDate()), weekday.includes(date.getUTCDay())];
  return open.has("day") || open.has("weekday") ? byDay && byWeekday : byDay || byWeekday;
}

/** Every instant of a day of the wall clock, in order; `day` is its midnight as a clock in UTC shows it. */
function instantsOn({ open, hour, minute }: Cron, day: number, timeZone: string): number[] {
  const walls = hour.flatMap((h) => minute.map((m) => day + (h * 60 + m) * minuteMs));
  const [before, after] = [offsetAt(day - dayMs, timeZone), offsetAt(day + 2 * dayMs, timeZone)];
  // No change of clocks anywhere near: nearly every day.
  if (before === after && offsetAt(day, timeZone) === before) return walls.map((wall) => wall - before);
  const instants = walls.flatMap((wall) => {
    const found = instantsOf(wall, timeZone);
    if (found.length === 0) return [afterGap(wall, timeZone)];
    return open.has("hour") ? found : found.slice(0, 1);
  });
  return [...new Set(instants)].sort((a, b) => a - b);
}

function startOfDay(wall: number): number {
  return Math.floor(wall / dayMs) * dayMs;
}
