"use client";

import { CalendarClock, ChevronDown, ChevronRight, Cpu, KeyRound, SquareTerminal, User } from "lucide-react";
import { useState } from "react";
import { EntryDetails } from "@/components/audit/entry-details";
import { Cell, DetailRow, TableRow } from "@/components/data-table/table";
import { AuditOutcomeLabel } from "@/components/status/audit-outcome";
import { cn } from "@/components/ui/cn";
import type { AuditRow } from "@/lib/audit/list";
import { bytes } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { fullTime, machineTime, shortTime } from "@/lib/format/times";

const icons: Readonly<Record<string, typeof User>> = { user: User, token: KeyRound, schedule: CalendarClock, cli: SquareTerminal };

/** One entry: its line, and under it what it holds. */
export function AuditTableRow({ row, now }: { row: AuditRow; now: string }) {
  const [open, setOpen] = useState(false);
  const Icon = icons[row.actorKind] ?? Cpu;
  const Chevron = open ? ChevronDown : ChevronRight;
  const detailId = `entry-${row.id}`;
  const toggle = () => setOpen(!open);
  return (
    <>
      {/* The button does the same; the row is only a larger place to press. */}
      <TableRow
        className="max-sm:grid-cols-[1fr_auto]! max-sm:gap-y-1! max-sm:py-3!"
        onClick={(event) => {
          if (!(event.target as HTMLElement).closest("a, button") && !window.getSelection()?.toString()) toggle();
        }}
      >
        <Cell className="font-medium whitespace-nowrap max-sm:order-1">
          <time dateTime={machineTime(row.at)} title={fullTime(row.at)}>
            {shortTime(row.at, now)}
          </time>
          {row.happenedAt === undefined ? null : <Happened at={row.happenedAt} now={now} />}
        </Cell>
        <Cell className="max-sm:order-3">
          <span className="flex items-center gap-[7px]">
            <Icon size={14} strokeWidth={1.75} aria-hidden className="text-ink-3" />
            <span className="min-w-0 [overflow-wrap:anywhere]">{row.actorName || unknown}</span>
          </span>
        </Cell>
        <Cell className="py-2 [overflow-wrap:anywhere] max-sm:order-2 max-sm:col-span-2 max-sm:py-0">
          <Sentence row={row} />
        </Cell>
        <Cell numeric phone="off">{bytes(row.sizeBytes)}</Cell>
        <Cell numeric phone="off">{count(row.records)}</Cell>
        <Cell phone="end" className="pl-6! max-sm:order-4 max-sm:pl-0!">
          <AuditOutcomeLabel outcome={row.outcome} />
        </Cell>
        <Cell phone="off" className="font-mono text-[12px] [overflow-wrap:anywhere] text-ink-2">
          {row.origin}
        </Cell>
        <Cell phone="end" className="max-sm:order-1">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={open ? detailId : undefined}
            aria-label={`Entry ${count(row.id)}: ${row.sentence}`}
            onClick={toggle}
            className={cn("-mr-1 inline-grid size-7 place-items-center rounded-[6px] text-ink-3 hover:bg-hover hover:text-ink touch:-my-3 touch:size-11")}
          >
            <Chevron size={14} strokeWidth={1.75} aria-hidden />
          </button>
        </Cell>
      </TableRow>
      {open ? (
        <DetailRow columns={8} id={detailId}>
          <EntryDetails row={row} />
        </DetailRow>
      ) : null}
    </>
  );
}

/** Under the time of the import the time of what was imported. */
function Happened({ at, now }: { at: string | null; now: string }) {
  return <span className="block text-caption font-normal text-ink-3">imported; was {at === null ? "at an unknown time" : <time dateTime={machineTime(at)} title={fullTime(at)}>{shortTime(at, now)}</time>}</span>;
}

/** The sentence, with the name of its database standing out. */
function Sentence({ row: { sentence, databaseName } }: { row: AuditRow }) {
  const at = databaseName ? sentence.indexOf(databaseName) : -1;
  if (!databaseName || at < 0) return sentence;
  return (
    <>
      {sentence.slice(0, at)}
      <b>{databaseName}</b>
      {sentence.slice(at + databaseName.length)}
    </>
  );
}
