"use client";

import { Keyboard, LogOut } from "lucide-react";
import { useTransition } from "react";
import { useShell } from "@/components/shell/shell-context";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";

export interface ShellUser {
  name: string;
  /** As it is shown: "Admin". */
  role: string;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words.at(0)?.at(0) ?? "?"}${words.length > 1 ? (words.at(-1)?.at(0) ?? "") : ""}`.toUpperCase();
}

/** Who is signed in, and the way out. */
export function UserMenu({ user, signOut }: { user: ShellUser; signOut: () => Promise<void> }) {
  const shell = useShell();
  const [pending, start] = useTransition();
  return (
    <div className="border-t border-line pt-2">
      <DropdownMenu>
        <DropdownMenuTrigger className="flex w-full items-center gap-[9px] rounded-control px-2 py-1 text-left text-[13px]/4 hover:bg-ink/3 data-[state=open]:bg-ink/3 touch:min-h-11">
          <span aria-hidden className="grid size-[26px] shrink-0 place-items-center rounded-full bg-accent-soft text-[11px] font-semibold text-accent">
            {initials(user.name)}
          </span>
          <span className="min-w-0">
            <span className="block truncate font-medium">{user.name}</span>
            <span className="block text-caption text-ink-3">{user.role}</span>
          </span>
        </DropdownMenuTrigger>
        <DropdownMenuContent className="w-[204px]">
          <DropdownMenuItem onSelect={() => shell?.openShortcuts()}>
            <Keyboard size={16} strokeWidth={1.75} aria-hidden />
            Keyboard shortcuts
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem disabled={pending} onSelect={() => start(signOut)}>
            <LogOut size={16} strokeWidth={1.75} aria-hidden />
            Sign out
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
