import { countDays, type DayState, dayStates, dayWords } from "@/components/charts/days";
import { cn } from "@/components/ui/cn";
import { day as writeDay, shortDay } from "@/lib/format/times";

export interface StripDay {
  /** Any instant of the day, in UTC. */
  at: string;
  state: DayState;
  /** More for the tooltip: "2 backups, 1 failed". */
  note?: string | undefined;
}

/** One mark, drawn in a cell of 6 by `height`. Each differs in shape, not only in colour. */
function Mark({ state, x, height }: { state: DayState; x: number; height: number }) {
  const hollow = { x: x + 0.65, y: 0.65, width: 4.7, height: height - 1.3, rx: 1 };
  switch (state) {
    case "proven":
      return <rect className="proven" x={x} y="0" width="6" height={height} rx="1" />;
    case "backed_up":
      return <rect className="backed_up" x={x} y={height * 0.42} width="6" height={height * 0.58} rx="1" />;
    case "problem":
    case "resolved": {
      const cut = height / 3;
      return <path className={state} d={`M${x} 0h6v${cut}l-6 3zM${x} ${cut + 7}l6-3v${height - cut - 4}h-6z`} />;
    }
    case "missed":
      return <rect className="missed" {...hollow} />;
    case "nothing":
      return <rect className="nothing" x={x + 1.5} y={height - 3} width="3" height="3" rx="1" />;
    case "unknown":
      return <rect className="unknown" {...hollow} />;
  }
}

/** A mark per day, oldest first. On a phone it takes the whole width. */
export function Strip({ label, days, className }: { label: string; days: readonly StripDay[]; className?: string }) {
  const width = days.length * 8 - 2;
  const first = days.at(0);
  const last = days.at(-1);
  return (
    <div className={cn("w-fit max-w-full max-sm:w-full", className)}>
      <svg width={width} height="24" viewBox={`0 0 ${width} 24`} preserveAspectRatio="none" role="img" aria-label={`${label}, ${countDays(days)}`} className="strip max-w-full max-sm:h-7 max-sm:w-full">
        {days.map(({ at, state, note }, index) => (
          <g key={at}>
            <title>{`${writeDay(at)}: ${dayWords[state]}${note ? `. ${note}` : ""}`}</title>
            <rect className="cell" x={index * 8 - 1} y="0" width="8" height="24" />
            <Mark state={state} x={index * 8} height={24} />
          </g>
        ))}
      </svg>
      {first && last ? (
        <div className="mt-[5px] flex justify-between text-[11px]/[14px] text-ink-3">
          <span>{shortDay(first.at)}</span>
          <span>{shortDay(last.at)}</span>
        </div>
      ) : null}
    </div>
  );
}

/** What the marks mean; once on a page that has strips. */
export function StripLegend({ states = dayStates, className }: { states?: readonly DayState[]; className?: string }) {
  return (
    <ul className={cn("flex flex-wrap gap-x-[18px] gap-y-1.5 text-caption text-ink-3", className)}>
      {states.map((state) => (
        <li key={state} className="inline-flex items-center gap-1.5">
          <svg width="6" height="14" viewBox="0 0 6 14" aria-hidden="true" className="strip">
            <Mark state={state} x={0} height={14} />
          </svg>
          {dayWords[state]}
        </li>
      ))}
    </ul>
  );
}
