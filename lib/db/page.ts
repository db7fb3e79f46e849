export interface PageSlice {
  skip: number;
  /** Below zero: counted from the end. */
  take: number;
}

/**
 * Which rows of a list a page shows that exists, counted from the nearer end, because every row that is skipped is walked over. For orders in
 * which no two rows are equal, or that an index gives: only those are the same from both ends.
 */
export function pageSlice(page: number, perPage: number, total: number): PageSlice {
  const before = (page - 1) * perPage;
  const shown = Math.min(perPage, total - before);
  const after = total - before - shown;
  return after < before ? { skip: after, take: -shown } : { skip: before, take: perPage };
}
