import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";
import { cn } from "@/components/ui/cn";

export interface EntryShellProps {
  /** At the top right: "Setting up as Maeve Byrne". */
  end?: ReactNode;
  /** Left and right at the bottom. */
  foot?: ReactNode;
  footEnd?: ReactNode;
  /** 720 instead of 384, for the steps of setting up. */
  broad?: boolean;
  children: ReactNode;
}

/** Sign-in and setting up: no frame yet, one thing in the middle. */
export function EntryShell({ end, foot, footEnd, broad = false, children }: EntryShellProps) {
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr_auto] px-8 py-7 max-sm:px-4 max-sm:py-5">
      <header className="flex flex-wrap items-center justify-between gap-1.5">
        <span className="flex items-center gap-2.5 font-semibold tracking-[-0.015em]">
          <Mark />
          Holdfast
        </span>
        {end ? <span className="text-table text-ink-3">{end}</span> : null}
      </header>
      <main id="main" className="grid grid-cols-[minmax(0,1fr)] place-items-center py-10">
        <div className={cn("w-full", broad ? "max-w-[720px]" : "max-w-[384px]")}>{children}</div>
      </main>
      <footer className="flex flex-wrap justify-between gap-1.5 text-caption text-ink-3">
        <span>{foot}</span>
        <span>{footEnd}</span>
      </footer>
    </div>
  );
}

/** The title of an entry page, and the line under it. */
export function EntryHead({ title, sub }: { title: ReactNode; sub?: ReactNode }) {
  return (
    <div className="mb-6">
      <h1 className="text-[24px]/[30px]">{title}</h1>
      {sub ? <p className="mt-1.5 text-ink-2">{sub}</p> : null}
    </div>
  );
}
