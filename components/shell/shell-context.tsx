"use client";

import dynamic from "next/dynamic";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { CommandItem } from "@/components/shell/command-menu";

// Neither is needed to read a page, so neither is loaded before somebody asks for it.
const CommandMenu = dynamic(() => import("@/components/shell/command-menu").then((module) => module.CommandMenu));
const ShortcutsDialog = dynamic(() => import("@/components/shell/shortcuts-dialog").then((module) => module.ShortcutsDialog));

interface Shell {
  /** The server's time when the frame was drawn. */
  now: string;
  openCommandMenu: () => void;
  openShortcuts: () => void;
}
const Context = createContext<Shell | null>(null);

/** What the frame offers to its parts. */
export function useShell(): Shell | null {
  return useContext(Context);
}

const storageKey = "single-key-shortcuts";
const listeners = new Set<() => void>();

/** Single keys can be turned off: speech input and trembling hands press them by accident (WCAG 2.1.4). */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(storageKey) !== "off",
    () => true,
  );
  return [
    on,
    (next) => {
      localStorage.setItem(storageKey, next ? "on" : "off");
      for (const listener of listeners) listener();
    },
  ];
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, [role=menu] *, [role=dialog] *, [role=alertdialog] *"));
}

/** Holds the command menu, the list of shortcuts, and the keys that open them. */
export function ShellProvider({ now, items, children }: { now: string; items: readonly CommandItem[]; children: ReactNode }) {
  const [open, setOpen] = useState<"menu" | "shortcuts" | null>(null);
  const [singleKeys] = useSingleKeys();

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        setOpen((current) => (current === "menu" ? null : "menu"));
        return;
      }
      if (!singleKeys || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") {
        event.preventDefault();
        setOpen("shortcuts");
      } else if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("[data-search]");
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [singleKeys]);

  const shell = useMemo<Shell>(() => ({ now, openCommandMenu: () => setOpen("menu"), openShortcuts: () => setOpen("shortcuts") }), [now]);
  return (
    <Context value={shell}>
      {children}
      {open === "menu" ? <CommandMenu items={items} onClose={() => setOpen(null)} /> : null}
      {open === "shortcuts" ? <ShortcutsDialog onClose={() => setOpen(null)} /> : null}
    </Context>
  );
}
