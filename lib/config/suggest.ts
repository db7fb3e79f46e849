/** The known word that an unknown one is most likely meant to be; null when none is near. */
export function suggest(unknown: string, known: readonly string[]): string | null {
  const wanted = unknown.toLowerCase();
  const [best] = known
    .map((word) => ({ word, distance: distance(wanted, word.toLowerCase()) }))
    .filter((one) => one.distance <= Math.max(1, Math.floor(one.word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return best?.word ?? null;
}

/** How many letters have to be added, taken away, changed, or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
