import type { ReactNode } from "react";
import { rungMeanings, rungsFromTop, rungWords } from "@/components/proof/rungs";
import { cn } from "@/components/ui/cn";
import { Octagon } from "@/components/ui/shapes";
import type { Rung } from "@/lib/backup/schemas";

const words = {
  done: "done",
  /** Being climbed at this moment. */
  now: "under way",
  todo: "not yet",
  /** Could not be climbed. */
  broken: "failed",
} as const;

export interface RungRow {
  state: keyof typeof words;
  /** What was checked; the general meaning stands in when it is left out. */
  what?: ReactNode;
  /** When it was reached, or when it is expected. */
  when?: ReactNode;
  /** How long it took. */
  took?: ReactNode;
}

export interface LadderLargeProps {
  /** Left out: the ladder explains itself and claims nothing. */
  rungs?: Readonly<Record<Rung, RungRow>>;
  className?: string;
}

/** The four rungs, highest first. The whole turns green only when the top one is done. */
export function LadderLarge({ rungs, className }: LadderLargeProps) {
  return (
    <ol className={cn("ladder", rungs?.proven.state === "done" && "proven", className)}>
      {rungsFromTop.map((rung) => {
        const row = rungs?.[rung];
        const quiet = row?.state === "todo";
        return (
          <li key={rung} className={row?.state} aria-current={row?.state === "now" ? "step" : undefined}>
            <span className="post" aria-hidden />
            <div className="min-w-0 py-1.5">
              <span className={cn("inline-flex items-center gap-1.5 font-semibold", quiet && "text-ink-3", row?.state === "broken" && "text-exposed")}>
                {row?.state === "broken" ? <Octagon size={14} /> : null}
                {rungWords[rung]}
                {row ? <span className="sr-only">, {words[row.state]}</span> : null}
              </span>
              <div className={cn("text-[13px]/[18px] [overflow-wrap:anywhere]", quiet ? "text-ink-3" : "text-ink-2")}>{row?.what ?? rungMeanings[rung]}</div>
            </div>
            {row?.when || row?.took ? (
              <div className="when text-right text-[13px]/[18px] max-sm:pb-1.5 max-sm:text-left whitespace-nowrap text-ink-2">
                {row.when}
                {row.took ? <div className="text-ink-3">{row.took}</div> : null}
              </div>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
