import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Arc, Octagon, Ring, Slash, Tick } from "@/components/ui/shapes";

const looks = {
  done: { icon: <Tick className="text-protected" />, word: "done" },
  now: { icon: <Arc className="text-running" />, word: "under way" },
  todo: { icon: <Ring className="text-mark" />, word: "not begun" },
  failed: { icon: <Octagon className="text-exposed" />, word: "failed" },
  skipped: { icon: <Slash className="text-ink-3" />, word: "not done" },
} as const;

export type StepState = keyof typeof looks;

/** The steps of something, in a panel. */
export function StepList({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className={cn("overflow-clip rounded-panel border border-line bg-surface", className)}>
      {children}
    </ol>
  );
}

export interface StepProps {
  state: StepState;
  name: ReactNode;
  /** What it did, or will do. */
  detail?: ReactNode;
  /** Elapsed, or "last time 11 s". */
  time?: ReactNode;
  /** Below, at full width: bars, an error. */
  children?: ReactNode;
}

/** One step. The present one is tinted. */
export function Step({ state, name, detail, time, children }: StepProps) {
  return (
    <li
      aria-current={state === "now" ? "step" : undefined}
      className={cn("grid grid-cols-[20px_1fr_auto] items-start gap-x-3 border-b border-line px-[18px] py-[11px] text-[13.5px]/5 last:border-b-0", state === "now" && "bg-running-soft", (state === "todo" || state === "skipped") && "text-ink-3")}
    >
      <span className="mt-0.5">{looks[state].icon}</span>
      <div className="min-w-0">
        <span className={cn("font-medium", state === "now" && "font-semibold")}>
          {name}
          <span className="sr-only">, {looks[state].word}</span>
        </span>
        {detail ? <div className={cn("text-table [overflow-wrap:anywhere]", state === "todo" ? "text-ink-3" : "text-ink-2")}>{detail}</div> : null}
      </div>
      <div className={cn("text-right text-table whitespace-nowrap", state === "todo" ? "text-ink-3" : "text-ink-2")}>{time}</div>
      {children ? <div className="col-span-2 col-start-2 mt-2.5 min-w-0 max-sm:col-span-3 max-sm:col-start-1">{children}</div> : null}
    </li>
  );
}
