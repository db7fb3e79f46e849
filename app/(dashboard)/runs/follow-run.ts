"use client";

import { useRouter } from "next/navigation";
import { useRef } from "react";
import type { ActionResult } from "@/lib/action";

/** For dialogs that start a run: remembers which, and goes to its page once the dialog is closed. */
export function useFollowRun(): { keep: <R extends ActionResult<{ runId: number }>>(result: R) => R; follow: () => void } {
  const router = useRouter();
  // What the deed returned, kept for the moment after the dialog has closed; nothing is drawn from it.
  const runId = useRef<number | null>(null);
  return {
    keep: (result) => {
      if (result.ok) runId.current = result.data.runId;
      return result;
    },
    follow: () => {
      if (runId.current !== null) router.push(`/runs/${runId.current}`);
    },
  };
}
