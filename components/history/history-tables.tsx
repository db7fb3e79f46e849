import { Cell, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { Octagon, Tick } from "@/components/ui/shapes";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import type { PointDay } from "@/lib/history/recovery-point";
import type { Measured } from "@/lib/history/recovery-time";
import { phases, phaseWords } from "@/lib/history/schemas";
import { targetAt, type Target } from "@/lib/history/targets";
import type { TrendPoint } from "@/lib/history/trends";

/** More rows are in the file. */
export const mostRows = 200;

const dayWords = { held: "Held", broken: "Broken", unknown: "No evidence" } as const satisfies Record<PointDay["state"], string>;

/** The days of the recovery point, newest first. */
export function PointDaysTable({ days, targets }: { days: readonly PointDay[]; targets: readonly Target[] }) {
  return (
    <Table caption="Age of the newest recoverable data by day" rows="dense">
      <TableHead>
        <Column>Day (UTC)</Column>
        <Column numeric>Oldest</Column>
        <Column numeric>Target</Column>
        <Column className="pl-7!">Target held</Column>
      </TableHead>
      <TableBody>
        {days.toReversed().map((day) => {
          const target = targetAt(targets, day.at + 86_399_999);
          return (
            <TableRow key={day.at}>
              <Cell label="Day (UTC)"><Time at={day.at} format="day" /></Cell>
              <Cell numeric label="Oldest">{day.worstMs === null ? unknown : duration(day.worstMs)}</Cell>
              <Cell numeric label="Target">{span(target)}</Cell>
              <Cell label="Target held" className="sm:pl-7!"><Held held={day.state === "unknown" ? null : day.state === "held"}>{dayWords[day.state]}</Held></Cell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}

const kindWords = { drill: "Drill", disaster: "Disaster drill", restore: "Restore" } as const satisfies Record<Measured["kind"], string>;

/** Drills and restores, newest first, with their phases. */
export function MeasuredTable({ measured, now }: { measured: readonly Measured[]; now: number }) {
  return (
    <>
      <Table caption="Drills and restores with their times" rows="dense">
        <TableHead>
          <Column>Started (UTC)</Column>
          <Column>What</Column>
          {phases.map((phase) => (
            <Column key={phase} numeric>{phaseWords[phase].charAt(0).toUpperCase() + phaseWords[phase].slice(1)}</Column>
          ))}
          <Column numeric>Whole</Column>
          <Column numeric>Target</Column>
          <Column className="pl-7!">Target held</Column>
        </TableHead>
        <TableBody>
          {measured.slice(-mostRows).toReversed().map((one) => (
            <TableRow key={one.id}>
              <Cell phone="full"><RowLink href={`/runs/${one.runId}`}><Time at={one.from} now={now} /></RowLink></Cell>
              <Cell label="What">{kindWords[one.kind]}</Cell>
              {phases.map((phase) => (
                <Cell key={phase} numeric label={phaseWords[phase]}>{one.phases[phase] > 0 ? duration(one.phases[phase]) : unknown}</Cell>
              ))}
              <Cell numeric label="Whole" className="font-medium">{duration(one.totalMs)}</Cell>
              <Cell numeric label="Target">{span(one.targetSeconds)}</Cell>
              <Cell label="Target held" className="sm:pl-7!"><Held held={one.met}>{one.met === null ? unknown : one.met ? "Held" : "Broken"}</Held></Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <More total={measured.length} />
    </>
  );
}

/** Backups with what the trend shows of them, newest first. */
export function TrendTable({ points, now }: { points: readonly TrendPoint[]; now: number }) {
  return (
    <>
      <Table caption="Backups with their size and duration" rows="dense">
        <TableHead>
          <Column>Taken (UTC)</Column>
          <Column numeric>Size</Column>
          <Column numeric>Stored in</Column>
        </TableHead>
        <TableBody>
          {points.slice(-mostRows).toReversed().map(({ backupId, at, sizeBytes, storedMs }) => (
            <TableRow key={backupId}>
              <Cell phone="full"><RowLink href={`/backups/${backupId}`}><Time at={at} now={now} /></RowLink></Cell>
              <Cell numeric label="Size">{bytes(sizeBytes)}</Cell>
              <Cell numeric label="Stored in">{duration(storedMs)}</Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <More total={points.length} />
    </>
  );
}

function More({ total }: { total: number }) {
  return total > mostRows ? <p className="mt-2 text-caption text-ink-3">The newest {count(mostRows)} of {count(total)}. All of them are in the CSV file.</p> : null;
}

/** Whether a target held, as shape and word. */
export function Held({ held, children }: { held: boolean | null; children: string }) {
  if (held === null) return <span className="text-ink-3">{children}</span>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      {held ? <Tick size={14} className="text-protected" /> : <Octagon size={14} className="text-exposed" />}
      <span className={held ? undefined : "font-medium text-exposed"}>{children}</span>
    </span>
  );
}
