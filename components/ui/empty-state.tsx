import { Archive, Funnel } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { DashedCircle } from "@/components/ui/shapes";

const icons = {
  /** Nothing yet: teach, one action. */
  nothing: <Archive size={18} strokeWidth={1.75} aria-hidden />,
  /** Nothing matches: name the filters, offer to clear them. */
  filtered: <Funnel size={18} strokeWidth={1.75} aria-hidden />,
  /** Could not load: why, what it means for the data, retry. */
  failed: <DashedCircle size={18} className="text-unknown" />,
} as const;

export interface EmptyStateProps {
  kind: keyof typeof icons;
  title: string;
  children?: ReactNode;
  /** One small button. */
  action?: ReactNode;
  icon?: ReactNode;
  className?: string;
}

/** Three kinds, never a zero. */
export function EmptyState({ kind, title, children, action, icon, className }: EmptyStateProps) {
  return (
    <div role={kind === "failed" ? "alert" : undefined} className={cn("grid content-start justify-items-start gap-1 rounded-panel border border-line bg-surface px-5 py-[22px]", className)}>
      <span className="mb-1.5 text-ink-3">{icon ?? icons[kind]}</span>
      <p className="font-semibold">{title}</p>
      {children ? <div className="max-w-[66ch] text-table text-ink-2">{children}</div> : null}
      {action ? <div className="mt-2.5">{action}</div> : null}
    </div>
  );
}
