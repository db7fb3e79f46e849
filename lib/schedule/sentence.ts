import { readCron, type Cron } from "./cron";
import type { Times } from "./occurrences";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;

/** "Every day at 02:00 Europe/Dublin": an expression in words, with its zone. */
export function scheduleSentence({ cron, timeZone }: Times): string {
  return `${cronSentence(cron)} ${timeZone}`;
}

/** "Every Sunday at 03:00"; what cannot be read stands as it is. */
export function cronSentence(text: string): string {
  const reading = readCron(text);
  if (!reading.ok) return text;
  const { cron } = reading;
  const days = daysOf(cron);
  const often = oftenOf(cron);
  if (often) return capital(days === "every day" ? often : `${often}, ${days}`);
  return capital(`${days} at ${and(clockTimes(cron))}`);
}

/** For expressions that go by hours or minutes rather than by times of the day. */
function oftenOf({ open, minute, hour }: Cron): string | null {
  const step = evenStep(minute, 60);
  const minutes = open.has("minute") ? "every minute" : minute.length === 1 ? null : step ? `every ${step} minutes` : `at minutes ${and(minute.map(String))}`;
  if (open.has("hour")) {
    if (minutes) return minute.length > 1 && !open.has("minute") && !step ? `${minutes} of every hour` : minutes;
    return minute[0] === 0 ? "every hour, on the hour" : `every hour, at ${minute[0]} ${minute[0] === 1 ? "minute" : "minutes"} past`;
  }
  if (minute.length * hour.length > 6 || open.has("minute")) return `${minutes ?? `at ${minute[0]} minutes past`}, in the hours ${and(hour.map(two))}`;
  const hours = evenStep(hour, 24);
  return hours && minute.length === 1 ? `every ${hours} hours, at ${and(clockTimes({ minute, hour }))}` : null;
}

/** The step of values that start at the lowest and fill a whole turn evenly: 0, 15, 30, 45 of 60. */
function evenStep(values: readonly number[], turn: number): number | null {
  const step = turn / values.length;
  const [first = 0] = values;
  if (values.length < 2 || !Number.isInteger(step) || first >= step || (turn === 60 && first !== 0)) return null;
  return values.every((value, index) => value === first + index * step) ? step : null;
}

function clockTimes({ minute, hour }: Pick<Cron, "minute" | "hour">): string[] {
  return hour.flatMap((h) => minute.map((m) => `${two(h)}:${two(m)}`));
}

function daysOf({ open, day, month, weekday }: Cron): string {
  const inMonths = open.has("month") ? "every month" : and(month.map((one) => months[one - 1] ?? ""));
  const onDays = `on the ${and(day.map(ordinal))} of ${inMonths}`;
  const onWeekdays = weekday.length === 7 ? "every day" : weekday.join() === "1,2,3,4,5" ? "every day from Monday to Friday" : `every ${and(weekday.map((one) => weekdays[one] ?? ""))}`;
  if (open.has("day")) return open.has("month") ? onWeekdays : `${onWeekdays} in ${inMonths}`;
  if (open.has("weekday")) return onDays;
  return `${onDays}, and ${onWeekdays}${open.has("month") ? "" : ` in ${inMonths}`},`;
}

function ordinal(value: number): string {
  const ending = value >= 11 && value <= 13 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${ending}`;
}

/** "a", "a and b", "a, b and c". */
function and(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
