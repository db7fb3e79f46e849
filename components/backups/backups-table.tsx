import type { ReactNode } from "react";
import { copiesWords, ProofState } from "@/components/backups/proof-state";
import { Cell, CellSub, Column, HiddenColumn, RowLink, SortColumn, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Tag } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { kindWords } from "@/lib/backup/initiators";
import type { BackupRow } from "@/lib/backup/list";
import { type BackupSort, type BackupsParams, sortHref } from "@/lib/backup/search-params";
import { bytes, ratio } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import type { Instant } from "@/lib/format/times";
import { shortTime } from "@/lib/format/times";

export interface BackupsTableProps {
  rows: readonly BackupRow[];
  params: BackupsParams;
  now: Instant;
  /** What stands at the end of a row; null for someone who may only look. */
  actions: ((row: BackupRow) => ReactNode) | null;
}

/** The list of backups. On a phone each row is a card with what matters first: which database, how far proven. */
export function BackupsTable({ rows, params, now, actions }: BackupsTableProps) {
  const sorted = (sort: BackupSort) => ({ sorted: params.sort === sort ? params.order : null, href: sortHref(params, sort) });
  return (
    <Table caption="Backups" rows="two">
      <TableHead>
        <SortColumn {...sorted("taken")}>Taken at (UTC)</SortColumn>
        <SortColumn {...sorted("database")}>Database</SortColumn>
        <Column>Kind</Column>
        <SortColumn numeric {...sorted("records")}>
          Records
        </SortColumn>
        <SortColumn numeric {...sorted("stored")}>
          Stored
        </SortColumn>
        <Column className="pl-4">Proof</Column>
        <Column>Copies</Column>
        <Column>Kept until</Column>
        {actions ? <HiddenColumn>Actions</HiddenColumn> : null}
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} actions={actions?.(row) ?? null} />
        ))}
      </TableBody>
    </Table>
  );
}

/** On a phone the second line of a cell runs on after a dot. */
const runOn = "max-sm:inline max-sm:text-table max-sm:before:content-['_·_']";

function Row({ row, now, actions }: { row: BackupRow; now: Instant; actions: ReactNode }) {
  const copies = copiesWords(row.copies);
  const described = [row.label, row.note].filter(Boolean).join(" · ");
  return (
    <TableRow className="max-sm:grid-cols-[minmax(0,1fr)_auto]! max-sm:gap-x-4! max-sm:gap-y-1.5! max-sm:py-3.5!">
      <Cell className="max-sm:order-3 max-sm:text-body">
        <RowLink href={`/backups/${row.id}`} className="whitespace-nowrap max-sm:font-normal" aria-label={`${row.databaseName}, ${shortTime(row.takenAt, now)}`}>
          <Time at={row.takenAt} now={now} />
        </RowLink>
        <CellSub className={runOn}>
          <Age at={row.takenAt} now={now} />
        </CellSub>
      </Cell>
      <Cell className="max-sm:order-1 max-sm:text-[16px]">
        <span className="flex max-w-36 min-w-0 items-center gap-1.5 max-sm:max-w-none">
          <span className="min-w-0 truncate font-semibold max-sm:whitespace-normal" title={row.databaseName}>
            {row.databaseName}
          </span>
          {row.partial ? <Tag title="Some tables were left out on request">partial</Tag> : null}
        </span>
        {described ? (
          <CellSub className="max-w-36 truncate max-sm:max-w-none" title={described}>
            {described}
          </CellSub>
        ) : null}
      </Cell>
      <Cell phone="off">
        <span className="whitespace-nowrap">{row.foreign ? kindWords.unknown : kindWords[row.kind]}</span>
        <CellSub className="max-w-[100px] truncate" title={row.by}>
          {row.foreign ? "made elsewhere" : row.kind === "system" ? "" : row.by}
        </CellSub>
      </Cell>
      <Cell numeric phone="off">
        {row.rows === null ? <span title="Not counted">{unknown}</span> : count(row.rows)}
      </Cell>
      <Cell numeric className="max-sm:order-4 max-sm:text-right! max-sm:text-body max-sm:whitespace-nowrap">
        {bytes(row.sizeBytes)}
        <CellSub className={cn(runOn, row.databaseBytes === null && "max-sm:hidden")}>{ratio(row.sizeBytes, row.databaseBytes)}</CellSub>
      </Cell>
      <Cell className="pl-4 max-sm:order-2 max-sm:self-center max-sm:text-body max-sm:[&_.text-caption]:hidden">
        <ProofState trust={row.trust} now={now} />
      </Cell>
      <Cell phone="off">
        <span className={cn("whitespace-nowrap", !copies.known && "font-medium text-unknown")}>{copies.main}</span>
        <CellSub className="max-w-[124px] truncate" title={copies.sub}>
          {copies.sub}
        </CellSub>
      </Cell>
      <Cell className="max-sm:order-5 max-sm:col-span-2 max-sm:text-table max-sm:text-ink-2">
        <span className="whitespace-nowrap">{keptUntil(row)}</span>
        {row.keep && row.legalHold === null ? <CellSub className="whitespace-nowrap max-sm:inline max-sm:text-table max-sm:before:content-[',_']">kept on purpose</CellSub> : null}
      </Cell>
      {actions ? <Cell phone="off">{actions}</Cell> : null}
    </TableRow>
  );
}

/** How long a backup stays, in two words. */
function keptUntil({ foreign, keep, legalHold, hasRules }: BackupRow): string {
  if (legalHold !== null) return "On legal hold";
  if (keep) return "Until removed";
  // Rules leave alone what Holdfast did not make.
  if (foreign && hasRules) return "Until removed by hand";
  return hasRules ? "By its rules" : "Until deleted";
}
