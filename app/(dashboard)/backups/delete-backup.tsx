"use client";

import { useRouter } from "next/navigation";
import { useRef, type ReactNode } from "react";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { type Deletion, deletionConsequences } from "@/lib/backup/deletion";
import { fullTime } from "@/lib/format/times";
import { deleteBackupAction } from "./actions";

export interface DeleteBackupProps {
  backup: { id: string; takenAt: string; deletion: Deletion };
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** Asks before a backup is deleted: its database's name typed, a reason given, what is lost counted. Ends on the run that does it. */
export function DeleteBackup({ backup, ...control }: DeleteBackupProps) {
  const router = useRouter();
  const { deletion } = backup;
  // What the deed returned, kept for the moment after the dialog has closed; nothing is drawn from it.
  const runId = useRef<number | null>(null);
  return (
    <ConfirmDialog
      {...control}
      title={`Delete the backup of ${deletion.databaseName} from ${fullTime(backup.takenAt)}`}
      consequences={deletionConsequences(deletion).map((text) => ({ text }))}
      reason="required"
      phrase={deletion.databaseName}
      confirmLabel="Delete backup"
      pendingLabel="Deleting…"
      onConfirm={async ({ phrase, reason }) => {
        const result = await deleteBackupAction({ backupId: backup.id, phrase, reason });
        if (result.ok) runId.current = result.data.runId;
        return result;
      }}
      onDone={() => {
        if (runId.current !== null) router.push(`/runs/${runId.current}`);
      }}
    />
  );
}
