import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** What happened, newest first, on one line of time. */
export function Timeline({ className, children }: { className?: string; children: ReactNode }) {
  return <ol className={cn("text-table", className)}>{children}</ol>;
}

/** One moment. `mark` gives the dot a tone; green only for proven. */
export function TimelineItem({ time, mark = "neutral", children }: { time: ReactNode; mark?: "neutral" | "proven" | "danger" | "warning"; children: ReactNode }) {
  return (
    <li className="group relative grid grid-cols-[76px_12px_1fr] gap-x-3 pb-3">
      <span className="text-right text-ink-3">{time}</span>
      <span className="absolute top-[10px] -bottom-[10px] left-[93.5px] w-px bg-line-strong group-last:hidden" aria-hidden />
      <span
        aria-hidden
        className={cn(
          "relative mt-[7px] ml-[2.5px] size-[7px] rounded-full bg-mark shadow-[0_0_0_3px_var(--surface)]",
          mark === "proven" && "bg-protected",
          mark === "danger" && "bg-exposed",
          mark === "warning" && "bg-at-risk",
        )}
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </li>
  );
}
