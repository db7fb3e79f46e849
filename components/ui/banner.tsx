import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { DashedCircle, Disc, Octagon, Tick, Triangle } from "@/components/ui/shapes";

const looks = {
  neutral: { box: "border-line bg-sunken [--cut:var(--sunken)]", icon: <DashedCircle className="text-unknown" /> },
  warning: { box: "border-[color-mix(in_srgb,var(--at-risk)_26%,var(--surface))] bg-at-risk-soft [--cut:var(--at-risk-soft)]", icon: <Triangle className="text-at-risk" /> },
  danger: { box: "border-exposed-line bg-exposed-soft [--cut:var(--exposed-soft)]", icon: <Octagon className="text-exposed" /> },
  /** Something was done. A tick, no green ground: green ground is for what is proven. */
  done: { box: "border-line bg-sunken [--cut:var(--sunken)]", icon: <Tick className="text-protected" /> },
  proven: { box: "border-[color-mix(in_srgb,var(--protected)_24%,var(--surface))] bg-protected-soft [--cut:var(--protected-soft)]", icon: <Disc className="text-protected" /> },
} as const;

export interface BannerProps {
  tone?: keyof typeof looks;
  /** What happened, as a sentence. */
  title?: ReactNode;
  /** What it means for the data. */
  children?: ReactNode;
  /** One link or button: what to do. */
  action?: ReactNode;
  icon?: ReactNode;
  /** For a banner that appears after something the person did: read out at once. */
  live?: boolean;
  className?: string;
}

/** What happened, what it means for the data, what to do. */
export function Banner({ tone = "neutral", title, children, action, icon, live = false, className }: BannerProps) {
  const look = looks[tone];
  return (
    <div
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
      className={cn("grid grid-cols-[16px_1fr_auto] items-start gap-3 rounded-panel border px-3.5 py-3 text-table max-sm:grid-cols-[16px_1fr]", look.box, className)}
    >
      <span className="mt-0.5">{icon ?? look.icon}</span>
      <div className="min-w-0 text-ink-2 [overflow-wrap:anywhere]">
        {title ? <b className="text-ink">{title}</b> : null} {children}
      </div>
      {action ? <div className="max-sm:col-start-2 max-sm:justify-self-start touch:[&_a]:inline-flex touch:[&_a]:min-h-11 touch:[&_a]:items-center">{action}</div> : null}
    </div>
  );
}
