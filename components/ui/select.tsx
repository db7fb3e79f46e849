"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { useField } from "@/components/ui/field";
import { controlStyles } from "@/components/ui/input";

/** The system's own list: nothing opens better on a phone, and every key works. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  const field = useField();
  return (
    <div className={cn("relative", className)}>
      <select {...field} className={cn(controlStyles, "h-9 appearance-none truncate pr-9 touch:h-11")} {...props}>
        {children}
      </select>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink-3" />
    </div>
  );
}
