import type { StoreDay } from "./forecast";

const dayMs = 86_400_000;

/** Bytes that came or went: `from` the day they came, and for those that are gone `until` the day they went. Days as 2026-09-22. */
export interface Moved {
  from: string;
  until: string | null;
  bytes: number;
}

/**
 * What was held at the end of each of the last days, oldest first, and now. Told backwards from what is held now: what came since
 * was not there yet, what went since still was.
 */
export function heldByDay(heldNow: number, moved: readonly Moved[], days: number, now: number): StoreDay[] {
  const today = Math.floor(now / dayMs) * dayMs;
  const past = Array.from({ length: days }, (_, index) => today - (days - index) * dayMs).map((start) => {
    const day = new Date(start).toISOString().slice(0, 10);
    const heldBytes = moved.reduce((sum, { from, until, bytes }) => {
      if (until === null) return from > day ? sum - bytes : sum;
      return from <= day && until > day ? sum + bytes : sum;
    }, heldNow);
    return { at: start + dayMs, heldBytes };
  });
  return [...past, { at: now, heldBytes: heldNow }];
}
