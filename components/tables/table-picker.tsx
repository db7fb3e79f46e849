"use client";

import { Cell, CellSub, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { EmptyState } from "@/components/ui/empty-state";
import { ObjectName } from "@/components/ui/object-name";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { Section } from "@/components/ui/section";
import type { TablesPage } from "@/lib/backup/tables";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { dependenciesOf } from "@/lib/tables/dependencies";
import { type PlanTablesResult, tableName, type TableRef } from "@/lib/tables/schemas";
import { type ChooseParams, chooseHref } from "@/lib/tables/search-params";
import Link from "next/link";

export interface TablePickerProps {
  list: TablesPage;
  params: Pick<ChooseParams, "backup" | "q" | "page">;
  /** What the live database said; null while it has not. */
  live: PlanTablesResult | null;
  chosen: ReadonlyMap<string, TableRef>;
  onChange: (tables: readonly TableRef[], isChosen: boolean) => void;
  disabled: boolean;
}

/** The tables of a backup, largest first, each to be chosen. */
export function TablePicker({ list, params, live, chosen, onChange, disabled }: TablePickerProps) {
  const present = new Set(live?.tables.map(tableName));
  const open = list.rows.filter((table) => table.excluded === "no");
  const allChosen = open.length > 0 && open.every((table) => chosen.has(tableName(table)));
  return (
    <Section first id="tables" title="Tables in the backup" note={`${count(list.total)}, exact rows`} end={<SearchInput action="/restore/tables" value={params.q} placeholder="Search tables" keep={{ backup: params.backup ?? "" }} />}>
      {list.rows.length === 0 ? (
        <EmptyState
          kind="filtered"
          title="No table matches"
          action={
            <Button size="sm" asChild>
              <Link href={chooseHref(params, { q: null })}>Clear search</Link>
            </Button>
          }
        >
          {`No table has \u201c${params.q ?? ""}\u201d in its name.`}
        </EmptyState>
      ) : (
        <Table caption="Tables in the backup" rows="two">
          <TableHead>
            <Column>Table</Column>
            <Column numeric>Rows in backup</Column>
            <Column numeric>Size before dump</Column>
            <Column className="w-[38%] pl-5">Tied by foreign keys</Column>
          </TableHead>
          <TableBody>
            {list.rows.map((table) => (
              <Row key={tableName(table)} table={table} live={live} isPresent={present.has(tableName(table))} isChosen={chosen.has(tableName(table))} disabled={disabled} onChange={(isChosen) => onChange([{ schema: table.schema, name: table.name }], isChosen)} />
            ))}
          </TableBody>
        </Table>
      )}
      {open.length > 1 && !disabled ? (
        <p className="pt-3 text-table">
          <button type="button" className="rounded-[3px] font-medium text-accent hover:underline touch:min-h-11" onClick={() => onChange(open, !allChosen)}>
            {allChosen ? "Choose none of these" : list.pages > 1 || params.q ? `Choose the ${count(open.length)} shown` : "Choose all"}
          </button>
        </p>
      ) : null}
      {list.pages > 1 ? <Pagination page={list.page} pages={list.pages} href={(page) => chooseHref(params, { page })} /> : null}
    </Section>
  );
}

interface RowProps {
  table: TablesPage["rows"][number];
  live: PlanTablesResult | null;
  isPresent: boolean;
  isChosen: boolean;
  disabled: boolean;
  onChange: (isChosen: boolean) => void;
}

function Row({ table, live, isPresent, isChosen, disabled, onChange }: RowProps) {
  const name = tableName(table);
  const leftOut = table.excluded !== "no";
  return (
    <TableRow>
      <Cell phone="full">
        <Checkbox checked={isChosen} disabled={disabled || leftOut} onChange={(event) => onChange(event.target.checked)}>
          <ObjectName name={name} />
          {live && !isPresent && !leftOut ? <CellSub>not in the live database now: it can be put beside it as a copy</CellSub> : null}
          {leftOut ? <CellSub>left out of this backup</CellSub> : null}
        </Checkbox>
      </Cell>
      <Cell numeric label="Rows in backup">
        {leftOut ? unknown : count(table.rows)}
      </Cell>
      <Cell numeric label="Size before dump" className="text-ink-2">
        {bytes(table.sizeBytes)}
      </Cell>
      <Cell phone="full" className="pl-5! text-ink-2 max-sm:pl-0! max-sm:empty:hidden">
        {live ? <Ties table={table} live={live} /> : null}
      </Cell>
    </TableRow>
  );
}

const mostNamed = 3;

function Ties({ table, live }: { table: TableRef; live: PlanTablesResult }) {
  const { refersTo, referredBy } = dependenciesOf(table, live.foreignKeys);
  if (refersTo.length + referredBy.length === 0) return <span className="text-ink-3">none</span>;
  return (
    <span className="block text-caption [overflow-wrap:anywhere]">
      {refersTo.length > 0 ? <span className="block">refers to {named(refersTo)}</span> : null}
      {referredBy.length > 0 ? <span className="block">{named(referredBy)} {referredBy.length === 1 ? "refers" : "refer"} to it</span> : null}
    </span>
  );
}

function named(tables: readonly TableRef[]): string {
  const names = tables.slice(0, mostNamed).map(tableName).join(", ");
  return tables.length > mostNamed ? `${names} and ${plural(tables.length - mostNamed, "more", "more")}` : names;
}
