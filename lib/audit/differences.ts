import { unknown } from "@/lib/format/symbols";

export interface Difference {
  /** `options.jobs` */
  name: string;
  /** Null where that side did not have it. */
  before: string | null;
  after: string | null;
}

type Facts = Readonly<Record<string, unknown>>;

/** What differs between two sides of an entry, by dotted name; with one side only, all of it. */
export function listDifferences(before: Facts | null, after: Facts | null): Difference[] {
  const from = flatten(before);
  const to = flatten(after);
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return names.map((name) => ({ name, before: from.get(name) ?? null, after: to.get(name) ?? null })).filter((one) => one.before !== one.after);
}

function flatten(facts: Facts | null, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(facts ?? {})) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      for (const [inner, text] of flatten(value as Facts, `${prefix}${name}.`)) flat.set(inner, text);
    } else flat.set(`${prefix}${name}`, write(value));
  }
  return flat;
}

function write(value: unknown): string {
  if (value === null || value === undefined) return unknown;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(write).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
