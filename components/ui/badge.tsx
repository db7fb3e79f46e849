import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** What a mark is about. Each has a text colour and a soft ground; see tokens.css. */
export type Tone = "danger" | "warning" | "working" | "good" | "neutral" | "plain";

export const toneText = {
  danger: "text-exposed",
  warning: "text-at-risk",
  working: "text-running",
  good: "text-protected",
  neutral: "text-unknown",
  plain: "text-ink-2",
} as const satisfies Record<Tone, string>;

const toneGround = {
  danger: "bg-exposed-soft [--cut:var(--exposed-soft)]",
  warning: "bg-at-risk-soft [--cut:var(--at-risk-soft)]",
  working: "bg-running-soft [--cut:var(--running-soft)]",
  good: "bg-protected-soft [--cut:var(--protected-soft)]",
  neutral: "bg-unknown-soft [--cut:var(--unknown-soft)]",
  plain: "bg-unknown-soft [--cut:var(--unknown-soft)]",
} as const satisfies Record<Tone, string>;

export interface BadgeProps extends ComponentProps<"span"> {
  tone: Tone;
  /** A shape: colour is never the only difference. */
  icon?: ReactNode;
  /** With a soft ground; without it the badge sits in running text. */
  chip?: boolean;
}

/** Shape, word and colour. */
export function Badge({ tone, icon, chip = false, className, children, ...props }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 text-table font-medium whitespace-nowrap",
        toneText[tone],
        chip && ["rounded-chip py-0.5 pr-[9px] pl-1.5 text-[12.5px]", toneGround[tone]],
        className,
      )}
      {...props}
    >
      {icon}
      {children}
    </span>
  );
}

/** A neutral label for what a thing is, not how it does. */
export function Tag({ className, ...props }: ComponentProps<"span">) {
  return <span className={cn("inline-flex h-5 items-center rounded-chip px-1.5 text-[12px] leading-none whitespace-nowrap text-ink-2 inset-ring inset-ring-line-strong", className)} {...props} />;
}
