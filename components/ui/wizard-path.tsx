import { cn } from "@/components/ui/cn";

/** Numbered discs with words; what is done carries a tick. On a phone only the present word shows. */
export function WizardPath({ label, steps, current }: { label: string; steps: readonly string[]; current: number }) {
  return (
    <ol aria-label={label} className="mb-[26px] flex flex-wrap items-center gap-y-2 text-table">
      {steps.map((step, index) => {
        const state = index < current ? "done" : index === current ? "now" : "todo";
        return (
          <li
            key={step}
            aria-current={state === "now" ? "step" : undefined}
            className={cn(
              "flex items-center gap-2 text-ink-3 not-first:before:mx-3 not-first:before:h-px not-first:before:w-7 not-first:before:bg-line-strong max-sm:not-first:before:mx-2 max-sm:not-first:before:w-3.5",
              state === "done" && "text-ink-2",
              state === "now" && "font-medium text-ink",
            )}
          >
            <span
              aria-hidden
              className={cn(
                "grid size-5 shrink-0 place-items-center rounded-full text-[11px] leading-none font-medium",
                state === "done" && "bg-ink-2 text-surface",
                state === "now" && "bg-accent text-on-accent",
                state === "todo" && "inset-ring-[1.5px] inset-ring-line-strong",
              )}
            >
              {state === "done" ? (
                <svg width="12" height="12" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round">
                  <path d="M20 6 9 17l-5-5" />
                </svg>
              ) : (
                index + 1
              )}
            </span>
            <span className={cn(state !== "now" && "max-sm:sr-only")}>
              {step}
              {state === "done" ? <span className="sr-only">, done</span> : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
