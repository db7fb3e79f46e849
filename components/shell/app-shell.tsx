import type { ReactNode } from "react";
import type { CommandItem } from "@/components/shell/command-menu";
import { LiveFavicon } from "@/components/shell/live-favicon";
import { ShellProvider } from "@/components/shell/shell-context";
import { Sidebar, type SidebarProps } from "@/components/shell/sidebar";
import { TopBar } from "@/components/shell/top-bar";

export interface AppShellProps extends SidebarProps {
  /** For ⌘K, beside the pages: databases, the newest backups. */
  commandItems?: readonly CommandItem[];
  /** A `Page`. */
  children: ReactNode;
}

/** The frame: sidebar at the left, the sheet that work happens on. */
export function AppShell({ user, installationName, status, signOut, commandItems = [], children }: AppShellProps) {
  const side = { user, installationName, status, signOut };
  return (
    <ShellProvider now={status.now} items={commandItems}>
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed! focus:top-3 focus:left-3 focus:z-50 focus:rounded-control focus:bg-raised focus:px-3 focus:py-2 focus:text-table focus:font-medium">
        Skip to content
      </a>
      <div className="min-h-dvh lg:grid lg:grid-cols-[var(--sidebar)_minmax(0,1fr)] print:block">
        <aside aria-label="Pages and progress" className="sticky top-0 h-dvh overflow-y-auto max-lg:hidden print:hidden">
          <Sidebar {...side} />
        </aside>
        <TopBar {...side} />
        <LiveFavicon initial={status} />
        <div className="min-w-0 bg-surface lg:my-2 lg:mr-2 lg:rounded-sheet lg:border lg:border-line print:m-0 print:border-0">{children}</div>
      </div>
    </ShellProvider>
  );
}
