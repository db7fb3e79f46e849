"use client";

import { stepBytesWords } from "@/components/runs/step-bytes";
import { Elapsed } from "@/components/time/age";
import { useNow } from "@/components/time/now";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { ageSpan } from "@/lib/format/ages";
import { bytes, rate } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { recentRate, type RunView, stalledFor } from "@/lib/runs/live";
import { isActive } from "@/lib/runs/schemas";

/** The figures of a run: how long, how much, how fast, and whether it still moves. */
export function RunStats({ view }: { view: RunView }) {
  const now = useNow(view.now) ?? Date.parse(view.now);
  const { progress, last } = view;
  if (!isActive(view.status)) return <Finished view={view} />;
  const words = stepBytesWords(view);
  const stall = stalledFor(view, now);
  const hasBytes = progress !== null && progress.bytes > 0;
  return (
    <StatBar>
      <Stat label={view.startedAt ? "Elapsed" : "Waiting"} note={last ? `last time ${duration(last.ms)}` : "no earlier run to compare with"}>
        <Elapsed since={view.startedAt ?? view.queuedAt} now={view.now} />
      </Stat>
      <Stat label={words.label} note={words.note}>
        {hasBytes ? bytes(progress.bytes) : unknown}
      </Stat>
      <Stat label="Rate" note={words.rate}>
        {hasBytes ? rate(recentRate(progress.perSecond)) : unknown}
      </Stat>
      <Stat label="Last data" note={stall === null ? "a stall shows after 40 s" : <span className="font-medium text-at-risk">stalled: nothing moves</span>}>
        {stall === null ? hasBytes && progress.lastDataAt ? `${ageSpan(progress.lastDataAt, now)} ago` : unknown : <span className="text-at-risk">no data for {duration(stall)}</span>}
      </Stat>
    </StatBar>
  );
}

/** Once it is over: how long it took and what came of it. */
function Finished({ view }: { view: RunView }) {
  const { startedAt, finishedAt, last, backup, kind } = view;
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  const waited = startedAt ? Date.parse(startedAt) - Date.parse(view.queuedAt) : null;
  return (
    <StatBar>
      <Stat label="Took" note={last ? `last time ${duration(last.ms)}` : "no earlier run to compare with"}>
        {took === null ? "not started" : duration(took)}
      </Stat>
      <Stat label="Waited for the worker" note="from being asked to being claimed">
        {duration(waited)}
      </Stat>
      {kind === "backup" ? (
        <Stat label="Stored" note={last?.sizeBytes ? `last time ${bytes(last.sizeBytes)}` : "as it lies in the store"}>
          {backup ? bytes(backup.sizeBytes) : "nothing"}
        </Stat>
      ) : null}
    </StatBar>
  );
}
