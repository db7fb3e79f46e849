import { z } from "zod";

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const sizes = { B: 1, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** A time as a file writes it, `90s`, `5m`, `24h`, `7d`, in whole seconds. */
export const Duration = z
  .string("Write a time such as 30s, 5m, 24h or 7d.")
  .regex(/^\d{1,9}(?:\.\d{1,3})?\s?[smhd]$/, "Write a time such as 30s, 5m, 24h or 7d.")
  .meta({ description: "A time: a figure and s, m, h or d.", examples: ["30s", "5m", "24h", "7d"] })
  .transform((text) => Math.round(Number.parseFloat(text) * seconds[text.at(-1) as keyof typeof seconds]));

/** The same time in the largest unit that leaves a whole number; days from two on, because a promise of `24h` is read as such. */
export function writeDuration(value: number): string {
  if (value >= 2 * seconds.d && value % seconds.d === 0) return `${value / seconds.d}d`;
  const unit = value > 0 ? (["h", "m"] as const).find((one) => value % seconds[one] === 0) : undefined;
  return unit ? `${value / seconds[unit]}${unit}` : `${value}s`;
}

/** A size as a file writes it, `500 GiB`, in bytes. */
export const Size = z
  .string("Write a size such as 500 GiB.")
  .regex(/^\d{1,16}(?:\.\d{1,3})?\s?(?:B|MiB|GiB|TiB)$/, "Write a size such as 500 GiB.")
  .meta({ description: "A size: a figure and B, MiB, GiB or TiB.", examples: ["500 GiB"] })
  .transform((text) => Math.round(Number.parseFloat(text) * sizes[/[A-Za-z]+$/.exec(text)?.[0] as keyof typeof sizes]))
  .pipe(z.number().int().positive("More than nothing."));

/** The same size in the largest unit that says it exactly. */
export function writeSize(value: number): string {
  for (const unit of ["TiB", "GiB", "MiB"] as const) {
    const figure = Number((value / sizes[unit]).toFixed(3));
    if (figure > 0 && Math.round(figure * sizes[unit]) === value) return `${figure} ${unit}`;
  }
  return `${value} B`;
}
