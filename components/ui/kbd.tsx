import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A key. */
export function Kbd({ className, ...props }: ComponentProps<"kbd">) {
  return <kbd className={cn("rounded-[4px] bg-sunken px-[5px] font-sans text-[11px]/4 font-medium text-ink-3 inset-ring inset-ring-line", className)} {...props} />;
}
