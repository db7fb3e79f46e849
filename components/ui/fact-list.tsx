import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** Names and values with hairlines across both. `labelWidth` between 104 and 220. */
export function FactList({ labelWidth = 132, className, children }: { labelWidth?: number; className?: string; children: ReactNode }) {
  return (
    <dl className={cn("text-table", className)} style={{ "--label": `${labelWidth}px` } as React.CSSProperties}>
      {children}
    </dl>
  );
}

/** One name and its value. */
export function Fact({ label, sub, children }: { label: ReactNode; sub?: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[min(var(--label),40%)_1fr] border-b border-line last:border-b-0">
      <dt className="py-[7px] pr-4 text-ink-3">{label}</dt>
      <dd className="min-w-0 py-[7px] [overflow-wrap:anywhere]">
        {children}
        {sub ? <div className="text-caption text-ink-3">{sub}</div> : null}
      </dd>
    </div>
  );
}
