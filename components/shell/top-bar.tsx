"use client";

import { Menu, Search } from "lucide-react";
import Link from "next/link";
import * as Dialog from "radix-ui/dialog";
import { useState } from "react";
import { Mark } from "@/components/shell/mark";
import { useShell } from "@/components/shell/shell-context";
import { Sidebar, type SidebarProps } from "@/components/shell/sidebar";
import { ThemeToggle } from "@/components/shell/theme-toggle";
import { IconButton } from "@/components/ui/icon-button";

/** Under 1024: brand, search, and the sidebar behind a button. */
export function TopBar(props: SidebarProps) {
  const shell = useShell();
  const [open, setOpen] = useState(false);
  return (
    <header className="sticky top-0 z-20 flex h-[52px] items-center gap-2.5 border-b border-line bg-canvas px-4 lg:hidden print:hidden">
      <Link href="/" className="flex items-center gap-2.5 rounded-control py-1 font-semibold tracking-[-0.015em]">
        <Mark size={22} />
        Holdfast
      </Link>
      <div className="ml-auto flex gap-1">
        <IconButton label="Search or jump to" onClick={() => shell?.openCommandMenu()}>
          <Search size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
        <ThemeToggle />
        <Dialog.Root open={open} onOpenChange={setOpen}>
          <Dialog.Trigger asChild>
            <IconButton label="Menu">
              <Menu size={18} strokeWidth={1.75} aria-hidden />
            </IconButton>
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Overlay className="fixed inset-0 z-40 bg-[var(--scrim)]" />
            <Dialog.Content aria-describedby={undefined} className="fixed inset-y-0 left-0 z-50 w-[280px] max-w-[85vw] overflow-y-auto bg-canvas shadow-[var(--shadow-overlay)]">
              <Dialog.Title className="sr-only">Menu</Dialog.Title>
              <Sidebar {...props} onNavigate={() => setOpen(false)} />
            </Dialog.Content>
          </Dialog.Portal>
        </Dialog.Root>
      </div>
    </header>
  );
}
