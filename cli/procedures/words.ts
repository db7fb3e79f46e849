import { count } from "@/lib/format/counts";
import { plain } from "../text";

export const rule = "=".repeat(41);

/** As the procedures head their output. */
export function header(title: string): string[] {
  return [rule, plain(title), rule, ""];
}

/** A size as `ls -h` and `du -h` write it: 16K, 9.1M. */
export function shortSize(bytes: number): string {
  const units = ["", "K", "M", "G", "T", "P"];
  let unit = 0;
  let scaled = bytes;
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  if (unit === 0) return `${bytes}`;
  const tenths = Math.ceil(scaled * 10) / 10;
  return `${tenths < 10 && !Number.isInteger(scaled) ? tenths.toFixed(1) : Math.ceil(scaled)}${units[unit]}`;
}

/** A size as PostgreSQL's own pg_size_pretty writes it: 8676 kB (src/backend/utils/adt/dbsize.c). */
export function prettySize(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB", "PB"];
  if (bytes < 10 * 1024) return `${bytes} bytes`;
  let size = Math.floor(bytes / 512);
  for (const [index, unit] of units.entries()) {
    if (size < 20 * 1024 - 1 || index === units.length - 1) return `${Math.floor((size + 1) / 2)} ${unit}`;
    size = Math.floor(size / 1024);
  }
  return "";
}

/** "price_items" as a person reads it: "Price items". */
export function humanised(name: string): string {
  const words = name.replaceAll("_", " ").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().trim();
  return plain(words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1));
}

/** What the procedures' script counted, in its order; these come first wherever they exist. */
const ofTheProcedures = ["price_items", "pipeline_runs"];
const most = 6;

/** "   Price items: 32": the largest tables, under names that a person reads. Tables of the same name in other schemas say which. */
export function countLines(tables: readonly { schema: string; name: string; rows: number | null }[]): string[] {
  const place = ({ schema, name }: { schema: string; name: string }) => (schema === "public" ? ofTheProcedures.indexOf(name) : -1);
  const named = tables.filter((one) => place(one) >= 0).sort((a, b) => place(a) - place(b));
  const others = tables.filter((one) => place(one) < 0).sort((a, b) => (b.rows ?? -1) - (a.rows ?? -1) || a.name.localeCompare(b.name, "en"));
  const shown = [...named, ...others].slice(0, most);
  const isTwice = (name: string) => tables.filter((one) => humanised(one.name) === humanised(name)).length > 1;
  const lines = shown.map(({ schema, name, rows }) => `   ${humanised(name)}${isTwice(name) ? ` (${plain(schema)})` : ""}: ${rows === null ? "not counted" : count(rows).replaceAll(",", "")}`);
  return tables.length > shown.length ? [...lines, `   and ${tables.length - shown.length} more tables`] : lines;
}
