"use client";

import { Moon, Sun } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";

/** Light or dark, remembered on this device. Until it is pressed the system decides. */
export function ThemeToggle() {
  return (
    <IconButton
      label="Switch between light and dark"
      onClick={() => {
        const root = document.documentElement;
        const next = root.dataset["theme"] === "dark" ? "light" : "dark";
        root.dataset["theme"] = next;
        try {
          localStorage.setItem("theme", next);
        } catch {
          // Storage is blocked: the choice holds until the page is reloaded.
        }
      }}
    >
      {/* Both are there and the style sheet shows one: the server does not know the theme. */}
      <Moon size={16} strokeWidth={1.75} aria-hidden className="dark:hidden" />
      <Sun size={16} strokeWidth={1.75} aria-hidden className="hidden dark:block" />
    </IconButton>
  );
}
