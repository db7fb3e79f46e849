"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { ActiveRuns, WorkerLine, WorstState } from "@/components/shell/live-status";
import { Mark } from "@/components/shell/mark";
import { isCurrent, nav } from "@/components/shell/nav";
import type { ShellStatus } from "@/components/shell/schema";
import { type ShellUser, UserMenu } from "@/components/shell/user-menu";
import { cn } from "@/components/ui/cn";

export interface SidebarProps {
  user: ShellUser;
  installationName: string;
  status: ShellStatus;
  signOut: () => Promise<void>;
}

/** Brand, pages, and at the foot what is going on. The same in the column at the left and in the drawer. */
export function Sidebar({ user, installationName, status, signOut, onNavigate = () => {} }: SidebarProps & { onNavigate?: () => void }) {
  const path = usePathname() ?? "";
  return (
    <div className="flex min-h-full flex-col gap-6 px-3 pt-4 pb-3">
      <div>
        <Link href="/" onClick={onNavigate} className="mb-[18px] flex h-[30px] items-center gap-2.5 rounded-control px-2">
          <Mark />
          <span className="min-w-0">
            <span className="block text-[15px]/[18px] font-semibold tracking-[-0.015em]">Holdfast</span>
            <span className="block truncate text-[12px]/[15px] text-ink-3">{installationName}</span>
          </span>
        </Link>
        <nav aria-label="Main">
          <ul>
            {nav.map((item) => {
              const { label, href, icon: Icon, apart } = item;
              return (
                <li key={href} className={cn("mb-0.5", apart && "mt-3.5")}>
                  <Link
                    href={href}
                    onClick={onNavigate}
                    aria-current={isCurrent(item, path) ? "page" : undefined}
                    className="group flex h-8 items-center gap-2.5 rounded-control px-2 text-[13.5px] font-medium text-ink-2 hover:bg-ink/5 aria-[current]:bg-surface aria-[current]:text-ink aria-[current]:shadow-[0_0_0_1px_var(--line),var(--shadow-control)] touch:h-11"
                  >
                    <Icon size={16} strokeWidth={1.75} aria-hidden className="text-ink-3 group-aria-[current]:text-accent" />
                    {label}
                    {href === "/" ? <WorstState initial={status} /> : null}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
      </div>
      <div className="mt-auto grid gap-3">
        <ActiveRuns initial={status} />
        <WorkerLine initial={status} />
        <UserMenu user={user} signOut={signOut} />
      </div>
    </div>
  );
}
