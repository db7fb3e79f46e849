import type { ReactNode } from "react";
import { rungWords } from "@/components/proof/rungs";
import { cn } from "@/components/ui/cn";
import { type Rung, rungs } from "@/lib/backup/schemas";

/** The drawing alone: two posts and four rungs, filled from below. Green only with all four. */
export function LadderMark({ rung, className }: { rung: Rung | null; className?: string }) {
  const filled = rung ? rungs.indexOf(rung) + 1 : 0;
  return (
    <span className={cn("rung inline-flex", rung === "proven" && "proven", rung === null && "lost", className)}>
      <svg width="16" height="18" viewBox="0 0 16 18" aria-hidden="true">
        <path className="post" d="M1.5 0v18M14.5 0v18" strokeWidth="1.25" />
        {[13, 9, 5, 1].map((y, index) => (
          <rect key={y} className={index < filled ? "on" : "off"} x="2" y={y} width="12" height="2.4" rx=".6" />
        ))}
      </svg>
    </span>
  );
}

export interface LadderSmallProps {
  /** Null: nothing is known of the file, or no longer. */
  rung: Rung | null;
  /** Under the word: its age, or "was proven 21 Sep". */
  sub?: ReactNode;
  /** In a sentence, a soft ground behind it. */
  chip?: boolean;
  className?: string;
}

/** How far a backup was checked: drawing, word, age. */
export function LadderSmall({ rung, sub, chip = false, className }: LadderSmallProps) {
  const word = rung ? rungWords[rung] : "Not known";
  const colour = rung === "proven" ? "text-protected" : rung === null ? "text-unknown" : "text-ink";
  if (chip) {
    return (
      <span className={cn("inline-flex items-center gap-1.5 rounded-chip py-0.5 pr-[9px] pl-1.5 text-[12.5px]/5 font-medium whitespace-nowrap", rung === "proven" ? "bg-protected-soft" : "bg-unknown-soft", colour, className)}>
        <LadderMark rung={rung} />
        <span>
          {word}
          {sub ? <> {sub}</> : null}
        </span>
      </span>
    );
  }
  return (
    <span className={cn("inline-flex items-center gap-2 whitespace-nowrap", className)}>
      <LadderMark rung={rung} />
      <span>
        <span className={cn("font-medium", colour)}>{word}</span>
        {sub ? <span className="block text-caption text-ink-3">{sub}</span> : null}
      </span>
    </span>
  );
}
