/** A stretch in which an age grew from `from - takenAt` to `to - takenAt`. */
export interface AgeSegment {
  from: number;
  to: number;
  takenAt: number;
}

/** The drawing is a thousand units wide and high; CSS stretches it. */
export const side = 1_000;
/** More teeth than this would be drawn over each other: then each column shows where the age was between. */
const mostTeeth = 400;

export interface Frame {
  from: number;
  to: number;
  max: number;
}

/** The line of an age over time. It falls where a younger backup took over, and breaks where nothing is known. */
export function agePath(segments: readonly AgeSegment[], frame: Frame): string {
  return segments.length > mostTeeth ? columns(segments, frame) : teeth(segments, frame);
}

function teeth(segments: readonly AgeSegment[], frame: Frame): string {
  let before = Number.NaN;
  return segments
    .map(({ from, to, takenAt }) => {
      const start = `${x(from, frame)} ${y(from - takenAt, frame)}`;
      const command = from === before ? "L" : "M";
      before = to;
      return `${command}${start}L${x(to, frame)} ${y(to - takenAt, frame)}`;
    })
    .join("");
}

function columns(segments: readonly AgeSegment[], frame: Frame): string {
  const reach = new Map<number, { least: number; most: number }>();
  const width = (frame.to - frame.from) / side;
  for (const { from, to, takenAt } of segments) {
    const first = Math.floor((from - frame.from) / width);
    const last = Math.min(side - 1, Math.floor((to - frame.from) / width));
    for (let column = first; column <= last; column += 1) {
      const start = Math.max(from, frame.from + column * width) - takenAt;
      const end = Math.min(to, frame.from + (column + 1) * width) - takenAt;
      const found = reach.get(column);
      reach.set(column, { least: Math.min(found?.least ?? Infinity, start), most: Math.max(found?.most ?? 0, end) });
    }
  }
  return [...reach].map(([column, { least, most }]) => `M${column + 0.5} ${y(least, frame)}V${y(most, frame)}`).join("");
}

/** What of the line is past a target, as areas between both. */
export function overPath(segments: readonly AgeSegment[], targets: readonly { from: number; to: number; seconds: number }[], frame: Frame): string {
  if (segments.length > mostTeeth) return "";
  return segments
    .flatMap((segment) =>
      targets.flatMap((target) => {
        const limit = target.seconds * 1_000;
        const from = Math.max(segment.from, target.from, segment.takenAt + limit);
        const to = Math.min(segment.to, target.to);
        if (from >= to) return [];
        return [`M${x(from, frame)} ${y(limit, frame)}L${x(from, frame)} ${y(from - segment.takenAt, frame)}L${x(to, frame)} ${y(to - segment.takenAt, frame)}V${y(limit, frame)}Z`];
      }),
    )
    .join("");
}

const x = (at: number, { from, to }: Frame) => tenths(((at - from) / (to - from)) * side);
const y = (age: number, { max }: Frame) => tenths(side - (Math.min(age, max) / max) * side);
const tenths = (value: number) => Math.round(value * 10) / 10;
