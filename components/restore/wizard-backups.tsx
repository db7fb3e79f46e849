import Link from "next/link";
import { ProofState } from "@/components/backups/proof-state";
import { Cell, CellSub, Column, HiddenColumn, RowActions, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { kindWords } from "@/lib/backup/initiators";
import type { BackupRow } from "@/lib/backup/list";
import { bytes, ratio } from "@/lib/format/bytes";
import { count } from "@/lib/format/counts";
import { type Instant, shortTime } from "@/lib/format/times";

export interface WizardBackupsProps {
  rows: readonly BackupRow[];
  /** The one to take when nothing speaks for another. */
  recommendedId: string | null;
  now: Instant;
  /** The next step with a backup; null for someone who may only look. */
  next: ((backupId: string) => string) | null;
}

/** The backups of one database, newest first, to choose from. */
export function WizardBackups({ rows, recommendedId, now, next }: WizardBackupsProps) {
  return (
    <Table caption="Backups to restore from" rows="two">
      <TableHead>
        <Column>Taken at (UTC)</Column>
        <Column>Kind</Column>
        <Column numeric>Records</Column>
        <Column numeric>Stored</Column>
        <Column className="pl-4">Proof</Column>
        <HiddenColumn>Actions</HiddenColumn>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Backup key={row.id} row={row} isRecommended={row.id === recommendedId} now={now} next={next} />
        ))}
      </TableBody>
    </Table>
  );
}

function Backup({ row, isRecommended, now, next }: { row: BackupRow; isRecommended: boolean; now: Instant; next: WizardBackupsProps["next"] }) {
  // The plan looks again; only a file that is gone cannot be chosen.
  const isThere = row.trust.state !== "missing";
  return (
    <TableRow>
      <Cell phone="full">
        <span className="flex flex-wrap items-center gap-x-2">
          <RowLink href={`/backups/${row.id}`}>
            <Time at={row.takenAt} now={now} />
          </RowLink>
          {isRecommended ? <Tag>recommended</Tag> : null}
          {row.partial ? <Tag title="Some tables were left out on request">partial</Tag> : null}
        </span>
        <CellSub className="[overflow-wrap:anywhere]">
          <Age at={row.takenAt} now={now} />
          {row.label ? ` · ${row.label}` : null}
        </CellSub>
      </Cell>
      <Cell label="Kind">
        {row.foreign ? "File" : kindWords[row.kind]}
        <CellSub>{row.foreign ? "made elsewhere" : row.by}</CellSub>
      </Cell>
      <Cell numeric label="Records">{count(row.rows)}</Cell>
      <Cell numeric label="Stored">
        {bytes(row.sizeBytes)}
        {row.databaseBytes === null ? null : <CellSub>{ratio(row.sizeBytes, row.databaseBytes)}</CellSub>}
      </Cell>
      <Cell label="Proof" className="pl-4! max-sm:pl-0!">
        <ProofState trust={row.trust} now={now} />
      </Cell>
      <Cell phone="full" className="max-sm:empty:hidden">
        {next && isThere ? (
          <RowActions>
            <Button size="sm" asChild className="max-sm:w-full">
              {row.foreign ? (
                <Link href={`/backups/${row.id}`} aria-label={`Open the file from ${shortTime(row.takenAt, now)}`}>
                  Open file
                </Link>
              ) : (
                <Link href={next(row.id)} aria-label={`Choose the backup from ${shortTime(row.takenAt, now)}`}>
                  Choose
                </Link>
              )}
            </Button>
          </RowActions>
        ) : null}
      </Cell>
    </TableRow>
  );
}
