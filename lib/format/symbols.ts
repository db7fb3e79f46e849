/** Keeps a figure and its unit on one line. */
export const nbsp = "\u00a0";
/** What stands where nothing was measured. Never a zero. */
export const unknown = "\u2014";
/** A true minus sign: as wide as the plus, so signed columns line up. */
export const minus = "\u2212";
