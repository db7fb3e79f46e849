import { median } from "@/lib/retention/suspicious";
import type { SizeRecord } from "@/lib/retention/schemas";

/** So many before it say what is usual; a database that is just being filled has fewer. */
const baseline = 10;
const times = 3;
/** What grows by less is no cause for anybody to look, however many times it is. */
const leastBytes = 2 ** 20;
const leastRows = 1_000;

type Measured = Pick<SizeRecord, "sizeBytes" | "rows">;

/**
 * Whether a backup is over three times as large, or holds over three times the rows, of the ten before it, the newest of those first. Only
 * the first one that is: where it stays that large, that is usual before long, and nobody has to hear of it every night.
 */
export function hasGrown(backup: Measured, before: readonly Measured[]): boolean {
  const ten = before.slice(0, baseline);
  const [last] = ten;
  if (!last || ten.length < baseline) return false;
  const isNewlyOver = (of: (one: Measured) => number | null, least: number) => {
    const known = ten.flatMap((one) => of(one) ?? []);
    const usual = median(known);
    const isOver = (value: number | null) => value !== null && value > usual * times && value - usual >= least;
    return known.length === baseline && isOver(of(backup)) && !isOver(of(last));
  };
  return isNewlyOver(({ sizeBytes }) => sizeBytes, leastBytes) || isNewlyOver(({ rows }) => rows, leastRows);
}
