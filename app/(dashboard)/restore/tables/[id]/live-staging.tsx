"use client";

import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/confirm/confirm-dialog";
import { RunSteps } from "@/components/runs/run-steps";
import { useLiveRun } from "@/components/runs/use-live-run";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Columns, Section } from "@/components/ui/section";
import { ifCancelled } from "@/lib/runs/consequences";
import type { RunView } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";
import { cancelRunAction } from "../../../runs/actions";

/** The run that works on these tables now, step by step. The page goes on by itself when it is over. */
export function LiveStaging({ initial, mayCancel }: { initial: RunView; mayCancel: boolean }) {
  const router = useRouter();
  const { view, unreachable } = useLiveRun(initial, false);
  return (
    <>
      {unreachable ? <Banner className="mb-5" live title="Holdfast does not answer this page.">The run goes on without it; what you see is from the last answer.</Banner> : null}
      {!view.workerHeard && isActive(view.status) ? <Banner className="mb-5" live title="No worker was heard for 30 s.">Whether this run goes on is not known. Live tables are changed in one transaction or not at all.</Banner> : null}
      <Columns>
        <RunSteps view={view} />
        <div>
          <Section first id="leave" title="If you leave">
            <p className="text-table text-ink-2">The run goes on without this page. It stays at the foot of the sidebar.</p>
          </Section>
          {mayCancel && isActive(view.status) ? (
            <Section id="cancel" title="If you cancel" className="mt-7">
              <p className="text-table text-ink-2">{ifCancelled(view)}</p>
              <div className="mt-2.5">
                {view.cancelRequestedBy ? (
                  <span className="text-table text-ink-2">{view.cancelRequestedBy} asked it to stop.</span>
                ) : (
                  <ConfirmDialog
                    trigger={<Button size="sm">Cancel run</Button>}
                    title={`Cancel run ${view.id}: ${view.title}`}
                    description={ifCancelled(view)}
                    confirmLabel="Cancel run"
                    pendingLabel="Cancelling…"
                    tone="primary"
                    onConfirm={() => cancelRunAction({ runId: view.id })}
                    onDone={() => router.refresh()}
                  />
                )}
              </div>
            </Section>
          ) : null}
        </div>
      </Columns>
    </>
  );
}
