import { agePath, type AgeSegment, overPath, side } from "@/components/charts/age-path";
import { axisTime, ChartKey, KeyItem, Plot } from "@/components/charts/chart-frame";
import { BreachMark, Column, TargetLines, type TargetLine } from "@/components/charts/marks";
import { labelled, share, timeScale } from "@/components/charts/scale";
import { duration } from "@/lib/format/durations";
import { mergeIntervals } from "@/lib/history/intervals";

export interface RecoveryPointChartProps {
  /** What a screen reader hears. */
  label: string;
  /** The whole axis. */
  from: number;
  to: number;
  segments: readonly AgeSegment[];
  targets: readonly TargetLine[];
  /** `words` stands in the hatching where there is room. */
  gaps: readonly { from: number; to: number; words: string }[];
  breaches: readonly { from: number; to: number; worstMs: number | null; worstAt: number }[];
}

const mostMarks = 40;
/** A gap between two breaches is drawn when it takes at least this share of the axis: a year may have thousands of them. */
const narrowest = 1 / 1_000;
/** Per cent of the axis that a label in the hatching needs. */
const roomForWords = 17;

/** The age of the newest recoverable data: it grows with time and falls when a backup is stored and readable. */
export function RecoveryPointChart({ label, from, to, segments, targets, gaps, breaches }: RecoveryPointChartProps) {
  const most = Math.max(0, ...targets.map(({ seconds }) => seconds * 1_000), ...breaches.map(({ worstMs }) => worstMs ?? 0), ...segments.map((segment) => segment.to - segment.takenAt));
  const scale = timeScale(most * 1.05);
  const frame = { from, to, max: scale.max };
  const marks = breaches.map((breach) => ({ x: share(breach.worstAt, from, to), y: breach.worstMs === null ? 100 : share(breach.worstMs, 0, scale.max), weight: breach.worstMs ?? Infinity, breach }));
  const written = labelled(marks, 10);
  const isFew = marks.length <= mostMarks;
  return (
    <>
      <Plot label={label} from={from} to={to} scale={scale} unit={axisTime}>
        {gaps.map((gap) => (
          <Column key={gap.from} from={gap.from} to={gap.to} frame={frame} className="hatched" />
        ))}
        {mergeIntervals(breaches, (to - from) * narrowest).map((breach) => (
          <Column key={breach.from} from={breach.from} to={breach.to} frame={frame} className="bg-exposed/14" />
        ))}
        <svg width="100%" height="100%" viewBox={`0 0 ${side} ${side}`} preserveAspectRatio="none" aria-hidden="true" className="absolute inset-0 overflow-visible">
          <path d={overPath(segments, targets, frame)} fill="var(--exposed)" fillOpacity=".18" />
          <path d={agePath(segments, frame)} fill="none" stroke="var(--ink-2)" strokeWidth="1.5" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
        </svg>
        <TargetLines lines={targets} from={from} to={to} max={scale.max} />
        {gaps.map((gap) => {
          const left = share(gap.from, from, to);
          const right = share(gap.to, from, to);
          if (right - left < roomForWords && left < roomForWords) return null;
          const inside = right - left >= roomForWords;
          return (
            <span key={gap.from} className="absolute top-1 z-2 rounded-[2px] bg-surface/80 px-1 whitespace-nowrap max-sm:hidden" style={inside ? { left: `${(left + right) / 2}%`, transform: "translateX(-50%)" } : { right: `${100 - left}%` }}>
              {gap.words}
            </span>
          );
        })}
        {marks.filter((mark) => isFew || written.has(mark)).map((mark) => (
          <BreachMark key={mark.breach.from} place={mark} label={written.has(mark) ? (mark.breach.worstMs === null ? "all of it" : duration(mark.breach.worstMs)) : null} />
        ))}
      </Plot>
      <ChartKey>
        <KeyItem mark={<svg width="18" height="10" viewBox="0 0 18 10" aria-hidden="true"><path d="M1 9 8 2V9L16 2" fill="none" stroke="var(--ink-2)" strokeWidth="1.5" /></svg>}>age, falls when a backup is stored and readable</KeyItem>
        {breaches.length > 0 ? <KeyItem mark={<span className="size-2.5 rounded-[2px] bg-exposed/22" />}>past the target</KeyItem> : null}
        {gaps.length > 0 ? <KeyItem mark={<span className="hatched size-2.5 rounded-[2px]" />}>no evidence</KeyItem> : null}
      </ChartKey>
    </>
  );
}
