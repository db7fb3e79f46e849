import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A list of choices in one box. */
export function RadioGroup({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <fieldset className={cn("overflow-clip rounded-panel border border-line bg-surface", className)}>
      <legend className="sr-only">{label}</legend>
      {children}
    </fieldset>
  );
}

export interface RadioRowProps extends Omit<ComponentProps<"input">, "title"> {
  title: ReactNode;
  sub?: ReactNode;
  /** At the right: "Tested", "Not tested". */
  end?: ReactNode;
}

/** A choice with what speaks for it. The whole row is the target. */
export function RadioRow({ title, sub, end, className, ...props }: RadioRowProps) {
  return (
    <label
      className={cn(
        "relative grid grid-cols-[18px_1fr_auto] items-start gap-x-3 border-b border-line px-4 py-3.5 last:border-b-0 has-checked:bg-selected has-disabled:cursor-not-allowed has-disabled:text-ink-3 has-focus-visible:shadow-[inset_0_0_0_2px_var(--accent)] max-sm:grid-cols-[18px_1fr]",
        className,
      )}
    >
      <input
        type="radio"
        className="mt-[3px] size-4 appearance-none rounded-full inset-ring-[1.5px] inset-ring-control checked:inset-ring-[5px] checked:inset-ring-accent [--ring:none] touch:size-5"
        {...props}
      />
      <span className="min-w-0">
        <span className="block font-semibold [overflow-wrap:anywhere]">{title}</span>
        {sub ? <span className="block text-table text-ink-2 [overflow-wrap:anywhere]">{sub}</span> : null}
      </span>
      {end ? <span className="self-center text-table text-ink-3 max-sm:col-start-2 max-sm:justify-self-start">{end}</span> : null}
    </label>
  );
}
