"use client";

import { Trash2 } from "lucide-react";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { bytes } from "@/lib/format/bytes";
import type { KeptDatabase } from "@/lib/restore/read-kept";
import { dropKeptAction } from "./restore-actions";
import { useFollowRun } from "./follow-run";

export type KeptFacts = Pick<KeptDatabase, "restoreId" | "name" | "sizeBytes" | "database" | "what">;

/** Drops a database that a restore keeps, before its time is over. */
export function RemoveKept({ kept, label = "Remove now" }: { kept: KeptFacts; label?: string }) {
  const run = useFollowRun();
  const { name, sizeBytes, database, what } = kept;
  const isBefore = what === "before";
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="danger-quiet" aria-label={`${label}: ${name}`}>
          <Trash2 size={16} strokeWidth={1.75} aria-hidden />
          {label}
        </Button>
      }
      title={`Remove ${name}`}
      consequences={[
        { text: <><b>The {isBefore ? "restore" : "undo"} of {database} cannot be undone any more.</b></> },
        { text: isBefore ? "What was only in the database from before the restore is gone for good." : "What was restored, and written to it until the undo, is gone for good." },
      ]}
      safetyNet={<><b>Not touched:</b> {database} as it is now, and its backups. {sizeBytes === null ? "Its room on the disk" : bytes(sizeBytes)} becomes free.</>}
      reason="required"
      phrase={name}
      confirmLabel={`Remove ${isBefore ? "the database from before" : "the restored database"}`}
      pendingLabel="Starting…"
      onConfirm={async ({ phrase, reason }) => run.keep(await dropKeptAction({ restoreId: kept.restoreId, phrase, reason }))}
      onDone={run.follow}
    />
  );
}
