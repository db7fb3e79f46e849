/** How many of `sorted` come before the first for which `isPast` holds; everything after that one is past as well. */
export function countBefore<T>(sorted: readonly T[], isPast: (one: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = sorted[middle];
    if (one !== undefined && isPast(one)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Of intervals in order, the one that begins exactly then. */
export function beginningAt<T extends { from: number }>(sorted: readonly T[], at: number): T | undefined {
  const found = sorted[countBefore(sorted, ({ from }) => from >= at)];
  return found?.from === at ? found : undefined;
}
