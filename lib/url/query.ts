import { z } from "zod";

/** What Next hands a page: a name given once is a text, given several times a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** The first of several values; nothing for an empty one. */
const single = (value: unknown): unknown => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return first === "" ? undefined : first;
};

/** One of a known set, or null. An unknown value is ignored rather than refused: the address may be an old bookmark. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.preprocess(single, z.enum(values).nullable().default(null)).catch(null);
}

/** Free text, trimmed; null when there is none. */
export function text(longest: number) {
  return z.preprocess(single, z.string().trim().max(longest).transform((value) => value || null).nullable().default(null)).catch(null);
}

/** A page number, from 1. */
export const pageNumber = z.preprocess(single, z.coerce.number().int().min(1).max(1_000_000).default(1)).catch(1);

/** Writes an address; what is null or has its `defaults` value stays out, so that the same list has one address. */
export function href(path: string, values: Readonly<Record<string, string | number | null>>, defaults: Readonly<Record<string, string | number | null>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== defaults[name]) query.set(name, String(value));
  }
  const written = query.toString();
  return written ? `${path}?${written}` : path;
}

/** How many pages `total` rows make; there is always a first one. */
export function pagesOf(total: number, perPage: number): number {
  return Math.max(1, Math.ceil(total / perPage));
}
