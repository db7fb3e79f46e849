/** A day of a store, as far as it was seen or can be told from the record. */
export interface StoreDay {
  /** The end of that day, or now. */
  at: number;
  /** What its backups took. */
  heldBytes: number;
}

export interface FreeDay {
  at: number;
  freeBytes: number;
}

export interface StoreHistory {
  /** Null: not known, as while the store cannot be read. */
  freeBytes: number | null;
  /** When the first backup came into the store that anything is known of; null when none ever did. */
  firstAt: number | null;
  /** What is held, oldest first, up to now. */
  held: readonly StoreDay[];
  /** What was seen free, oldest first. */
  free: readonly FreeDay[];
}

/** How fast something grows, over how long it was watched. */
export interface Pace {
  what: "backups" | "everything";
  days: number;
  bytesPerDay: number;
}

export type Forecast =
  | { kind: "fills"; earliest: number; /** Null: at the slowest pace it never does. */ latest: number | null; paces: Pace[] }
  | { kind: "steady"; paces: Pace[] }
  | { kind: "unknown"; why: "no_space" | "no_backup" | "too_young" };

const dayMs = 86_400_000;
/** A pace of fewer days says more of one large backup than of a trend. */
export const fewestDays = 14;
export const windows = [30, 90] as const;
/** What lies further ahead is not told from a quarter of evidence: a backup more or less today would move it by a year. */
export const furthestDays = 2 * 365;

/**
 * When a store fills, if it goes on as it did: a range, because the last month and the last quarter rarely agree, and because
 * other files lie on the same disk. Without two weeks of evidence there is none.
 */
export function forecastStore({ freeBytes, firstAt, held, free }: StoreHistory, now: number): Forecast {
  if (freeBytes === null) return { kind: "unknown", why: "no_space" };
  if (firstAt === null) return { kind: "unknown", why: "no_backup" };
  if ((now - firstAt) / dayMs < fewestDays) return { kind: "unknown", why: "too_young" };
  const paces = [...windows.flatMap((days) => paceOf("backups", held.filter(({ at }) => at >= firstAt - dayMs).map(({ at, heldBytes }) => ({ at, value: heldBytes })), days, now)), ...windows.flatMap((days) => paceOf("everything", free.map(({ at, freeBytes: value }) => ({ at, value: -value })), days, now))];
  const rates = paces.map(({ bytesPerDay }) => bytesPerDay);
  const fastest = Math.max(0, ...rates);
  const slowest = Math.min(...rates);
  if (fastest <= 0 || freeBytes / fastest > furthestDays) return { kind: "steady", paces };
  const latestDays = slowest > 0 ? freeBytes / slowest : Infinity;
  return { kind: "fills", earliest: now + (freeBytes / fastest) * dayMs, latest: latestDays > furthestDays ? null : now + latestDays * dayMs, paces };
}

/**
 * The pace over a window, or over what was watched of it when that is at least two weeks and more than the window before covers.
 * Nothing where the window holds no more than the shorter one.
 */
function paceOf(what: Pace["what"], points: readonly { at: number; value: number }[], window: (typeof windows)[number], now: number): Pace[] {
  const since = now - window * dayMs;
  const inside = points.filter(({ at }) => at >= since - dayMs / 2);
  const [first] = inside;
  const last = inside.at(-1);
  if (!first || !last) return [];
  const days = (last.at - first.at) / dayMs;
  const shorter = windows.filter((one) => one < window).at(-1);
  if (days < fewestDays || (shorter !== undefined && days <= shorter + 1)) return [];
  return [{ what, days: Math.round(days), bytesPerDay: (last.value - first.value) / days }];
}
