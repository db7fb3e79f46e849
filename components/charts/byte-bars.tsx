import { rate } from "@/lib/format/bytes";
import { type Instant, timeOfDay, toDate } from "@/lib/format/times";

/** Fewer would make the first seconds of a run look like columns of a bar chart. */
const fewestSlots = 30;
/** The last seconds stand out: this is where it is now. */
const fresh = 6;

/** One bar per second, newest at the right. Gaps stay gaps. */
export function ByteBars({ perSecond, endedAt }: { perSecond: readonly number[]; endedAt: Instant | null }) {
  const slots = Math.max(perSecond.length, fewestSlots);
  const peak = Math.max(1, ...perSecond);
  const width = slots * 6 - 2;
  const offset = slots - perSecond.length;
  const end = toDate(endedAt);
  const start = end ? new Date(end.getTime() - slots * 1000) : null;
  const top = Math.max(0, ...perSecond);
  return (
    <figure>
      <svg width="100%" height="44" viewBox={`0 0 ${width} 44`} preserveAspectRatio="none" role="img" aria-label={`Rate over the last ${perSecond.length} s, peak ${rate(top)}`} className="text-running">
        <path d={`M0 43.5H${width}`} stroke="var(--line-strong)" />
        {perSecond.map((value, index) => {
          const height = value > 0 ? Math.max(1, (value / peak) * 39) : 0;
          return <rect key={index} x={(offset + index) * 6} y={43 - height} width="4" height={height} fill="currentColor" opacity={index >= perSecond.length - fresh ? 1 : 0.5} />;
        })}
      </svg>
      <figcaption className="mt-1 flex justify-between gap-2 text-caption text-ink-3">
        <span>{start ? timeOfDay(start) : ""}</span>
        <span>one bar per second, peak {rate(top)}</span>
        <span>{end ? timeOfDay(end) : ""}</span>
      </figcaption>
    </figure>
  );
}
