import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import type { Instant } from "@/lib/format/times";
import { unknown } from "@/lib/format/symbols";
import type { TableRestoreRow } from "@/lib/tables/read";
import { tablesHref } from "@/lib/tables/search-params";
import { stateWords, tablesPhrase } from "@/lib/tables/words";

/** Restores of tables, newest first. */
export function TableRestoreList({ rows, now }: { rows: readonly TableRestoreRow[]; now: Instant }) {
  return (
    <Table caption="Restores of tables" rows="two">
      <TableHead>
        <Column>Tables</Column>
        <Column>State</Column>
        <Column>From the backup of (UTC)</Column>
        <Column>Kept until (UTC)</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <Cell phone="full">
              <RowLink href={tablesHref(row.id)} className="[overflow-wrap:anywhere]">
                {tablesPhrase(row.tables)}
              </RowLink>
              <CellSub className="[overflow-wrap:anywhere]">
                {row.database} · started <Age at={row.startedAt} now={now} />
              </CellSub>
            </Cell>
            <Cell label="State">{stateWords(row)}</Cell>
            <Cell label="From the backup of">
              <Time at={row.takenAt} now={now} />
            </Cell>
            <Cell label="Kept until">{row.removedAt === null && row.keptUntil ? <Time at={row.keptUntil} format="minute" now={now} /> : unknown}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
