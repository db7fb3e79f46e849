import { Held } from "@/components/history/history-tables";
import { Cell, CellSub, Column, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { Time } from "@/components/time/time";
import { Section } from "@/components/ui/section";
import { TextLink } from "@/components/ui/text-link";
import { duration, span } from "@/lib/format/durations";
import { unknown } from "@/lib/format/symbols";
import type { Procedure } from "@/lib/history/procedures";

/** The table of the emergency procedures: what was promised for each scenario, and what was last measured. */
export function ProceduresTable({ procedures, now, id }: { procedures: readonly Procedure[]; now: number; id: string }) {
  return (
    <Section title="Procedures" note="what was promised, and what was last measured" id={id}>
      <Table caption="Scenarios of the emergency procedures with target and actual" rows="two">
        <TableHead>
          <Column>Scenario</Column>
          <Column numeric>Target</Column>
          <Column numeric>Actual</Column>
          <Column className="pl-7!">Target held</Column>
          <Column>Measured by</Column>
        </TableHead>
        <TableBody>
          {procedures.map(({ objective, scenario, targetSeconds, actualMs, at, met, source, runId }) => (
            <TableRow key={objective}>
              <Cell phone="full" className="font-medium">{scenario}</Cell>
              <Cell numeric label="Target">{objective === "rpo" ? span(targetSeconds) : `under ${span(targetSeconds)}`}</Cell>
              <Cell numeric label="Actual" className="font-medium">{actualMs === null ? unknown : duration(actualMs)}</Cell>
              <Cell label="Target held" className="sm:pl-7!"><Held held={met}>{met === null ? unknown : met ? "Held" : "Broken"}</Held></Cell>
              <Cell label="Measured by" className="text-ink-2">
                {runId === null ? source : <TextLink href={`/runs/${runId}`}>{source}, run {runId}</TextLink>}
                {at !== null && runId !== null ? <CellSub><Time at={at} format="full" now={now} /></CellSub> : null}
              </Cell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
