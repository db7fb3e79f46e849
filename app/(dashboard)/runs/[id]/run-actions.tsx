"use client";

import { RotateCcw, SquareX } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { Button } from "@/components/ui/button";
import { ifCancelled } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";
import { cancelRunAction, restartRunAction } from "../actions";

/** Cancel while it runs; start again when a backup came to nothing. */
export function RunActions({ view, onChanged }: { view: RunView; onChanged: () => void }) {
  if (isActive(view.status)) return <CancelRun view={view} onChanged={onChanged} />;
  const failed = view.status === "failed" || view.status === "cancelled" || view.status === "lost";
  return failed && view.kind === "backup" ? <StartAgain view={view} /> : null;
}

function CancelRun({ view, onChanged }: { view: RunView; onChanged: () => void }) {
  if (view.isFinal) return <span className="text-table text-ink-2">It is being brought to its end</span>;
  if (view.cancelRequestedBy) return <span className="text-table text-ink-2">{view.cancelRequestedBy} asked it to stop</span>;
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <SquareX size={16} strokeWidth={1.75} aria-hidden />
          Cancel run
        </Button>
      }
      title={`Cancel run ${view.id}: ${view.title}`}
      description={ifCancelled(view)}
      confirmLabel="Cancel run"
      pendingLabel="Cancelling…"
      tone="primary"
      onConfirm={() => cancelRunAction({ runId: view.id })}
      onDone={onChanged}
    />
  );
}

function StartAgain({ view }: { view: RunView }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const start = async () => {
    setPending(true);
    const result = await restartRunAction({ runId: view.id }).catch(() => null);
    setPending(false);
    if (result?.ok) router.push(`/runs/${result.data.runId}`);
    else toast.error(result?.error.message ?? "No answer came back, so it is not known whether it was started.", { description: result?.error.hint ?? "Look at the runs first." });
  };
  return (
    <Button variant="primary" pending={pending} onClick={() => void start()}>
      <RotateCcw size={16} strokeWidth={1.75} aria-hidden className="text-on-accent!" />
      {pending ? "Starting…" : "Start again"}
    </Button>
  );
}
