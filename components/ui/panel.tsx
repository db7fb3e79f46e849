import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A box, for things that act as one: a form card, a step list. Sections are separated by space, not by boxes. */
export function Panel({ className, ...props }: ComponentProps<"section">) {
  return <section className={cn("min-w-0 overflow-clip rounded-panel border border-line bg-surface", className)} {...props} />;
}

export interface PanelHeadProps {
  title: ReactNode;
  /** At the right: "Not saved", "computed 09:14:20 UTC". */
  end?: ReactNode;
  id?: string;
  className?: string;
}

/** Title of a panel. */
export function PanelHead({ title, end, id, className }: PanelHeadProps) {
  return (
    <div className={cn("flex flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line px-[18px] py-3", className)}>
      <h2 id={id}>{title}</h2>
      {end ? <div className="ml-auto text-table text-ink-3">{end}</div> : null}
    </div>
  );
}

/** The inside of a panel. */
export function PanelBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("px-[18px] py-4", className)} {...props} />;
}

/** The consequence at the left, buttons at the right. */
export function PanelFoot({ note, className, children, ...props }: ComponentProps<"div"> & { note?: ReactNode }) {
  return (
    <div className={cn("flex flex-wrap items-center gap-2.5 border-t border-line bg-sunken px-[18px] py-3 text-table text-ink-2", className)} {...props}>
      {note ? <div className="min-w-0">{note}</div> : null}
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
