export const sizeUnits = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
export type SizeUnit = keyof typeof sizeUnits;

/** Fewer decimals than this are still read as what they are. */
const thousandths = 1_000;

/** A limit as a person writes it, and exactly: the largest unit in which it is at least 1 and has at most three decimals. */
export function splitSize(totalBytes: number): { value: number; unit: SizeUnit } {
  const unit = (["TiB", "GiB", "MiB", "KiB"] as const).find((one) => totalBytes >= sizeUnits[one] && Number.isInteger((totalBytes / sizeUnits[one]) * thousandths)) ?? "B";
  return { value: totalBytes / sizeUnits[unit], unit };
}

/** Stands for what is no figure: no policy accepts it, so it is not taken for "no limit". */
export const noFigure = -1;

/** The bytes that a written limit stands for; null, no limit, for nothing and for 0. Commas may stand between thousands, as everywhere here. */
export function joinSize(value: string, unit: SizeUnit): number | null {
  const text = value.trim();
  const isGrouped = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text);
  const figure = Number(isGrouped ? text.replaceAll(",", "") : text.replace(",", "."));
  if (Number.isNaN(figure) || figure < 0) return noFigure;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(figure * sizeUnits[unit])) || null;
}
