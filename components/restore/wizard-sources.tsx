import Link from "next/link";
import { ProofState } from "@/components/backups/proof-state";
import { Cell, CellSub, Column, HiddenColumn, RowActions, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Button } from "@/components/ui/button";
import { DashedCircle } from "@/components/ui/shapes";
import { count, plural } from "@/lib/format/counts";
import { unknown } from "@/lib/format/symbols";
import { type Instant, shortTime } from "@/lib/format/times";
import type { RestoreSource } from "@/lib/restore/read-choices";
import { fromHref } from "@/lib/restore/search-params";

export interface WizardSourcesProps {
  sources: readonly RestoreSource[];
  now: Instant;
  /** The next step with a backup; null for someone who may only look. */
  next: ((backupId: string) => string) | null;
}

/** A row per database, each with the backup to go back to and what is known of it. */
export function WizardSources({ sources, now, next }: WizardSourcesProps) {
  return (
    <Table caption="Databases that can be restored" rows="two">
      <TableHead>
        <Column className="w-[24%]">Database</Column>
        <Column>Go back to (UTC)</Column>
        <Column>Proof</Column>
        <Column numeric>Records</Column>
        <Column className="w-[32%] pl-4">Why this one</Column>
        <HiddenColumn>Actions</HiddenColumn>
      </TableHead>
      <TableBody>
        {sources.map((source) => (
          <Source key={source.key} source={source} now={now} next={next} />
        ))}
      </TableBody>
    </Table>
  );
}

function Source({ source, now, next }: { source: RestoreSource; now: Instant; next: WizardSourcesProps["next"] }) {
  const { backup, why } = source.recommendation;
  return (
    <TableRow>
      <Cell phone="full">
        <RowLink href={fromHref({ of: source.key, q: null, page: 1 })} className="font-semibold [overflow-wrap:anywhere]">
          {source.name}
        </RowLink>
        <CellSub className="[overflow-wrap:anywhere]">{source.container ? `in ${source.container}` : "not registered here"} · {plural(source.total, "backup")}</CellSub>
      </Cell>
      <Cell label="Go back to">
        {backup ? (
          <>
            <Time at={backup.takenAt} now={now} className="font-medium" />
            <CellSub>
              <Age at={backup.takenAt} now={now} />
            </CellSub>
          </>
        ) : (
          <span className="text-ink-3">{unknown}</span>
        )}
      </Cell>
      <Cell label="Proof">
        {backup ? (
          <ProofState trust={backup.trust} now={now} />
        ) : (
          <span className="inline-flex items-center gap-2 font-medium text-unknown">
            <DashedCircle />
            None
          </span>
        )}
      </Cell>
      <Cell numeric label="Records">{backup ? count(backup.rows) : unknown}</Cell>
      <Cell phone="full" className="py-2.5! pl-4! text-ink-2 max-sm:p-0!">{why}</Cell>
      <Cell phone="full" className="max-sm:empty:hidden">
        {backup && next ? (
          <RowActions>
            <Button size="sm" asChild className="max-sm:w-full">
              {backup.foreign ? (
                <Link href={`/backups/${backup.id}`} aria-label={`Open the file of ${source.name}`}>
                  Open file
                </Link>
              ) : (
                <Link href={next(backup.id)} aria-label={`Restore ${source.name} from ${shortTime(backup.takenAt, now)}`}>
                  Restore
                </Link>
              )}
            </Button>
          </RowActions>
        ) : null}
      </Cell>
    </TableRow>
  );
}
