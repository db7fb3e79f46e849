import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const tick =
  "bg-[length:12px_12px] bg-center bg-no-repeat before:absolute before:inset-0 before:m-auto before:hidden before:h-[5px] before:w-[9px] before:-translate-y-[1px] before:-rotate-45 before:border-b-2 before:border-l-2 before:border-on-accent checked:before:block";

export interface CheckboxProps extends ComponentProps<"input"> {
  children: ReactNode;
  hint?: ReactNode;
}

/** A box with its sentence; the sentence is part of the target. */
export function Checkbox({ children, hint, className, ...props }: CheckboxProps) {
  return (
    <label className={cn("flex items-start gap-[9px] py-0.5 text-table has-disabled:cursor-not-allowed has-disabled:text-ink-3 touch:min-h-11 touch:items-center", className)}>
      <input
        type="checkbox"
        className={cn("relative mt-0.5 size-4 shrink-0 appearance-none rounded-[4px] bg-raised inset-ring-[1.5px] inset-ring-control checked:bg-accent checked:inset-ring-accent disabled:opacity-60 touch:mt-0 touch:size-5", tick)}
        {...props}
      />
      <span className="min-w-0">
        {children}
        {hint ? <span className="block text-caption [overflow-wrap:anywhere] text-ink-3">{hint}</span> : null}
      </span>
    </label>
  );
}
