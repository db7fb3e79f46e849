const s = 1_000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

const timeSteps = [100, 200, 500, s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s, m, 2 * m, 5 * m, 10 * m, 15 * m, 30 * m, h, 2 * h, 4 * h, 8 * h, 12 * h, d, 2 * d, 5 * d, 10 * d, 20 * d, 50 * d, 100 * d];
const byteSteps = Array.from({ length: 50 }, (_, power) => 2 ** power);
const mostSteps = 5;

/** An axis from zero: its end and its lines. */
export interface Scale {
  max: number;
  ticks: readonly number[];
}

/** An axis of durations that holds `most`, in steps people count in: 15 m, 2 h, 8 h. */
export function timeScale(most: number): Scale {
  return scaleOf(most, timeSteps);
}

/** An axis of sizes that holds `most`, in powers of two. */
export function byteScale(most: number): Scale {
  return scaleOf(most, byteSteps);
}

function scaleOf(most: number, steps: readonly number[]): Scale {
  const last = steps.at(-1) ?? 1;
  const step = steps.find((one) => one * mostSteps >= most) ?? last * Math.ceil(most / last / mostSteps);
  const many = Math.max(1, Math.ceil(most / step));
  return { max: step * many, ticks: Array.from({ length: many + 1 }, (_, index) => index * step) };
}

const dayStepChoices = [1, 2, 4, 7, 14, 28, 56];
const mostDays = 9;

/** The days that are written under the axis: at most nine, evenly apart, the first one among them. */
export function dayTicks(from: number, to: number): number[] {
  const days = Math.ceil((to - from) / d);
  const step = dayStepChoices.find((one) => days / one <= mostDays) ?? Math.ceil(days / mostDays);
  return Array.from({ length: Math.ceil(days / step) }, (_, index) => from + index * step * d);
}

/** How long one bar stands for, so that about a hundred fit. */
export function slotLength(from: number, to: number): number {
  const days = (to - from) / d;
  return days <= 8 ? 2 * h : days <= 31 ? 6 * h : days <= 100 ? d : Math.ceil(days / 92) * d;
}

/** Puts what belongs together into slots of the axis; only slots with something in them. */
export function intoSlots<P>(points: readonly P[], at: (point: P) => number, from: number, slot: number): { index: number; points: P[] }[] {
  const slots = new Map<number, P[]>();
  for (const point of points) {
    const index = Math.floor((at(point) - from) / slot);
    const found = slots.get(index);
    if (found) found.push(point);
    else slots.set(index, [point]);
  }
  return [...slots].map(([index, inside]) => ({ index, points: inside })).sort((a, b) => a.index - b.index);
}

/** A share of the axis as CSS and paths want it: 0 to 100. */
export function share(value: number, from: number, to: number): number {
  return Math.round((Math.min(1, Math.max(0, (value - from) / (to - from))) * 100) * 1_000) / 1_000;
}

/** Which of several marks get their label: the most important one, and those that have no other mark within `apart` per cent of them. */
export function labelled<L extends { x: number; weight: number }>(marks: readonly L[], apart: number): Set<L> {
  const most = marks.reduce<L | null>((heaviest, mark) => (heaviest && heaviest.weight >= mark.weight ? heaviest : mark), null);
  const isNear = (one: L, other: L) => one !== other && Math.abs(one.x - other.x) < apart;
  const alone = marks.filter((mark) => !marks.some((other) => isNear(mark, other)));
  return new Set(most ? [most, ...alone] : alone);
}
