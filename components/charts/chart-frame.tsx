import type { ReactNode } from "react";
import { dayTicks, type Scale, share } from "@/components/charts/scale";
import { cn } from "@/components/ui/cn";
import { TextLink } from "@/components/ui/text-link";
import { duration, span } from "@/lib/format/durations";
import { machineTime, shortDay } from "@/lib/format/times";

export interface ChartFigureProps {
  title: string;
  /** What the chart shows, computed from the data it is drawn from. */
  conclusion: string;
  /** Shows the same rows as a table, or hides them again. */
  toggle?: { shown: boolean; href: string } | undefined;
  /** Smaller, for charts that stand side by side. */
  small?: boolean;
  /** The drawing and its key. */
  children: ReactNode;
  /** The table, while it is shown. */
  table?: ReactNode;
  className?: string;
}

/** A chart: a small title, the conclusion as its caption, the drawing, and the same rows as a table on request. */
export function ChartFigure({ title, conclusion, toggle, small = false, children, table, className }: ChartFigureProps) {
  return (
    <figure className={cn("chart min-w-0 break-inside-avoid", className)}>
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="text-table font-medium tracking-normal text-ink-2">{title}</h2>
        {toggle ? (
          <TextLink href={toggle.href} scroll={false} aria-label={`${toggle.shown ? "Hide" : "Show"} table: ${title}`} className="shrink-0 text-table touch:py-2.5 print:hidden">
            {toggle.shown ? "Hide table" : "Show table"}
          </TextLink>
        ) : null}
      </div>
      <figcaption className={cn("mt-px mb-4 max-w-[86ch] font-semibold text-pretty", small ? "text-section tracking-snug" : "text-[17px]/[25px] tracking-[-0.016em]")}>{conclusion}</figcaption>
      {children}
      {table ? <div className="mt-4">{table}</div> : null}
    </figure>
  );
}

export interface PlotProps {
  /** What a screen reader hears in place of the drawing; the table has the rows. */
  label: string;
  from: number;
  to: number;
  scale: Scale;
  /** Writes a line of the axis. */
  unit: (value: number) => string;
  small?: boolean;
  children: ReactNode;
}

/** Axes from zero and what lies between them. Everything inside is placed in per cent, so that it fits a phone and a page of paper. */
export function Plot({ label, from, to, scale, unit, small = false, children }: PlotProps) {
  const days = dayTicks(from, to);
  return (
    <div role="img" aria-label={label} className={cn("relative text-[11.5px]/[14px] text-ink-3", small ? "h-[180px]" : "h-[220px]")}>
      {scale.ticks.map((value) => (
        <div key={value} className={cn("absolute right-2 left-[52px] border-t", value === 0 ? "z-1 border-line-strong" : "border-line")} style={{ top: `calc(24px + (100% - 48px) * ${1 - value / scale.max})` }}>
          <span className="absolute -top-[7px] right-full mr-2 whitespace-nowrap">{unit(value)}</span>
        </div>
      ))}
      <div className="absolute inset-x-0 top-6 bottom-6 mr-2 ml-[52px]">{children}</div>
      <div className="absolute inset-x-0 bottom-0 mr-2 ml-[52px] h-4">
        {days.map((at, index) => {
          const left = share(at, from, to);
          return (
            <time key={at} dateTime={machineTime(at)} className={cn("absolute top-0 -translate-x-1/2 whitespace-nowrap", index % 3 !== 0 && days.length > 4 && "max-sm:hidden")} style={{ left: `${left}%` }}>
              {shortDay(at)}
            </time>
          );
        })}
      </div>
    </div>
  );
}

/** A duration as an axis writes it: whole minutes without their seconds. */
export function axisTime(ms: number): string {
  return ms === 0 ? "0" : ms % 60_000 === 0 ? span(ms / 1_000) : duration(ms);
}

/** What the marks of a chart mean. */
export function ChartKey({ children }: { children: ReactNode }) {
  return <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-caption text-ink-3">{children}</ul>;
}

/** One mark of the key and its words. */
export function KeyItem({ mark, children }: { mark: ReactNode; children: ReactNode }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      {mark}
      {children}
    </li>
  );
}
