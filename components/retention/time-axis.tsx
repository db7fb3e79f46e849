import { day, shortDay } from "@/lib/format/times";
import type { RetentionPreview } from "@/lib/retention/preview-schemas";

const width = 720;
const height = 44;
const wideDays = 30;
const dayMs = 86_400_000;
/** The last 30 days get the right part of the axis, because most of what is decided lies there. */
const wideShare = 0.62;

/** Every backup as a mark in time: what stays, what is held, what goes. The words beside it say the same. */
export function TimeAxis({ marks, summary }: { marks: RetentionPreview["marks"]; summary: string }) {
  const times = marks.map(({ at }) => Date.parse(at));
  const [first = 0, last = 0] = [Math.min(...times), Math.max(...times)];
  if (times.length < 2 || first === last) return null;
  const place = placing(first, last);
  const wideFrom = Math.max(first, last - wideDays * dayMs);
  return (
    <figure className="mt-4 mb-1">
      <svg viewBox={`-4 0 ${width + 8} ${height + 20}`} role="img" aria-label={summary} className="w-full overflow-visible">
        <line x1="-4" x2={width + 4} y1={height} y2={height} className="stroke-line-strong" strokeWidth="1" />
        {marks.map(({ at, what }, index) => (
          <g key={index} transform={`translate(${place(Date.parse(at)).toFixed(1)} 0)`}>
            {what === "goes" ? (
              <rect x="-1.5" y="16" width="3" height="25" rx="1" className="fill-none stroke-exposed" strokeDasharray="2.5 2" strokeWidth="1" />
            ) : (
              <rect x="-1.5" y="16" width="3" height="25" rx="1" className={what === "held" ? "fill-accent" : "fill-ink-2"} />
            )}
            {what === "held" ? <circle cx="0" cy="9" r="2.5" className="fill-accent" /> : null}
          </g>
        ))}
        <text x="0" y={height + 15} className="fill-ink-3 text-[11px]">{day(first)}</text>
        {wideFrom > first ? <text x={place(wideFrom)} y={height + 15} textAnchor="middle" className="fill-ink-3 text-[11px]">{shortDay(wideFrom)}</text> : null}
        <text x={width} y={height + 15} textAnchor="end" className="fill-ink-3 text-[11px]">{shortDay(last)}</text>
      </svg>
      <figcaption className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1 text-caption text-ink-3">
        <span className="flex items-center gap-1.5"><i aria-hidden className="h-3 w-[3px] rounded-[1px] bg-ink-2" />stays</span>
        <span className="flex items-center gap-1.5"><i aria-hidden className="h-3 w-[3px] rounded-[1px] bg-accent" />kept by hand or on hold</span>
        <span className="flex items-center gap-1.5"><i aria-hidden className="h-3 w-[4px] rounded-[1px] border border-dashed border-exposed" />goes</span>
        {wideFrom > first ? <span>The last 30 days are drawn wider.</span> : null}
      </figcaption>
    </figure>
  );
}

function placing(first: number, last: number): (at: number) => number {
  const wideFrom = last - wideDays * dayMs;
  if (wideFrom <= first) return (at) => ((at - first) / (last - first)) * width;
  const narrow = width * (1 - wideShare);
  return (at) => (at < wideFrom ? ((at - first) / (wideFrom - first)) * narrow : narrow + ((at - wideFrom) / (last - wideFrom)) * width * wideShare);
}
