import type { ComponentType, ReactNode } from "react";
import { Cell, CellSub, Column, HiddenColumn, RowActions, RowLink, Table, TableBody, TableHead, TableRow } from "@/components/data-table/table";
import { SeverityBadge } from "@/components/notifications/severity";
import { Age } from "@/components/time/age";
import { Time } from "@/components/time/time";
import { Badge, type Tone } from "@/components/ui/badge";
import { Arc, Octagon, Ring, Slash, Tick, Triangle, type ShapeProps } from "@/components/ui/shapes";
import type { DeliveryRow } from "@/lib/alerts/list";
import type { DeliveryState } from "@/lib/alerts/schemas";
import { plural } from "@/lib/format/counts";

const looks = {
  waiting: { word: "Waiting", shape: Ring, tone: "plain", icon: "text-ink-3" },
  sending: { word: "Sending", shape: Arc, tone: "working", icon: "text-running" },
  sent: { word: "Sent", shape: Tick, tone: "plain", icon: "text-protected" },
  given_up: { word: "Given up", shape: Octagon, tone: "danger", icon: "text-exposed" },
  dropped: { word: "Dropped", shape: Slash, tone: "plain", icon: "text-ink-3" },
} as const satisfies Record<DeliveryState, { word: string; shape: ComponentType<ShapeProps>; tone: Tone; icon: string }>;

/** Messages, newest first, each with what became of it. `retry` is drawn where another attempt makes sense. */
export function DeliveryLog({ rows, now, retry }: { rows: readonly DeliveryRow[]; now: string; retry: (row: DeliveryRow) => ReactNode }) {
  return (
    <Table caption="Messages, newest first" rows="two">
      <TableHead>
        <Column>Message</Column>
        <Column>Channel</Column>
        <Column>State</Column>
        <HiddenColumn>Actions</HiddenColumn>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <Cell phone="full" className="py-2 [overflow-wrap:anywhere]">
              <RowLink href={row.path}>{row.subject}</RowLink>
              <CellSub><Time at={row.at} now={now} /> <SeverityBadge severity={row.severity} /></CellSub>
            </Cell>
            <Cell label="Channel" className="max-w-44 [overflow-wrap:anywhere]">{row.channel}</Cell>
            <Cell label="State" className="max-w-80 py-2 [overflow-wrap:anywhere]"><State row={row} now={now} /></Cell>
            <Cell phone="end">{row.mayRetry ? <RowActions>{retry(row)}</RowActions> : null}</Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function State({ row: { state, isPartly, attempts, nextAt, triedAt, answer }, now }: { row: DeliveryRow; now: string }) {
  const hasFailed = (state === "waiting" && attempts > 0) || (state === "given_up" && isPartly);
  const { word, shape, tone, icon } = looks[state];
  const Shape = hasFailed ? Triangle : shape;
  return (
    <>
      <Badge tone={hasFailed ? "warning" : tone} icon={<Shape size={14} className={hasFailed ? "" : icon} />}>{isPartly && hasFailed ? "Partly sent" : hasFailed ? "Tried" : word}</Badge>
      <CellSub>
        {hasFailed && nextAt ? <>{plural(attempts, "attempt")}, next <Age at={nextAt} now={now} />. </> : state === "sent" ? <><Age at={triedAt} now={now} />. </> : null}
        {answer}
      </CellSub>
    </>
  );
}
