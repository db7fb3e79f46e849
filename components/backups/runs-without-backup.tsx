import { Cell, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { RunStatusIcon, runStatusWord } from "@/components/status/run-status";
import { Time } from "@/components/time/time";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { count } from "@/lib/format/counts";
import { duration } from "@/lib/format/durations";
import type { RunRow } from "@/lib/runs/list";

/** Backups that were asked for and left nothing. Apart from the list, which holds only backups. */
export function RunsWithoutBackup({ rows, total }: { rows: readonly RunRow[]; total: number }) {
  return (
    <Section id="without" title="Runs that produced no backup" note={total > 0 ? `${count(total)} in the last 48 h` : null} end={<TextLink href="/runs?kind=backup">All runs</TextLink>}>
      {rows.length === 0 ? (
        <p className="text-table text-ink-2">None in the last 48 h.</p>
      ) : (
        <Table caption="Runs that produced no backup">
          <TableHead>
            <Column>Started (UTC)</Column>
            <Column>Database</Column>
            <Column>What happened</Column>
            <Column numeric>After</Column>
            <Column numeric>Run</Column>
          </TableHead>
          <TableBody>
            {rows.map((run) => (
              <TableRow key={run.id} className="max-sm:grid-cols-[minmax(0,1fr)_auto]! max-sm:gap-y-1! max-sm:py-3!">
                <Cell className="font-medium whitespace-nowrap">
                  <Time at={run.startedAt ?? run.queuedAt} />
                </Cell>
                <Cell className="max-w-48 truncate font-medium max-sm:text-right!" title={run.databaseName ?? ""}>
                  {run.databaseName}
                </Cell>
                <Cell className="max-sm:order-3 max-sm:col-span-2 max-sm:text-body max-sm:text-ink-2">
                  <span className="flex items-start gap-2.5 py-2.5 max-sm:py-0">
                    <RunStatusIcon status={run.status} className="mt-0.5" />
                    <span className="min-w-0 [overflow-wrap:anywhere]">
                      <span className="sr-only">{runStatusWord(run.status)}: </span>
                      {run.message}
                    </span>
                  </span>
                </Cell>
                <Cell numeric phone="off">
                  {run.startedAt && run.finishedAt ? duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)) : "not started"}
                </Cell>
                <Cell numeric className="max-sm:order-4 max-sm:col-span-2 max-sm:pl-[26px]!">
                  <TextLink href={`/runs/${run.id}`} aria-label={`Run ${run.id}`}>
                    <span className="sm:hidden">Run </span>
                    {count(run.id)}
                  </TextLink>
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
