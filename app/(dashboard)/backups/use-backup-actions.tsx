"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { ActionResult } from "@/lib/action";
import { startDrillAction } from "../drills/actions";
import { keepBackupAction, rescanStoreAction, verifyBackupAction } from "./actions";

/** Says what was started and where to follow it, or why it was not. */
export function useStarted() {
  const router = useRouter();
  return (result: ActionResult<{ runId: number }>, started: string) => {
    if (!result.ok) {
      toast.error(result.error.message, { description: result.error.hint });
      return;
    }
    toast.success(started, { action: <Link className="ml-auto inline-flex h-7 shrink-0 items-center rounded-control px-2.5 font-medium text-accent hover:bg-hover touch:h-11" href={`/runs/${result.data.runId}`}>Open run</Link> });
    router.refresh();
  };
}

/** What an operator does with a backup without being asked first: each can be done again or taken back. */
export function useBackupActions(backup: { id: string; name: string; keep: boolean }) {
  const router = useRouter();
  const started = useStarted();
  const keep = async (to: boolean, undo: boolean) => {
    const result = await keepBackupAction({ backupId: backup.id, keep: to });
    if (!result.ok) {
      toast.error(result.error.message, { description: result.error.hint });
      return;
    }
    router.refresh();
    toast.success(to ? `${backup.name} is kept until somebody removes it.` : `${backup.name} is no longer kept on purpose.`, undo ? { action: { label: "Undo", onClick: () => void keep(!to, false) } } : {});
  };
  return {
    verify: async () => started(await verifyBackupAction({ backupId: backup.id }), `Verifying ${backup.name}.`),
    drill: async () => started(await startDrillAction({ backupId: backup.id }), `Drilling ${backup.name}. It is restored beside your databases and touches none of them.`),
    toggleKeep: () => keep(!backup.keep, true),
  };
}

/** Rescans a store. */
export function useRescan() {
  const started = useStarted();
  return async (store: { id: string; name: string }) => started(await rescanStoreAction({ storeId: store.id }), `Rescanning ${store.name}.`);
}
