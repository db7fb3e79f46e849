import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** One bordered bar of three or four figures. Not for opening a page with. */
export function StatBar({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl className={cn("grid auto-cols-fr grid-flow-col rounded-panel border border-line max-sm:grid-flow-row", className)}>{children}</dl>
  );
}

/** Label, figure, and the note that makes the figure mean something. */
export function Stat({ label, note, children }: { label: ReactNode; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 border-l border-line px-[18px] pt-[13px] pb-3.5 first:border-l-0 max-sm:border-t max-sm:border-l-0 max-sm:first:border-t-0">
      <dt className="text-caption text-ink-3">{label}</dt>
      <dd>
        <span className="mt-1 block text-figure font-medium tracking-[-0.02em] whitespace-nowrap">{children}</span>
        {note ? <span className="mt-[3px] block text-caption text-ink-3">{note}</span> : null}
      </dd>
    </div>
  );
}

/** A figure in a row with the target beside it: "7 h 14 m of 24 h". */
export function Figure({ of, className, children }: { of?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <span className={cn("text-[17px]/[22px] font-medium tracking-[-0.015em] whitespace-nowrap", className)}>
      {children}
      {of ? <span className="text-table font-normal tracking-normal text-ink-3"> of {of}</span> : null}
    </span>
  );
}
