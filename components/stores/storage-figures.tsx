import { ChartFigure } from "@/components/charts/chart-frame";
import { byteScale } from "@/components/charts/scale";
import { TrendChart } from "@/components/charts/trend-chart";
import { Cell, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { Tag } from "@/components/ui/badge";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import type { Instant } from "@/lib/format/times";
import { windows } from "@/lib/stores/forecast";
import type { LargeBackup, Storage, StoredDatabase } from "@/lib/stores/read-storage";

const dayMs = 86_400_000;
const axis = (value: number) => (value === 0 ? "0" : bytes(value));

/** What all stores together held, a bar for each day. */
export function HeldChart({ held }: { held: Storage["held"] }) {
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last) return null;
  const change = last.heldBytes - first.heldBytes;
  const conclusion = `${bytes(last.heldBytes)} now, ${change === 0 ? "as much as" : `${bytes(Math.abs(change))} ${change > 0 ? "more" : "less"} than`} ${held.length - 1} days ago.`;
  return (
    <ChartFigure small title="Taken by backups, all stores" conclusion={conclusion}>
      <TrendChart label={`Taken by backups. ${conclusion}`} from={first.at - dayMs} to={Math.ceil(last.at / dayMs) * dayMs} points={held.map(({ at, heldBytes }) => ({ at: at - 1, value: heldBytes }))} scale={byteScale} unit={bytes} axis={axis} />
    </ChartFigure>
  );
}

/** What was free, a bar for each day on which it was looked at. Gaps stay gaps. */
export function FreeChart({ name, free, from, to }: { name: string; free: readonly { at: number; freeBytes: number }[]; from: number; to: number }) {
  const last = free.at(-1);
  const conclusion = last ? `${bytes(last.freeBytes)} free at the last look.` : "Not looked at yet.";
  const seen = `Seen on ${plural(new Set(free.map(({ at }) => Math.floor(at / dayMs))).size, "day")} so far; a day is added at its first look.`;
  return (
    <ChartFigure small title={`Free space of ${name}`} conclusion={conclusion}>
      <TrendChart label={`Free space of ${name}. ${conclusion} ${seen}`} from={from} to={Math.ceil(to / dayMs) * dayMs} points={free.map(({ at, freeBytes }) => ({ at: at - 1, value: freeBytes }))} scale={byteScale} unit={bytes} axis={axis} />
      <p className="mt-2 text-caption text-ink-3">{seen}</p>
    </ChartFigure>
  );
}

/** What each database takes and how that grew. */
export function DatabasesTable({ databases }: { databases: readonly StoredDatabase[] }) {
  return (
    <Table caption="What backups take, by database">
      <TableHead>
        <Column>Database</Column>
        <Column numeric>Backups</Column>
        <Column numeric>Stored</Column>
        {windows.map((days) => <Column key={days} numeric>A day, last {days} days</Column>)}
      </TableHead>
      <TableBody>
        {databases.map(({ name, backups, bytes: stored, pace }) => (
          <TableRow key={name}>
            <Cell phone="full" className="font-medium [overflow-wrap:anywhere]">{name}</Cell>
            <Cell numeric label="Backups">{count(backups)}</Cell>
            <Cell numeric label="Stored">{bytes(stored)}</Cell>
            {windows.map((days, index) => <Cell key={days} numeric label={`A day, last ${days} days`}><Pace bytesPerDay={pace[index] ?? null} /></Cell>)}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Pace({ bytesPerDay }: { bytesPerDay: number | null }) {
  if (bytesPerDay === null) return <span title="It has not been backed up that long.">{unknown}</span>;
  const amount = Math.round(Math.abs(bytesPerDay));
  return amount === 0 ? bytes(0) : `${bytesPerDay > 0 ? "+" : "−"}${bytes(amount)}`;
}

/** The backups that take most. */
export function LargestTable({ largest, now }: { largest: readonly LargeBackup[]; now: Instant }) {
  return (
    <Table caption="The largest backups">
      <TableHead>
        <Column>Taken (UTC)</Column>
        <Column>Database</Column>
        <Column numeric>Stored</Column>
      </TableHead>
      <TableBody>
        {largest.map(({ id, name, takenAt, sizeBytes, keep }) => (
          <TableRow key={id}>
            <Cell phone="full"><RowLink href={`/backups/${id}`}><Time at={takenAt} now={now} /></RowLink></Cell>
            <Cell label="Database" className="[overflow-wrap:anywhere]">{name} {keep ? <Tag>Kept</Tag> : null}</Cell>
            <Cell numeric label="Stored">{bytes(sizeBytes)}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
