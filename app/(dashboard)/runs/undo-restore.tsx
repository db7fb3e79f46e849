"use client";

import { Undo2 } from "lucide-react";
import { ConfirmDialog, type Consequence } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { duration } from "@/lib/format/durations";
import { minuteTime, timeOfDay } from "@/lib/format/times";
import type { RestoreView } from "@/lib/restore/result";
import { undoRestoreAction } from "./restore-actions";
import { useFollowRun } from "./follow-run";

export type UndoFacts = Pick<RestoreView, "id" | "targetName" | "kept" | "decision" | "downtimeMs" | "swappedAt" | "undoneAt" | "backup">;

/** Swaps the two databases once more: back to the one from before, or after an undo forth to the restored one. */
export function UndoRestore({ restore, way }: { restore: UndoFacts; way: "undo" | "redo" }) {
  const run = useFollowRun();
  const { targetName, kept, decision, downtimeMs } = restore;
  const isUndo = way === "undo";
  const since = isUndo ? restore.swappedAt : restore.undoneAt;
  const away = downtimeMs === null ? "for a moment" : `for about ${duration(downtimeMs)}`;
  const consequences: Consequence[] = [
    { text: <><b>Rows written to {targetName} since {since ? `${timeOfDay(since)} UTC` : "then"} are left behind</b> in the database that is taken out.</> },
    { text: decision.stops.length > 0 ? `${decision.stops.join(", ")} ${decision.stops.length === 1 ? "is" : "are"} stopped ${away} and started again.` : `Every connection to ${targetName} is closed; it is away ${away}.` },
  ];
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <Undo2 size={16} strokeWidth={1.75} aria-hidden />
          {isUndo ? "Undo restore" : "Redo restore"}
        </Button>
      }
      title={isUndo ? `Undo the restore of ${targetName}` : `Put the restored database back as ${targetName}`}
      description={isUndo ? `${targetName} becomes the database from before the restore again.` : `${targetName} becomes the backup of ${minuteTime(restore.backup.takenAt)} again, with what was written to it until the undo.`}
      consequences={consequences}
      safetyNet={<><b>Nothing is lost:</b> the database that is taken out is kept{kept?.until ? ` until ${minuteTime(kept.until)} UTC` : ""}, so this can be taken back too.</>}
      reason="required"
      phrase={targetName}
      confirmLabel={isUndo ? "Undo restore" : "Redo restore"}
      pendingLabel="Starting…"
      onConfirm={async ({ phrase, reason }) => run.keep(await undoRestoreAction({ restoreId: restore.id, phrase, reason }))}
      onDone={run.follow}
    />
  );
}
