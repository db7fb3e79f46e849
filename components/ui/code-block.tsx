import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";

export interface CodeBlockProps {
  /** What this is: named for screen readers and for the copy button. */
  label: string;
  /** Text to copy; without it there is no copy button. */
  copy?: string;
  /** Lines break instead of scrolling sideways. */
  wrap?: boolean;
  className?: string;
  children: ReactNode;
}

/** Commands, SQL, log lines. Scrolls inside itself, also by keyboard. */
export function CodeBlock({ label, copy, wrap = false, className, children }: CodeBlockProps) {
  return (
    <div className={cn("relative min-w-0", className)}>
      <pre
        role="region"
        aria-label={label}
        tabIndex={0}
        className={cn("max-h-[inherit] overflow-auto rounded-panel border border-line bg-sunken px-4 py-3.5 font-mono text-[12.5px]/5 tracking-[-0.01em] text-ink", copy && "pr-12 touch:pt-12", wrap && "break-words whitespace-pre-wrap")}
      >
        {children}
      </pre>
      {copy ? <CopyButton text={copy} label={`Copy ${label}`} className="absolute top-2.5 right-2.5 bg-sunken" /> : null}
    </div>
  );
}

/** A quiet part of a code block: a comment, a time. */
export function CodeDim({ children }: { children: ReactNode }) {
  return <span className="text-ink-3">{children}</span>;
}
