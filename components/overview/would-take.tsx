import { gaugeTicks } from "@/components/charts/days";
import { Gauge } from "@/components/charts/gauge";
import { CellSub } from "@/components/data-table/table";
import { stateText } from "@/components/status/status";
import { Time } from "@/components/time/time";
import { Figure } from "@/components/ui/stat-bar";
import { bytes } from "@/lib/format/bytes";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { fullTime } from "@/lib/format/times";
import { neverMeasured } from "@/lib/history/words";
import type { OverviewDatabase } from "@/lib/monitoring/schemas";

const tones = { on: "", near: stateText("at_risk"), over: stateText("exposed") } as const;
const words = { drill: "drill", disaster: "disaster drill", restore: "restore" } as const;

/** How long getting back took the last time it was measured with a backup as large, against the target. Nothing is estimated. */
export function WouldTake({ database: { measured, objectiveRtoSeconds, state } }: { database: Pick<OverviewDatabase, "measured" | "objectiveRtoSeconds" | "state"> }) {
  const of = span(objectiveRtoSeconds);
  if (!measured || state === "unknown") {
    return (
      <>
        <Figure of={of} className="text-ink-3">{unknown}</Figure>
        <CellSub>{measured ? <>was {duration(measured.totalMs)}, {words[measured.kind]} <Time at={measured.at} format="shortDay" /></> : neverMeasured}</CellSub>
      </>
    );
  }
  const { totalMs, kind, at, sizeBytes } = measured;
  const took = duration(totalMs);
  const by = `by the ${words[kind]} of ${fullTime(at)}, of a backup of ${bytes(sizeBytes)}`;
  return (
    <div title={`Measured ${by}`}>
      <Figure of={of} className={tones[gaugeTicks(totalMs, objectiveRtoSeconds * 1_000).tone]}>{took}</Figure>
      <Gauge value={totalMs} target={objectiveRtoSeconds * 1_000} label={`${took} of ${of}, measured ${by}`} />
    </div>
  );
}
