import { Cell, CellSub, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { TextLink } from "@/components/ui/text-link";
import type { OccurrenceRow } from "@/lib/schedule/list";
import { OccurrenceBadge } from "./occurrence-state";

/** The times at which a schedule wanted something done, newest first, and what became of each. */
export function OccurrencesTable({ rows, noun, now }: { rows: readonly OccurrenceRow[]; noun: string; now: string }) {
  return (
    <Table caption={`Times at which a ${noun} was wanted, newest first`} rows="two">
      <TableHead>
        <Column>Due (UTC)</Column>
        <Column>What became of it</Column>
        <Column>Why</Column>
        <Column>Runs</Column>
      </TableHead>
      <TableBody>
        {rows.map(({ id, dueAt, state, why, retryAt, runIds }) => (
          <TableRow key={id}>
            <Cell label="Due (UTC)" className="whitespace-nowrap">
              <Time at={dueAt} now={now} />
              <CellSub>
                <Age at={dueAt} now={now} />
              </CellSub>
            </Cell>
            <Cell label="What became of it">
              <OccurrenceBadge state={state} />
            </Cell>
            <Cell phone="full" className="max-w-[46ch] text-ink-2 [overflow-wrap:anywhere] max-sm:empty:hidden">
              {why}
              {retryAt ? <CellSub>Tried again at <Time at={retryAt} format="time" /></CellSub> : null}
            </Cell>
            <Cell phone="full" className="max-sm:empty:hidden">
              {runIds.map((runId) => (
                <TextLink key={runId} href={`/runs/${runId}`} className="mr-2">
                  Run {runId}
                </TextLink>
              ))}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
