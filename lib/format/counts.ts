import { minus, nbsp, unknown } from "@/lib/format/symbols";

/** An exact count with separators, `13,152,944`; an em dash where nothing was counted. */
export function count(value: number | bigint | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  const digits = (value < 0 ? -value : value).toString();
  return `${value < 0 ? minus : ""}${digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;
}

/** A difference with its sign, `+12,084`. Zero has none. */
export function signed(value: number | bigint | null | undefined): string {
  const text = count(value);
  return value !== null && value !== undefined && value > 0 ? `+${text}` : text;
}

/** A count with its noun: `1 backup`, `12 backups`, `2 copies` with the plural given. */
export function plural(value: number | bigint, one: string, many = `${one}s`): string {
  return `${count(value)}${nbsp}${value === 1 || value === 1n ? one : many}`;
}
