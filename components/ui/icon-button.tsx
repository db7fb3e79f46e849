import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

export interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does; a picture alone has no name. */
  label: string;
}

/** A quiet square with one icon. */
export function IconButton({ label, className, type, ...props }: IconButtonProps) {
  return (
    <button
      type={type ?? "button"}
      aria-label={label}
      className={cn(
        "grid size-[30px] shrink-0 place-items-center rounded-control text-ink-3 transition-colors duration-[120ms] hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink touch:size-11",
        className,
      )}
      {...props}
    />
  );
}
