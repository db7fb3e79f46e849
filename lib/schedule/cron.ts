/** The five fields of a cron expression, in their order. */
export const cronFields = ["minute", "hour", "day", "month", "weekday"] as const;
export type CronField = (typeof cronFields)[number];

/** What each field means, as numbers in ascending order. Sunday is 0. */
export interface Cron extends Record<CronField, readonly number[]> {
  /** Fields that leave every value open. Of the two fields for days either decides when both are restricted. */
  open: ReadonlySet<CronField>;
}

export type CronReading = { ok: true; cron: Cron } | { ok: false; field: CronField | null; message: string };

const limits = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [0, 7] } as const satisfies Record<CronField, readonly [number, number]>;
const called = { minute: "Minute", hour: "Hour", day: "Day of the month", month: "Month", weekday: "Day of the week" } as const satisfies Record<CronField, string>;
const names: Partial<Record<CronField, readonly string[]>> = {
  month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/** Reads five fields: stars, numbers, names of months and days, ranges, steps and lists of these. Says which field is wrong, and why. */
export function readCron(text: string): CronReading {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5 || parts[0] === "") {
    const many = parts[0] === "" ? 0 : parts.length;
    return { ok: false, field: null, message: `Write five fields: minute, hour, day of the month, month, day of the week. This has ${many}.` };
  }
  const cron = { open: new Set<CronField>() } as Partial<Record<CronField, readonly number[]>> & { open: Set<CronField> };
  for (const [index, field] of cronFields.entries()) {
    const part = parts[index] ?? "";
    const values = readField(field, part.toLowerCase());
    if (typeof values === "string") return { ok: false, field, message: `${called[field]}: ${values}` };
    cron[field] = values;
    if (part === "*") cron.open.add(field);
  }
  return { ok: true, cron: cron as Cron };
}

/** The values of a field, or what is wrong with it. */
function readField(field: CronField, text: string): readonly number[] | string {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const found = readItem(field, item);
    if (typeof found === "string") return found;
    // Sunday has two numbers.
    for (const value of found) values.add(field === "weekday" ? value % 7 : value);
  }
  return [...values].sort((a, b) => a - b);
}

function readItem(field: CronField, item: string): number[] | string {
  const [lowest, highest] = limits[field];
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0) return `“${item}” has more than one step.`;
  const by = step === undefined ? 1 : Number(step);
  if (step !== undefined && (!/^\d+$/.test(step) || by < 1)) return `the step “${step}” is not a number from 1 on.`;
  if (by > highest) return `a step of ${by} is longer than the field, which ends at ${highest}.`;
  const [from, to] = range === "*" ? [lowest, field === "weekday" ? 6 : highest] : readRange(field, range, step !== undefined);
  if (typeof from === "string") return from;
  if (from > to) return `${from} to ${to} runs backwards.`;
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function readRange(field: CronField, range: string, hasStep: boolean): readonly [number, number] | readonly [string, number] {
  const [, highest] = limits[field];
  const ends = range.split("-");
  if (ends.length > 2) return [`“${range}” is no range.`, 0];
  const [first, last] = ends.map((end) => readValue(field, end));
  if (typeof first === "string") return [first, 0];
  if (typeof last === "string") return [last, 0];
  if (first === undefined) return ["there is nothing between two commas.", 0];
  // "5/15" counts from 5 to the end of the field.
  return [first, last ?? (hasStep ? highest : first)];
}

function readValue(field: CronField, text: string): number | string {
  const [lowest, highest] = limits[field];
  if (text === "") return "there is nothing where a value should be.";
  const named = names[field]?.indexOf(text) ?? -1;
  if (named >= 0) return named + lowest;
  if (!/^\d+$/.test(text)) return `“${text}” is not a number from ${lowest} to ${highest}${names[field] ? ` or a name such as ${names[field][1]}` : ""}.`;
  const value = Number(text);
  return value < lowest ? `${value} is less than ${lowest}.` : value > highest ? `${value} is more than ${highest}.` : value;
}
