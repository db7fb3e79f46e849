import { share } from "@/components/charts/scale";
import { cn } from "@/components/ui/cn";
import { Octagon } from "@/components/ui/shapes";
import { span } from "@/lib/format/durations";

/** Where a value lies between the axes, in per cent from the left and from below. */
export interface Place {
  x: number;
  y: number;
}

export interface TargetLine {
  from: number;
  to: number;
  seconds: number;
}

/** Targets as they were: dashed, with a step where one changed. The last is always written, others where there is room. */
export function TargetLines({ lines, from, to, max }: { lines: readonly TargetLine[]; from: number; to: number; max: number }) {
  return lines.map((line, index) => {
    const left = share(line.from, from, to);
    const isLast = index === lines.length - 1;
    const right = isLast ? 100 : share(line.to, from, to);
    const height = share(line.seconds * 1_000, 0, max);
    const room = right - left;
    return (
      <div key={line.from} className="target-line absolute z-2" style={{ left: `${left}%`, right: `${100 - right}%`, bottom: `${height}%` }}>
        {isLast || room > 12 ? (
          <span className="absolute right-0 bottom-[5px] rounded-[2px] bg-surface/80 px-0.5 font-medium whitespace-nowrap text-ink">target {span(line.seconds)}</span>
        ) : null}
      </div>
    );
  });
}

/** A breach: an octagon at its worst, with the figure beside it. */
export function BreachMark({ place, label }: { place: Place; label: string | null }) {
  const toLeft = place.x > 80;
  return (
    <div className={cn("absolute z-3 flex translate-y-1/2 items-center gap-1 font-medium text-exposed", toLeft ? "translate-x-[7px] flex-row-reverse" : "-translate-x-[7px]")} style={toLeft ? { right: `${100 - place.x}%`, bottom: `calc(${place.y}% + 11px)` } : { left: `${place.x}%`, bottom: `calc(${place.y}% + 11px)` }}>
      <Octagon size={14} />
      {label ? <span className="rounded-[2px] bg-surface/80 px-0.5 whitespace-nowrap">{label}</span> : null}
    </div>
  );
}

/** A real restore, which is no exercise: a diamond. */
export function Diamond({ className }: { className?: string }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className={cn("text-accent", className)}>
      <path d="M6 1l5 5-5 5-5-5z" fill="var(--surface)" stroke="currentColor" strokeWidth="1.75" />
    </svg>
  );
}

/** A stretch that is tinted over the whole height, never too thin to be seen. */
export function Column({ className, from, to, frame }: { className: string; from: number; to: number; frame: { from: number; to: number } }) {
  const left = share(from, frame.from, frame.to);
  return <div className={cn("absolute inset-y-0 min-w-[2px]", className)} style={{ left: `${left}%`, width: `${share(to, frame.from, frame.to) - left}%` }} />;
}
