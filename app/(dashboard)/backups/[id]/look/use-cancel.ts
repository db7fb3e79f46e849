"use client";

import { useRef } from "react";
import { toast } from "sonner";
import { cancelRunAction } from "@/app/(dashboard)/runs/actions";
import type { ActionResult } from "@/lib/action";

/** Remembers which run a question became, so that it can be stopped. */
export function useCancel() {
  const runId = useRef<number | null>(null);
  return {
    async watch(asked: Promise<ActionResult<{ runId: number }>>): Promise<ActionResult<{ runId: number }>> {
      runId.current = null;
      const result = await asked;
      if (result.ok) runId.current = result.data.runId;
      return result;
    },
    cancel() {
      if (runId.current === null) return;
      void cancelRunAction({ runId: runId.current }).then((result) => {
        if (!result.ok) toast.error(result.error.message);
      });
    },
  };
}
