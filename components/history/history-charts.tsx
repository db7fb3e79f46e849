import { axisTime, ChartFigure } from "@/components/charts/chart-frame";
import { RecoveryPointChart } from "@/components/charts/recovery-point-chart";
import { RecoveryTimeChart } from "@/components/charts/recovery-time-chart";
import { byteScale, timeScale } from "@/components/charts/scale";
import { TrendChart } from "@/components/charts/trend-chart";
import { MeasuredTable, PointDaysTable, TrendTable } from "@/components/history/history-tables";
import { bytes } from "@/lib/format/bytes";
import { duration } from "@/lib/format/durations";
import { durationConclusion, pointConclusion, sizeConclusion, timeConclusion } from "@/lib/history/conclusions";
import { gapWords } from "@/lib/history/evidence";
import { dayMs, startOfDay } from "@/lib/history/intervals";
import type { History } from "@/lib/history/read";
import type { HistoryTable } from "@/lib/history/search-params";
import { targetsWithin } from "@/lib/history/targets";

export interface HistoryChartsProps {
  history: History;
  /** "24 Aug to 22 Sep 2026" */
  days: string;
  /** The chart that is shown as a table too, and where the links lead; null on paper. */
  tables: { shown: HistoryTable | null; href: (table: HistoryTable | null) => string } | null;
}

/** The axis shows whole days; the rest of today has not happened yet. */
function axisOf({ range }: History) {
  return { from: range.from, to: startOfDay(range.to) + dayMs };
}

/** What could have been lost and how long getting back took, against the targets of their time. */
export function RecoveryCharts({ history, days, tables }: HistoryChartsProps) {
  const axis = axisOf(history);
  const promised = { from: Math.max(axis.from, Math.min(history.database.registeredAt, history.range.to)), to: axis.to };
  const rpo = targetsWithin(history.targets.rpo, promised);
  const rto = targetsWithin(history.targets.rto, promised);
  const point = pointConclusion(history.days, history.pointBreaches, distinct(rpo));
  const time = timeConclusion(history.measured, history.failed, distinct(rto));
  const { toggle, isShown } = toggles(tables);
  return (
    <>
      <ChartFigure title="Recovery point: age of the newest recoverable data" conclusion={point} toggle={toggle("point")} table={isShown("point") ? <PointDaysTable days={history.days} targets={history.targets.rpo} /> : null}>
        <RecoveryPointChart label={`Age of the newest recoverable data, ${days}. ${point}`} {...axis} segments={history.seen} targets={rpo} gaps={history.gaps.map(({ from, to, why }) => ({ from, to, words: gapWords[why] }))} breaches={history.pointBreaches} />
      </ChartFigure>
      <ChartFigure title="Recovery time: measured by drills and restores" conclusion={time} toggle={history.measured.length > 0 ? toggle("time") : undefined} className="mt-10" table={isShown("time") ? <MeasuredTable measured={history.measured} now={history.range.to} /> : null}>
        <RecoveryTimeChart label={`Time to restore, a bar per drill and restore, ${days}. ${time}`} {...axis} measured={history.measured} targets={rto} />
      </ChartFigure>
    </>
  );
}

/** How large backups are and how long they take. */
export function TrendCharts({ history, days, tables }: HistoryChartsProps) {
  const axis = axisOf(history);
  const size = sizeConclusion(history.trend);
  const time = durationConclusion(history.trend);
  const { toggle, isShown } = toggles(tables);
  const hasPoints = history.trend.length > 0;
  const table = <TrendTable points={history.trend} now={history.range.to} />;
  return (
    <div className="mt-10 grid grid-cols-2 gap-x-12 gap-y-10 max-lg:grid-cols-1">
      <ChartFigure small title="Size of backups" conclusion={size} toggle={hasPoints ? toggle("size") : undefined} table={isShown("size") ? table : null}>
        {hasPoints ? <TrendChart label={`Size of backups, ${days}. ${size}`} {...axis} points={history.trend.map(({ at, sizeBytes }) => ({ at, value: sizeBytes }))} scale={byteScale} unit={bytes} axis={(value) => (value === 0 ? "0" : bytes(value))} /> : null}
      </ChartFigure>
      <ChartFigure small title="Duration of backups, until stored" conclusion={time} toggle={hasPoints ? toggle("duration") : undefined} table={isShown("duration") ? table : null}>
        {hasPoints ? <TrendChart label={`Duration of backups, ${days}. ${time}`} {...axis} points={history.trend.flatMap(({ at, storedMs }) => (storedMs === null ? [] : [{ at, value: storedMs }]))} scale={timeScale} unit={duration} axis={axisTime} /> : null}
      </ChartFigure>
    </div>
  );
}

function toggles(tables: HistoryChartsProps["tables"]) {
  const isShown = (table: HistoryTable) => tables?.shown === table;
  return { isShown, toggle: (table: HistoryTable) => (tables ? { shown: isShown(table), href: tables.href(isShown(table) ? null : table) } : undefined) };
}

function distinct(targets: readonly { seconds: number }[]): number[] {
  return [...new Set(targets.map(({ seconds }) => seconds))];
}
