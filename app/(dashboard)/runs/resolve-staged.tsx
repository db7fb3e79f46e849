"use client";

import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { plural } from "@/lib/format/counts";
import type { RestoreView } from "@/lib/restore/result";
import { resolveStagedAction } from "./restore-actions";
import { useFollowRun } from "./follow-run";

export type StagedFacts = Pick<RestoreView, "id" | "targetName" | "stagingName" | "decision" | "hadPrevious" | "method"> & { missing: readonly string[] };

/** The two ways out of a restore whose data is whole and that is not in place: put it there with what it may lack, or remove it. */
export function ResolveStaged({ restore }: { restore: StagedFacts }) {
  const swap = useFollowRun();
  const drop = useFollowRun();
  const { id, targetName, stagingName, decision, missing, hadPrevious } = restore;
  const replaces = hadPrevious && restore.method === "swap";
  return (
    <>
      <ConfirmDialog
        trigger={<Button>{missing.length > 0 ? "Put it in place without them" : "Put it in place"}</Button>}
        title={`${replaces ? "Replace" : "Make"} ${targetName} ${replaces ? "with" : "from"} ${missing.length > 0 ? `a copy that lacks ${plural(missing.length, "thing")}` : "the copy that was compared"}`}
        consequences={[
          ...(missing.length === 0 ? [] : [{ text: <><b>{targetName} lacks {missing.slice(0, 3).join("; ")}{missing.length > 3 ? ` and ${missing.length - 3} more` : ""}.</b> It counts as restored with exceptions, never as proven.</> }]),
          ...(replaces ? [{ text: decision.stops.length > 0 ? `${decision.stops.join(", ")} ${decision.stops.length === 1 ? "is" : "are"} stopped for the swap and started again.` : `Every connection to ${targetName} is closed for the swap.` }] : []),
        ]}
        safetyNet={replaces ? <><b>You can undo it:</b> the database from before is kept for {decision.keepHours} h.</> : undefined}
        reason="required"
        phrase={targetName}
        confirmLabel={replaces ? `Replace ${targetName}` : `Make ${targetName}`}
        pendingLabel="Starting…"
        onConfirm={async ({ phrase, reason }) => swap.keep(await resolveStagedAction({ restoreId: id, decide: "swap", phrase, reason }))}
        onDone={swap.follow}
      />
      <ConfirmDialog
        trigger={<Button variant="danger-quiet">Remove what was staged</Button>}
        title={`Remove the staging database of ${targetName}`}
        consequences={[{ text: <><b>{stagingName ?? "The staging database"} is dropped.</b> Restoring again starts from the beginning.</> }]}
        safetyNet={<><b>Not touched:</b> {targetName} as it is now, and the backup.</>}
        phrase={stagingName ?? ""}
        confirmLabel="Remove what was staged"
        pendingLabel="Starting…"
        onConfirm={async ({ phrase, reason }) => drop.keep(await resolveStagedAction({ restoreId: id, decide: "drop", phrase, reason }))}
        onDone={drop.follow}
      />
    </>
  );
}
