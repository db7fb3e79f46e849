import { Cell, CellSub, Column, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { RunStatusBadge } from "@/components/status/run-status";
import { Age, Elapsed } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { TextLink } from "@/components/ui/text-link";
import { byWhom } from "@/lib/backup/initiators";
import { count } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import type { Instant } from "@/lib/format/times";
import type { RunRow } from "@/lib/runs/list";
import { isActive } from "@/lib/runs/schemas";

/** Every execution of anything, newest first. */
export function RunsTable({ rows, now }: { rows: readonly RunRow[]; now: Instant }) {
  return (
    <Table caption="Runs" rows="two">
      <TableHead>
        <Column>Run</Column>
        <Column>Started (UTC)</Column>
        <Column>What</Column>
        <Column>State</Column>
        <Column numeric>After</Column>
        <Column>Produced</Column>
      </TableHead>
      <TableBody>
        {rows.map((run) => (
          <TableRow key={run.id} className="max-sm:grid-cols-[minmax(0,1fr)_auto]! max-sm:gap-y-1.5! max-sm:py-3.5!">
            <Cell className="max-sm:order-3">
              <RowLink href={`/runs/${run.id}`} aria-label={`Run ${run.id}, ${run.title}`}>
                <span className="sm:hidden">Run </span>
                {count(run.id)}
              </RowLink>
            </Cell>
            <Cell className="whitespace-nowrap max-sm:order-4 max-sm:text-right!">
              <Time at={run.startedAt ?? run.queuedAt} />
              <CellSub>
                <Age at={run.startedAt ?? run.queuedAt} now={now} />
              </CellSub>
            </Cell>
            <Cell className="max-sm:order-1">
              <span className="font-semibold [overflow-wrap:anywhere]">{run.title}</span>
              <CellSub className="line-clamp-2 max-w-[52ch]" title={run.message ?? undefined}>
                {run.message ?? byWhom(run.initiatorKind, run.initiatorName)}
              </CellSub>
            </Cell>
            <Cell className="max-sm:order-2">
              <RunStatusBadge status={run.status} />
            </Cell>
            <Cell numeric phone="off">
              {isActive(run.status) ? run.startedAt ? <Elapsed since={run.startedAt} now={now} /> : "waits" : run.startedAt && run.finishedAt ? duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)) : "not started"}
            </Cell>
            <Cell className="whitespace-nowrap max-sm:order-5 max-sm:empty:hidden">
              {run.backupId ? <TextLink href={`/backups/${run.backupId}`} aria-label={`The backup of run ${run.id}`}>{run.kind === "backup" ? "Backup" : "Its backup"}</TextLink> : null}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
