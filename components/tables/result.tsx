import { Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { Cell, CellSub, Column, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { Banner } from "@/components/ui/banner";
import { Fact, FactList } from "@/components/ui/fact-list";
import { ObjectName } from "@/components/ui/object-name";
import { Columns, Section } from "@/components/ui/section";
import { Stat, StatBar } from "@/components/ui/stat-bar";
import { bytes } from "@/lib/format/bytes";
import { count, plural, signed } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import { type Instant, minuteTime } from "@/lib/format/times";
import type { TableRestoreView } from "@/lib/tables/read";
import { type Applied, type AppliedTable, tableName } from "@/lib/tables/schemas";

export interface AppliedResultProps {
  view: TableRestoreView;
  applied: Applied;
  now: Instant;
  /** Undo, and removing what is kept. */
  actions: ReactNode;
}

/** What was done with the tables, what it took, and how to take it back. */
export function AppliedResult({ view, applied, now, actions }: AppliedResultProps) {
  const { undone } = applied;
  const sum = (what: "deleted" | "changed" | "inserted") => applied.tables.reduce((total, table) => total + (table.do === "copy" ? 0 : table[what]), 0);
  const tookMs = view.stagedMs === null || view.appliedMs === null ? null : view.stagedMs + view.appliedMs;
  const objective = view.database.objectiveSeconds * 1_000;
  const unlessUndone = (note: string) => (undone ? "taken back by the undo" : note);
  return (
    <>
      <Kept view={view} applied={applied} now={now} actions={actions} />
      <StatBar className="mb-7">
        <Stat label="Took" note={tookMs === null ? "not measured: the worker died meanwhile" : `${tookMs <= objective ? "within" : "over"} the objective of ${duration(objective)}`}>
          {tookMs === null ? unknown : duration(tookMs)}
        </Stat>
        <Stat label="Rows back" note={unlessUndone("missing before, there now")}>
          {count(sum("inserted"))}
        </Stat>
        <Stat label="Rows set back" note={unlessUndone("changed since the backup")}>
          {count(sum("changed"))}
        </Stat>
        <Stat label="Rows taken out" note={unlessUndone(view.removedAt ? "no longer kept" : "kept until undo ends")}>
          {count(sum("deleted"))}
        </Stat>
      </StatBar>
      <Columns>
        <Section first id="rows" title="Rows before, rows after" note={undone ? "as the restore left them, before it was undone" : "counted before the commit"}>
          <Rows tables={applied.tables} />
        </Section>
        <div>
          <Section first id="time" title="Where the time went">
            <FactList labelWidth={220}>
              <Fact label="Stage, bring beside, compare">{duration(view.stagedMs)}</Fact>
              <Fact label="Put in place, one transaction">{duration(view.appliedMs)}</Fact>
              <Fact label="Objective for a table">{duration(objective)}</Fact>
            </FactList>
          </Section>
          <Section id="reason" title="Reason given">
            <p className="text-table text-ink-2 [overflow-wrap:anywhere]">{applied.reason}</p>
            <p className="mt-1 text-caption text-ink-3">
              {applied.by}, <Time at={applied.at} format="full" />
            </p>
          </Section>
          {applied.sequences.length > 0 ? (
            <Section id="sequences" title="Sequences moved on" note="so that the next value is free">
              <ul className="grid gap-1 text-table text-ink-2">
                {applied.sequences.map((sequence) => (
                  <li key={sequence.name} className="[overflow-wrap:anywhere]">
                    <code>{sequence.name}</code> to {count(Number(sequence.to))}
                  </li>
                ))}
              </ul>
            </Section>
          ) : null}
        </div>
      </Columns>
    </>
  );
}

function Kept({ view, applied, now, actions }: AppliedResultProps) {
  const { undone } = applied;
  if (undone) {
    return (
      <Banner className="mb-6" tone="done" title={`Undone by ${undone.by}, ${minuteTime(undone.at)} UTC.`} action={actions}>
        The rows from before are back.{undone.overwritten > 0 ? ` ${plural(undone.overwritten, "row")} that others had changed since ${undone.overwritten === 1 ? "was" : "were"} undone too, and what they wrote into ${undone.overwritten === 1 ? "it" : "them"} is lost.` : ""}
        {undone.left > 0 ? ` ${plural(undone.left, "row")} that others added since stayed.` : ""} Reason: {undone.reason}
      </Banner>
    );
  }
  if (view.removedAt) return <Banner className="mb-6" title="This cannot be undone any more.">The rows from before were kept until {minuteTime(view.removedAt)} UTC and are gone.</Banner>;
  if (view.isElsewhere) return <Banner className="mb-6" title="This cannot be undone now.">A restore replaced the database that the rows from before are kept in. They go with it, or are back when that restore is undone.</Banner>;
  const isOver = view.keptUntil !== null && Date.parse(view.keptUntil) < new Date(now).getTime();
  return (
    <Banner
      className="mb-6"
      icon={<Undo2 size={16} strokeWidth={1.75} aria-hidden className="text-accent" />}
      title={view.keptUntil && !isOver ? `You can undo this until ${minuteTime(view.keptUntil)} UTC.` : "You can undo this until its rows are removed, which is due."}
      action={<div className="flex flex-wrap gap-2">{actions}</div>}
    >
      The rows from before are kept inside {view.database.databaseName}
      {applied.keptBytes === null ? "" : `, ${bytes(applied.keptBytes)} with the staged ones`}. Undo is one transaction; rows that others changed since are told first.
      {applied.recovered ? " The worker died between the commit and its record: the database itself says that it was done." : ""}
    </Banner>
  );
}

/** A copy is a table that was not there: all its rows are more. */
function difference({ do: what, before, after }: AppliedTable): number | null {
  return what === "copy" ? after : before === null ? null : after - before;
}

function Rows({ tables }: { tables: readonly AppliedTable[] }) {
  const sum = (what: (table: AppliedTable) => number | null) => tables.reduce<number>((total, table) => total + (what(table) ?? 0), 0);
  return (
    <Table caption="Rows before and after, by table" rows="two">
      <TableHead>
        <Column>Table</Column>
        <Column numeric>Before</Column>
        <Column numeric>After</Column>
        <Column numeric className="w-[120px]">Difference</Column>
      </TableHead>
      <TableBody>
        {tables.map((table) => (
          <TableRow key={tableName(table)} className="max-sm:grid-cols-3!">
            <Cell phone="full">
              <ObjectName name={table.copyName === null ? tableName(table) : `${table.schema}.${table.copyName}`} />
              <CellSub>{table.do === "copy" ? `a copy beside ${tableName(table)}, which was not touched` : `${count(table.inserted)} inserted, ${count(table.changed)} set back, ${count(table.deleted)} taken out`}</CellSub>
            </Cell>
            <Cell numeric label="Before">{table.do === "copy" ? "new" : table.before === null ? unknown : count(table.before)}</Cell>
            <Cell numeric label="After">{count(table.after)}</Cell>
            <Cell numeric label="Difference" className={(difference(table) ?? 0) !== 0 ? "font-medium" : "text-ink-3"}>
              {signed(difference(table))}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
      <TableFoot>
        <Cell>{plural(tables.length, "table")}</Cell>
        <Cell numeric label="Before">{count(sum((table) => table.before))}</Cell>
        <Cell numeric label="After">{count(sum((table) => table.after))}</Cell>
        <Cell numeric label="Difference">{signed(sum(difference))}</Cell>
      </TableFoot>
    </Table>
  );
}
