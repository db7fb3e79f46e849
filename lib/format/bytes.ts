import { nbsp, unknown } from "@/lib/format/symbols";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Decimals that still tell something at this size: 481 KiB, 9.1 MiB, 742 MiB, 113.4 GiB. */
function decimals(value: number, unit: number): number {
  if (unit === 0) return 0;
  if (unit <= 2) return value < (unit === 1 ? 10 : 100) ? 1 : 0;
  return 1;
}

/** An IEC size, `4.7 GiB`; `0 B` for zero and an em dash where it is not known. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  let unit = 0;
  let scaled = Math.abs(value);
  // The second test stops 1023.97 MiB from being written as 1024 MiB.
  while (unit < units.length - 1 && (scaled >= 1024 || Number(scaled.toFixed(decimals(scaled, unit))) >= 1024)) {
    scaled /= 1024;
    unit += 1;
  }
  const figure = scaled.toFixed(decimals(scaled, unit)).replace(/\.0$/, "");
  return `${value < 0 ? "\u2212" : ""}${figure}${nbsp}${units[unit]}`;
}

/** Bytes in a second: `10.6 MiB/s`. */
export function rate(bytesPerSecond: number | null | undefined): string {
  const size = bytes(bytesPerSecond);
  return size === unknown ? unknown : `${size}/s`;
}

/** A share in whole per cent, `15 %`. Never rounds something to nothing, nor nearly all to all. */
export function percent(part: number | null | undefined, whole: number | null | undefined): string {
  if (part === null || part === undefined || !whole) return unknown;
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return `under 1${nbsp}%`;
  if (share > 99 && share < 100) return `99${nbsp}%`;
  return `${Math.round(share)}${nbsp}%`;
}

/** `15 % of 4.7 GiB`, or an em dash while either side is not known. */
export function ratio(part: number | null | undefined, whole: number | null | undefined): string {
  const share = percent(part, whole);
  return share === unknown ? unknown : `${share} of ${bytes(whole)}`;
}
