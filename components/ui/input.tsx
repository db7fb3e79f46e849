"use client";

import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { useField } from "@/components/ui/field";

/** 16 px on touch: iOS zooms into anything smaller. */
export const controlStyles =
  "w-full rounded-control bg-raised px-[11px] text-body text-ink inset-ring inset-ring-control transition-[box-shadow] duration-[120ms] aria-invalid:inset-ring-[1.5px] aria-invalid:inset-ring-exposed disabled:bg-sunken disabled:text-ink-3 [&[readonly]]:bg-sunken touch:text-[16px]";

export interface InputProps extends ComponentProps<"input"> {
  /** For what a machine reads back: names, paths, commands. */
  mono?: boolean;
  /** Narrow and right aligned. */
  figure?: boolean;
}

/** A line of text. Takes id, description and error from the Field around it. */
export function Input({ mono = false, figure = false, className, ...props }: InputProps) {
  const field = useField();
  return (
    <input
      {...field}
      className={cn(controlStyles, "h-9 touch:h-11", mono && "font-mono tracking-[-0.01em]", figure && "h-8 w-16 px-[9px] text-right", className)}
      {...(mono ? { autoCapitalize: "none", autoCorrect: "off", spellCheck: false } : {})}
      {...props}
    />
  );
}

/** Several lines of text. */
export function Textarea({ mono = false, className, rows = 3, ...props }: ComponentProps<"textarea"> & { mono?: boolean }) {
  const field = useField();
  return <textarea {...field} rows={rows} className={cn(controlStyles, "min-h-[60px] py-2 leading-5", mono && "font-mono text-[12.5px] tracking-[-0.01em]", className)} {...props} />;
}
