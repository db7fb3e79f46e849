"use client";

import { Toaster as Sonner } from "sonner";
import { Octagon, Tick, Triangle } from "@/components/ui/shapes";

/** Where `toast()` of sonner appears. For what is done and can be undone; never for the only word about a failure. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      className="font-sans!"
      icons={{ success: <Tick className="text-protected" />, error: <Octagon className="text-exposed" />, warning: <Triangle className="text-at-risk" /> }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-[356px] max-w-full items-start gap-3 rounded-panel bg-raised px-3.5 py-3 text-table text-ink shadow-[var(--shadow-overlay)] [--cut:var(--raised)]",
          icon: "mt-0.5",
          content: "min-w-0 flex-1",
          title: "font-semibold",
          description: "text-ink-2",
          actionButton: "h-7 shrink-0 rounded-control px-2.5 text-table font-medium text-accent hover:bg-hover touch:h-11",
          cancelButton: "h-7 shrink-0 rounded-control px-2.5 text-table font-medium text-ink-2 hover:bg-hover touch:h-11",
        },
      }}
    />
  );
}
