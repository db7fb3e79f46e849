import type { ReactNode } from "react";

/** A part of the gallery: name and rule at the left, what it looks like at the right. */
export function Row({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[200px_minmax(0,1fr)] gap-8 border-t border-line py-[26px] max-sm:grid-cols-1 max-sm:gap-3">
      <div>
        <h2>{title}</h2>
        <p className="mt-1 text-caption text-ink-3">{note}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
