import { AuditTableRow } from "@/components/audit/audit-row";
import { Column, HiddenColumn, Table, TableBody, TableHead } from "@/components/data-table/table";
import type { AuditRow } from "@/lib/audit/list";

/** Entries, newest first; each opens to what it holds. */
export function AuditTable({ rows, now }: { rows: readonly AuditRow[]; now: string }) {
  return (
    <Table caption="Entries of the audit log, newest first" className="[--row:40px] max-sm:[--row:auto]">
      <TableHead>
        <Column className="w-[142px]" aria-sort="descending">
          Time (UTC)
        </Column>
        <Column className="w-[142px]">Who</Column>
        <Column>What</Column>
        <Column numeric>Size</Column>
        <Column numeric className="w-[104px]">
          Records
        </Column>
        <Column className="w-[118px] pl-6!">Outcome</Column>
        <Column className="w-[96px]">From</Column>
        <HiddenColumn className="w-7">Open</HiddenColumn>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <AuditTableRow key={row.id} row={row} now={now} />
        ))}
      </TableBody>
    </Table>
  );
}
