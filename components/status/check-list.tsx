import type { ComponentType } from "react";
import { toneText } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { Octagon, type ShapeProps, Slash, Tick, Triangle } from "@/components/ui/shapes";
import type { CheckLine } from "@/lib/databases/schemas";

type Outcome = CheckLine["outcome"];

const looks = {
  passed: { word: "passed", shape: Tick, className: toneText.good },
  warning: { word: "passed with a warning", shape: Triangle, className: toneText.warning },
  failed: { word: "failed", shape: Octagon, className: toneText.danger },
  skipped: { word: "not asked", shape: Slash, className: "text-ink-3" },
} as const satisfies Record<Outcome, { word: string; shape: ComponentType<ShapeProps>; className: string }>;

/** The shape of one checked line. */
export function CheckIcon({ outcome, size = 16 }: { outcome: Outcome; size?: number }) {
  const { shape: Icon, className } = looks[outcome];
  return <Icon size={size} className={className} />;
}

export interface CheckListProps {
  lines: readonly { id: string; outcome: Outcome; title: string; detail: string; hint?: string | undefined }[];
  className?: string;
}

/** What a test asked, line by line, and what to do about the lines that did not hold. Sits inside a Panel. */
export function CheckList({ lines, className }: CheckListProps) {
  return (
    <ul className={className}>
      {lines.map(({ id, outcome, title, detail, hint }) => (
        <li key={id} className="grid grid-cols-[20px_1fr] gap-x-3 border-b border-line px-[18px] py-[9px] text-[13.5px]/5 last:border-b-0">
          <span className="mt-0.5">
            <CheckIcon outcome={outcome} />
          </span>
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <span className={cn("mr-2.5 font-medium", outcome === "skipped" && "text-ink-3")}>
              {title}
              <span className="sr-only">, {looks[outcome].word}</span>
            </span>
            <span className="text-table text-ink-2">{detail}</span>
            {hint && outcome !== "passed" ? <div className="text-table text-ink-2">{hint}</div> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
