import { nbsp, unknown } from "@/lib/format/symbols";

/** An instant as the record holds it, or as JSON carries it. */
export type Instant = Date | string | number;

// Written out rather than asked of Intl: the same on every machine, and the same on the server and in the browser.
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

const two = (value: number) => String(value).padStart(2, "0");

/** Null for what is no instant, so that callers show an em dash instead of "Invalid Date". */
export function toDate(at: Instant | null | undefined): Date | null {
  if (at === null || at === undefined) return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

function write(at: Instant | null | undefined, text: (date: Date) => string): string {
  const date = toDate(at);
  return date ? text(date) : unknown;
}

const dayOf = (date: Date) => `${date.getUTCDate()}${nbsp}${months[date.getUTCMonth()]}`;
const minuteOf = (date: Date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
const secondOf = (date: Date) => `${minuteOf(date)}:${two(date.getUTCSeconds())}`;

/** `22 Sep`, for places that say which year they mean. */
export function shortDay(at: Instant | null | undefined): string {
  return write(at, dayOf);
}
/** `22 Sep 2026` */
export function day(at: Instant | null | undefined): string {
  return write(at, (date) => `${dayOf(date)}${nbsp}${date.getUTCFullYear()}`);
}
/** `22 Sep 02:00`, where the second does not matter. */
export function minuteTime(at: Instant | null | undefined): string {
  return write(at, (date) => `${dayOf(date)}${nbsp}${minuteOf(date)}`);
}
/** `22 Sep 02:00:04`, with UTC in the column head or beside it. Pass `now` to have other years named. */
export function shortTime(at: Instant | null | undefined, now?: Instant): string {
  const year = toDate(now)?.getUTCFullYear();
  return write(at, (date) => `${year === undefined || date.getUTCFullYear() === year ? dayOf(date) : day(date)}${nbsp}${secondOf(date)}`);
}
/** `22 Sep 2026 02:00:04 UTC` */
export function fullTime(at: Instant | null | undefined): string {
  return write(at, (date) => `${day(date)}${nbsp}${secondOf(date)}${nbsp}UTC`);
}
/** `Tue 22 Sep 2026, 09:14:22 UTC` */
export function clockTime(at: Instant | null | undefined): string {
  return write(at, (date) => `${weekdays[date.getUTCDay()]}${nbsp}${day(date)}, ${secondOf(date)}${nbsp}UTC`);
}
/** `02:00:04` */
export function timeOfDay(at: Instant | null | undefined): string {
  return write(at, secondOf);
}
/** `02:00:04.112`, for log lines. */
export function logTime(at: Instant | null | undefined): string {
  return write(at, (date) => `${secondOf(date)}.${String(date.getUTCMilliseconds()).padStart(3, "0")}`);
}
/** What `<time datetime>` holds. */
export function machineTime(at: Instant): string {
  return toDate(at)?.toISOString() ?? "";
}
