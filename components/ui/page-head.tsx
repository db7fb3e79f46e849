import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface PageHeadProps {
  /** The page's only h1. */
  title: ReactNode;
  /** A sentence, or a row of facts. */
  sub?: ReactNode;
  /** At most one primary button. */
  actions?: ReactNode;
  className?: string;
}

/** Title, one line under it, actions at the right; on a phone the actions go below and share the width. */
export function PageHead({ title, sub, actions, className }: PageHeadProps) {
  return (
    <div className={cn("mb-6 flex items-start justify-between gap-6 max-sm:block", className)}>
      <div className="min-w-0">
        <h1 className="[overflow-wrap:anywhere]">{title}</h1>
        {sub ? <div className="mt-1 max-w-[88ch] text-ink-2">{sub}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 flex-wrap items-center gap-2 max-sm:mt-3.5 max-sm:[&>*]:flex-1">{actions}</div> : null}
    </div>
  );
}

/** Facts side by side under a title, wrapping. */
export function FactRow({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-x-3.5 gap-y-1">{children}</div>;
}
