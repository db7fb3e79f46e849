import Link from "next/link";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { count, plural } from "@/lib/format/counts";
import { isOver, type RestoreView } from "@/lib/restore/result";
import { resultTitle } from "@/lib/restore/result-words";
import { retryHref } from "@/lib/restore/retry";
import type { RunView } from "@/lib/runs/live";
import { ResolveStaged } from "../resolve-staged";
import { UndoBanner } from "./undo-banner";

/** What follows from the end of a run about a restore: decide on what is staged, try again, or go to the result. */
export function RestoreAside({ view, restore, mayRestore }: { view: RunView; restore: RestoreView; mayRestore: boolean }) {
  const { outcome, ...facts } = restore;
  const isOwn = view.id === restore.runId;
  if (isOver(restore)) {
    // A run that followed the restore: where it led, and the way back from there.
    return (
      <div className="mt-2.5 grid gap-2.5">
        <UndoBanner restore={facts} mayRestore={mayRestore} />
        <p className="text-table text-ink-2">
          {resultTitle(restore)}. <TextLink href={`/runs/${restore.runId}`}>Result of the restore, run {count(restore.runId)}</TextLink>
        </p>
      </div>
    );
  }
  const missing = outcome?.exceptions ?? [];
  const isWaiting = restore.state === "staged_incomplete";
  return (
    <div className="mt-2.5 grid gap-2.5">
      {isWaiting && missing.length === 0 ? <Banner tone="warning" title="What was restored is whole, and has not been put in place.">It was compared and waits as <code>{restore.stagingName}</code>.</Banner> : null}
      {isWaiting && missing.length > 0 ? (
        <Banner tone="warning" title={`${plural(missing.length, "thing")} behind the rows could not be made.`}>
          <ul className="mt-1 list-disc pl-4">
            {missing.slice(0, 20).map((one) => (
              <li key={one}>
                <code>{one}</code>
              </li>
            ))}
            {missing.length > 20 ? <li>and {count(missing.length - 20)} more, in the log</li> : null}
          </ul>
        </Banner>
      ) : null}
      {restore.stopped.length > 0 ? <Banner tone="danger" title={`${restore.stopped.join(", ")} ${restore.stopped.length === 1 ? "is" : "are"} still stopped.`}>Holdfast goes on trying to start what the restore stopped.</Banner> : null}
      {mayRestore ? (
        <div className="flex flex-wrap gap-2">
          {restore.backup.isDeleted || (!isOwn && !isWaiting) ? null : (
            <Button asChild variant={isWaiting ? "default" : "primary"}>
              <Link href={retryHref(restore.decision)}>Restore again, with a new plan</Link>
            </Button>
          )}
          {isWaiting ? <ResolveStaged restore={{ ...facts, missing }} /> : null}
        </div>
      ) : null}
      {isOwn ? null : (
        <p className="text-table text-ink-2">
          <TextLink href={`/runs/${restore.runId}`}>The restore itself, run {count(restore.runId)}</TextLink>
        </p>
      )}
    </div>
  );
}
