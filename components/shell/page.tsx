"use client";

import { ChevronRight, Search } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useSyncExternalStore } from "react";
import { useShell } from "@/components/shell/shell-context";
import { ThemeToggle } from "@/components/shell/theme-toggle";
import { Clock } from "@/components/time/clock";
import { Kbd } from "@/components/ui/kbd";

export interface Crumb {
  label: string;
  /** The last one, the page itself, has none. */
  href?: string;
}

export interface PageProps {
  crumbs: readonly Crumb[];
  children: ReactNode;
}

/** What stands on the sheet: the bar with the way here, then `main`. Every page, loading and error file renders one. */
export function Page({ crumbs, children }: PageProps) {
  return (
    <>
      <Bar crumbs={crumbs} />
      <main id="main" tabIndex={-1} className="max-w-[calc(var(--content)+64px)] px-8 pt-8 pb-14 outline-none max-lg:px-4 max-lg:pt-5 max-lg:pb-10 max-lg:mx-auto print:max-w-none print:p-0">
        {children}
      </main>
    </>
  );
}

function Bar({ crumbs }: { crumbs: readonly Crumb[] }) {
  const shell = useShell();
  return (
    <header className="flex h-12 items-center gap-3 border-b border-line pr-3.5 pl-8 text-table text-ink-3 max-lg:hidden print:hidden">
      <nav aria-label="Breadcrumb" className="min-w-0">
        <ol className="flex min-w-0 items-center gap-[7px] whitespace-nowrap">
          {crumbs.map(({ label, href }, index) => (
            <li key={`${index}${label}`} className="flex min-w-0 items-center gap-[7px]">
              {index > 0 ? <ChevronRight size={14} strokeWidth={1.75} aria-hidden className="shrink-0" /> : null}
              {href ? (
                <Link href={href} className="truncate rounded-[3px] py-0.5 text-ink-2 hover:text-ink">
                  {label}
                </Link>
              ) : (
                <span aria-current="page" className="truncate font-medium text-ink">
                  {label}
                </span>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <Clock now={shell?.now} className="ml-auto shrink-0" />
      <button
        type="button"
        onClick={() => shell?.openCommandMenu()}
        aria-keyshortcuts="Meta+K Control+K"
        className="flex h-[30px] w-[212px] shrink-0 items-center gap-2 rounded-control pr-1.5 pl-[9px] inset-ring inset-ring-line-strong hover:bg-hover"
      >
        <Search size={14} strokeWidth={1.75} aria-hidden />
        Search or jump to
        <Kbd className="ml-auto">
          <JumpKey />
        </Kbd>
      </button>
      <ThemeToggle />
    </header>
  );
}

const never = () => () => {};

/** ⌘ on Apple's keyboards, Ctrl elsewhere. */
function JumpKey() {
  return useSyncExternalStore(
    never,
    () => (/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K"),
    () => "⌘K",
  );
}
