import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export interface SectionProps {
  title: ReactNode;
  /** Quiet, after the title: "last 10 of 64 lines, UTC". */
  note?: ReactNode;
  /** At the right end of the head. */
  end?: ReactNode;
  id?: string;
  /** The first of its column stands without space above. */
  first?: boolean;
  /** A line under the head, for lists that have none of their own. */
  ruled?: boolean;
  className?: string;
  children: ReactNode;
}

/** A part of a page: h2, space, no box. */
export function Section({ title, note, end, id, first = false, ruled = false, className, children }: SectionProps) {
  return (
    <section className={cn("min-w-0", !first && "mt-10 max-sm:mt-8", className)} {...(id ? { "aria-labelledby": id } : {})}>
      <div className={cn("flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5", ruled ? "border-b border-line-strong pb-2.5" : "mb-2.5")}>
        <h2 id={id}>{title}</h2>
        {note ? <span className="text-table text-ink-3">{note}</span> : null}
        {end ? <div className="ml-auto text-table touch:[&_a]:inline-flex touch:[&_a]:min-h-11 touch:[&_a]:items-center">{end}</div> : null}
      </div>
      {children}
    </section>
  );
}

/** The left answers, the right explains. One column under 1024. */
export function Columns({ even = false, className, children }: { even?: boolean; className?: string; children: ReactNode }) {
  return (
    <div className={cn("grid gap-x-12 gap-y-10 max-lg:grid-cols-1 [&>*]:min-w-0", even ? "grid-cols-2" : "grid-cols-[minmax(0,1fr)_344px]", className)}>{children}</div>
  );
}
