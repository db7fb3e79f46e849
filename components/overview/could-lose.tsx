"use client";

import { Gauge } from "@/components/charts/gauge";
import { gaugeTicks } from "@/components/charts/days";
import { stateText } from "@/components/status/status";
import { Time } from "@/components/time/time";
import { useNow } from "@/components/time/now";
import { CellSub } from "@/components/data-table/table";
import { Figure } from "@/components/ui/stat-bar";
import { elapsed, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import type { OverviewDatabase } from "@/lib/monitoring/schemas";

const tones = { on: "", near: stateText("at_risk"), over: stateText("exposed") } as const;

/** What would be lost now against the target, ticking. Without evidence an em dash, and since when. */
export function CouldLose({ database, now: initial }: { database: OverviewDatabase; now: string }) {
  const now = useNow(initial) ?? Date.parse(initial);
  const { newest, objectiveRpoSeconds: target, unknownSince, state } = database;
  const of = span(target);
  if (!newest) {
    return (
      <>
        <Figure of={of} className="text-ink-3">{unknown}</Figure>
        <CellSub>{state === "exposed" ? "all of it, as far as is known" : unknownSince ? <>no evidence since <Time at={unknownSince} format="minute" /></> : "no evidence yet"}</CellSub>
      </>
    );
  }
  const lostMs = Math.max(0, now - Date.parse(newest.takenAt));
  const words = elapsed(lostMs);
  return (
    <>
      <Figure of={of} className={tones[gaugeTicks(lostMs, target * 1_000).tone]}>{words}</Figure>
      <Gauge value={lostMs} target={target * 1_000} label={`${words} of ${of}`} />
    </>
  );
}
