const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this machine knows the zone. Offsets such as +01:00 are no zones: their clocks never change. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** What the wall clock of a zone shows at an instant, as the milliseconds at which a clock in UTC shows the same. */
export function wallOf(at: number, timeZone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at % 1_000);
}

/** How far ahead of UTC the wall clock is at an instant, in milliseconds. */
export function offsetAt(at: number, timeZone: string): number {
  return wallOf(at, timeZone) - at;
}

/** The instants at which the wall clock shows this: two where it was put back, none where it was put forward, else one. */
export function instantsOf(wall: number, timeZone: string): number[] {
  const offsets = new Set([offsetAt(wall - dayMs, timeZone), offsetAt(wall + dayMs, timeZone)]);
  return [...offsets].map((offset) => wall - offset).filter((at) => wallOf(at, timeZone) === wall).sort((a, b) => a - b);
}

/** The first instant after a gap in which the wall clock never shows `wall`. */
export function afterGap(wall: number, timeZone: string): number {
  let [before, after] = [wall - dayMs - offsetAt(wall - dayMs, timeZone), wall + dayMs - offsetAt(wall + dayMs, timeZone)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallOf(middle, timeZone) < wall) before = middle;
    else after = middle;
  }
  return after;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  formats.set(timeZone, made);
  return made;
}
