export const sizeUnits = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
export type SizeUnit = keyof typeof sizeUnits;

/** Fewer decimals than this are still read as what they are. */
const thousandths = 1_000;

/** A limit as a person writes it, and exactly: the largest unit in which it is at least 1 and has at most three decimals. */
export function splitSize(totalBytes: number): { value: number; unit: SizeUnit } {
  const unit = (["TiB", "GiB", "MiB", "KiB"] as const).find((one) => totalBytes >= sizeUnits[one] && Number.isInteger((totalBytes / sizeUnits[one]) * thousandths)) ?? "B";
  return { value: totalBytes / sizeUnits[unit], unit };
}

/** The bytes that a written limit stands for; null, no limit, for nothing and for 0. */
export function joinSize(value: string, unit: SizeUnit): number | null {
  const figure = Number(value.replace(",", "."));
  const totalBytes = Math.min(Number.MAX_SAFE_INTEGER, Math.round(figure * sizeUnits[unit]));
  return totalBytes > 0 ? totalBytes : null;
}
