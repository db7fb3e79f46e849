import { DrillOutcomeBadge } from "@/components/drills/drill-outcome";
import { kindWords } from "@/components/drills/words";
import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { TextLink } from "@/components/ui/text-link";
import type { DrillRow } from "@/lib/drill/list";
import { duration } from "@/lib/format/durations";

/** Drills, newest first. */
export function DrillsList({ rows, now, withDatabase }: { rows: readonly DrillRow[]; now: string; withDatabase: boolean }) {
  return (
    <Table caption="Drills, newest first" rows="two">
      <TableHead>
        <Column>Started (UTC)</Column>
        {withDatabase ? <Column>Database</Column> : null}
        <Column>Backup</Column>
        <Column>Outcome</Column>
        <Column numeric>Took</Column>
        <Column className="pl-7!">Started by</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <Cell phone="full">
              <RowLink href={`/drills/${row.id}`}><Time at={row.startedAt} now={now} /></RowLink>
              <CellSub>{kindWords[row.kind]}</CellSub>
            </Cell>
            {withDatabase ? <Cell label="Database">{row.databaseName}</Cell> : null}
            <Cell label="Backup"><TextLink href={`/backups/${row.backupId}`}><Time at={row.backupTakenAt} now={now} /></TextLink></Cell>
            <Cell label="Outcome"><DrillOutcomeBadge outcome={row.outcome} /></Cell>
            <Cell numeric label="Took">{duration(row.totalMs)}</Cell>
            <Cell label="Started by" className="sm:pl-7!">{row.startedBy.name}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
