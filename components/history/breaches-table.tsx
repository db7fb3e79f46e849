import { Cell, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { count } from "@/lib/format/counts";
import { duration, span } from "@/lib/format/durations";
import type { Breach } from "@/lib/history/breaches";

const objectiveWords = { point: "Point", time: "Time" } as const satisfies Record<Breach["objective"], string>;
const mostRows = 50;

/** When a target did not hold, how far it was missed, and why as far as the record says. */
export function BreachesTable({ breaches, days, id }: { breaches: readonly Breach[]; days: string; id: string }) {
  return (
    <Section title="Breaches" note={`${count(breaches.length)} in ${days}`} id={id}>
      {breaches.length === 0 ? (
        <p className="border-t border-line pt-3 text-table text-ink-2">No target was missed in this time, as far as there is evidence.</p>
      ) : (
        <Table caption="Breaches of targets, newest first">
          <TableHead>
            <Column>From (UTC)</Column>
            <Column>To</Column>
            <Column>Objective</Column>
            <Column numeric>Worst</Column>
            <Column className="pl-7!">Cause</Column>
            <Column numeric>Run</Column>
          </TableHead>
          <TableBody>
            {breaches.slice(0, mostRows).map((breach) => (
              <TableRow key={`${breach.objective}${breach.from}`}>
                <Cell label="From (UTC)" className="font-medium whitespace-nowrap"><Time at={breach.from} format="minute" /></Cell>
                <Cell label="To" className="whitespace-nowrap">{breach.to === null ? "not over" : <Time at={breach.to} format="minute" />}</Cell>
                <Cell label="Objective" className="whitespace-nowrap">{objectiveWords[breach.objective]}, {span(breach.targetSeconds)}</Cell>
                <Cell numeric label="Worst" className="font-medium">{breach.worstMs === null ? "all of it" : duration(breach.worstMs)}</Cell>
                <Cell label="Cause" phone="full" className="py-2 [overflow-wrap:anywhere] sm:pl-7!">{breach.cause}</Cell>
                <Cell numeric label="Run">{breach.runId === null ? "none" : <TextLink href={`/runs/${breach.runId}`} className="inline-block min-w-6">{count(breach.runId)}</TextLink>}</Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      <p className="mt-2 text-caption text-ink-3">A backup that was taken in time, and could be restored up to a 24th of the target later, is not counted: that is how long its proof took.</p>
      {breaches.length > mostRows ? <p className="mt-2 text-caption text-ink-3">The newest {mostRows} of {count(breaches.length)}. All of them are in the CSV file.</p> : null}
    </Section>
  );
}
