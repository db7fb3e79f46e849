import type { ReactNode } from "react";
import { Cell, CellSub, Column, HiddenColumn, RowActions, RowLink, Table, TableBody, TableFoot, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { TextLink } from "@/components/ui/text-link";
import { bytes } from "@/lib/format/bytes";
import { count, plural } from "@/lib/format/counts";
import { type Instant, minuteTime } from "@/lib/format/times";
import type { KeptDatabase } from "@/lib/restore/read-kept";

export interface KeptListProps {
  kept: readonly KeptDatabase[];
  now: Instant;
  /** The button that removes one, for those who may. */
  remove?: (kept: KeptDatabase) => ReactNode;
}

/** Databases that restores keep so that they can be undone, or decided on, with the room they take and until when. */
export function KeptList({ kept, now, remove }: KeptListProps) {
  const known = kept.every(({ sizeBytes }) => sizeBytes !== null);
  return (
    <Table caption="Databases kept for undo" rows="two">
      <TableHead>
        <Column>Kept database</Column>
        <Column>What it is</Column>
        <Column numeric>Size</Column>
        <Column>Kept until (UTC)</Column>
        {remove ? <HiddenColumn>Actions</HiddenColumn> : null}
      </TableHead>
      <TableBody>
        {kept.map((one) => (
          <TableRow key={one.restoreId}>
            <Cell phone="full" className="max-w-72 py-2 [overflow-wrap:anywhere]">
              <RowLink href={`/runs/${one.runId}`}>
                <code>{one.name}</code>
              </RowLink>
              <CellSub>in {one.container}</CellSub>
            </Cell>
            <Cell label="What it is" phone="full" className="py-2">
              {whatItIs(one)}
              <CellSub>of the backup from {minuteTime(one.backupTakenAt)}</CellSub>
            </Cell>
            <Cell numeric label="Size">{bytes(one.sizeBytes)}</Cell>
            <Cell label="Kept until (UTC)" className="whitespace-nowrap">
              <Time at={one.until} format="minute" />
              <CellSub>{one.until ? <Age at={one.until} now={now} /> : one.what === "staged" ? <>until you decide, staged <Age at={one.since} now={now} /></> : "until it is removed by hand"}</CellSub>
            </Cell>
            {remove ? (
              <Cell phone="full" className="text-right">
                <RowActions>{one.activeRunId === null ? remove(one) : <TextLink href={`/runs/${one.activeRunId}`}>Run {count(one.activeRunId)} works on it</TextLink>}</RowActions>
              </Cell>
            ) : null}
          </TableRow>
        ))}
      </TableBody>
      {kept.length > 1 ? (
        <TableFoot>
          <Cell>{plural(kept.length, "database")}</Cell>
          <Cell className="max-sm:hidden" />
          <Cell numeric>{known ? bytes(kept.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)) : "not all known"}</Cell>
          <Cell className="max-sm:hidden" />
          {remove ? <Cell className="max-sm:hidden" /> : null}
        </TableFoot>
      ) : null}
    </Table>
  );
}

function whatItIs({ what, database }: KeptDatabase): string {
  switch (what) {
    case "before":
      return `${database} before the restore`;
    case "restored":
      return `What was restored, before the undo of ${database}`;
    case "staged":
      return `What was restored for ${database} and is not in place`;
  }
}
