import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our own names, so that `text-table text-ink-3` is read as a size and a colour and not as two of one kind.
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["caption", "table", "body", "section", "title", "verdict", "figure"],
      radius: ["mark", "chip", "control", "panel", "sheet"],
      tracking: ["snug"],
    },
  },
});

/** Joins class names; of two that contradict each other the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
